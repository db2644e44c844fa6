"""Whoever is blocked does not reach her but with what is about safety, and nothing tells them: no
page, answer, entry or list differs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from homeby.archive import gathering
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import Refused, new_tap
from homeby.missions.actions import assignment, plan
from homeby.missions.models import Mission
from homeby.missions.rules import PlanTimes
from homeby.people.actions import blocks, teams
from homeby.people.models import Block
from homeby.people.queries.blocks import may_write_to, visible_blocks
from homeby.people.rules import STATION
from homeby.readiness.actions import holdings, team_changes
from homeby.readiness.actions.team_changes import ChangeFields
from homeby.readiness.queries import duties as queries
from homeby.readiness.rules.duty_planning import NotPicked
from homeby.readiness.rules.special_units import Reason
from tests.promises.learning import hold, read
from tests.promises.planning_duties import ask, in_team, move, offer, pick, planned, say, take
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def block(world: World, who: str, whom: str) -> None:
    rows = {"person_id": world.people[whom]}
    viewer = world.as_(who)
    if not viewer.keeps_watch:  # a member sees her teams: they are of one
        for one in (who, whom):
            teams.join_team(
                person_id=world.people[one], team_id=world.team_id,
                by=STATION, now=world.now, tap=new_tap(),
            )  # fmt: skip
    blocks.block(**rows, by=viewer, now=world.now, tap=new_tap())


def invited(world: World, who: str, *, by: str) -> Mission:
    """`by` plans somebody in, who then hears of it, or does not."""
    tap = new_tap()
    fields = plan.PlanFields(
        party=(world.people[who], world.people["mate"]), leader_id=world.people[who],
        what="Patrol", place="North woods", zone="UTC",
        times=PlanTimes(due_at=world.now.replace(hour=20)),
        assigned_by_id=world.people[by],
    )  # fmt: skip
    plan.plan(fields=fields, by=world.as_(by), now=world.now, tap=tap)
    world.look()
    return Mission.objects.get(pk=tap.entry_id)


def heard(world: World, who: str) -> list[str]:
    return [one.outgoing.subject for one in world.phone(who)]


def test_an_invitation_of_whoever_is_blocked_does_not_arrive(world: World) -> None:
    block(world, "agent", "deputy")
    invited(world, "agent", by="deputy")
    assert heard(world, "agent") == []
    assert heard(world, "mate") != [], "positive control: the other is invited"
    invited(world, "agent", by="head")
    assert heard(world, "agent") != [], "only the named one is blocked"


def test_an_answer_of_whoever_is_blocked_does_not_arrive(world: World) -> None:
    block(world, "head", "mate")
    mission = invited(world, "agent", by="head")
    for who in ("mate", "agent"):
        assignment.answer(
            mission_id=mission.pk, accept=False, note="No, and …",
            by=world.as_(who), now=world.now, tap=new_tap(),
        )  # fmt: skip
    world.look()
    said = " ".join(heard(world, "head"))
    assert "Fox refuses" in said
    assert "Owl" not in said


def test_what_is_about_safety_arrives(world: World) -> None:
    """Alarms, and a moved hour of a mission she is on."""
    block(world, "agent", "deputy")
    block(world, "head", "guard")
    mission = world.plan("agent", "mate")
    fields = plan.PlanFields(
        party=(world.people["agent"], world.people["mate"]), leader_id=world.people["agent"],
        what="Patrol", place="North woods", zone="UTC",
        times=PlanTimes(due_at=world.now.replace(hour=21)),
    )  # fmt: skip
    plan.change_plan(
        mission_id=mission.pk, fields=fields, by=world.as_("deputy"), now=world.now, tap=new_tap()
    )
    world.look()
    assert any("changed" in one for one in heard(world, "agent"))
    world.sign_out(mission, "agent", "mate")
    world.received.clear()
    world.fast_forward(minutes=60 * 15)
    assert any("UNCERTAINTY" in one for one in heard(world, "head"))
    assert heard(world, "agent") != []


def test_nor_does_an_offer_nor_a_question_of_hers(world: World) -> None:
    """Of duties, too; but that the hour of one she goes to is another, she hears from anybody."""
    in_team(world, "agent", "mate", "head")
    for one in ("mate", "head"):
        blocks.block(
            person_id=world.people[one], by=world.as_("agent"), now=world.now, tap=new_tap()
        )
    early, other = planned(world, seats="2"), planned(world, hours=32.5, seats="1", by="deputy")
    ask(world, early, "agent", "mate")
    ask(world, other, "agent", by="deputy")
    world.look()
    assert heard(world, "agent") == [f"Can you come? {other.what}"]
    assert heard(world, "mate") == [f"Can you come? {early.what}"], "the positive control"
    for who in ("agent", "mate"):
        say(world, early, who)
    pick(world, early, "mate", reason=NotPicked.TURN_OF_OTHERS)
    world.received.clear()
    offer(world, early, "mate", "agent")
    world.look()
    assert heard(world, "agent") == [], "she finds it under My duties when she looks"
    pick(world, early, "agent")
    move(world, early, hours=28)
    world.look()
    assert heard(world, "agent") == [f"New time: {early.what}"]


def test_no_answer_page_or_entry_differs_for_whoever_is_blocked(world: World, pages: Pages) -> None:
    def seen(who: str) -> list[str]:
        browser = pages.as_(who)
        found = []
        for address in ("/me/", "/me/blocks/", "/missions/", "/office/people/"):
            text = text_of(browser.get(address))
            found.append(re.sub(r"\d+ (s|min) ago|[0-9a-f]{8}-[0-9a-f-]{27}", "", text))
        kinds = sorted(one.kind for one in visible_entries(world.as_(who)))
        gathered = gathering.rows(world.as_(who), now=world.now)
        for name in ("looks", "log_ins"):  # each of the others has come in and looked in between
            del gathered[name]
        entries = [one["kind"] for one in gathering.entries(world.as_(who))]
        return [*found, *kinds, re.sub(r"[0-9a-f-]{36}", "", str(gathered)), *entries]

    watched = ("deputy", "admin", "head")
    for who in (*watched, "agent"):
        pages.account(who)
    for one in ("agent", "deputy"):
        teams.join_team(
            person_id=world.people[one], team_id=world.team_id,
            by=STATION, now=world.now, tap=new_tap(),
        )  # fmt: skip
    before = {who: seen(who) for who in watched}
    blocks.block(
        person_id=world.people["deputy"], by=world.as_("agent"), now=world.now, tap=new_tap()
    )
    assert {who: seen(who) for who in watched} == before
    assert visible_blocks(world.as_("deputy")).count() == 0
    assert visible_blocks(world.as_("admin")).count() == 0
    assert visible_blocks(world.as_("agent")).count() == 1
    assert "BLOCK_SET" in {one.kind for one in visible_entries(world.as_("agent"))}


def test_she_sets_it_and_takes_it_back_on_her_own_page(world: World, pages: Pages) -> None:
    browser = pages.as_("head")
    form = sent(person=str(world.people["mate"]))
    page = followed(browser, browser.post("/me/blocks/", form))
    assert "Blocked. Nobody is told." in page
    assert may_write_to([world.people["head"]], by=world.people["mate"]) == []
    row = Block.objects.get()
    other: Any = pages.as_("mate").post("/me/blocks/", sent(unblock=str(row.pk)), follow=True)
    assert "here no more" in text_of(other)
    assert Block.objects.count() == 1
    browser.post("/me/blocks/", sent(unblock=str(row.pk)))
    assert may_write_to([world.people["head"]], by=world.people["mate"]) == [world.people["head"]]
    assert browser.post("/me/blocks/", sent(person="x")).status_code == 422
    with pytest.raises(Refused, match="yourself"):
        blocks.block(
            person_id=world.people["head"], by=world.as_("head"), now=world.now, tap=new_tap()
        )


def test_an_offer_of_whoever_is_blocked_does_not_arrive_and_a_hand_over_does(world: World) -> None:
    in_team(world, "agent", "mate", "outsider")
    blocks.block(person_id=world.people["agent"], by=world.as_("mate"), now=world.now,
                 tap=new_tap())  # fmt: skip
    duty = planned(world, seats="1")
    ask(world, duty, "agent")
    say(world, duty, "agent")
    pick(world, duty, "agent")
    for to in ("mate", "outsider"):
        take(world, offer(world, duty, "agent", to), to, takes=False)
    world.look()
    asks = "Would you take it? Night shift"
    assert asks not in heard(world, "mate")
    assert asks in heard(world, "outsider"), "positive control"
    assert len(queries.swaps_of_mine(world.as_("mate"))) == 0
    world.now = duty.ends_at - (duty.ends_at - duty.starts_at) / 16
    offer(world, duty, "agent", "mate", is_hand_over=True)
    world.look()
    assert "Hand-over: Night shift" in heard(world, "mate"), "somebody must take over"


def test_what_is_taken_from_her_or_asked_of_her_by_office_arrives(world: World) -> None:
    in_team(world, "agent", "head")
    read(world)
    held = hold(world, "agent", "AID", days=100)
    blocks.block(
        person_id=world.people["head"], by=world.as_("agent"), now=world.now, tap=new_tap()
    )
    head, tap = world.as_("head"), new_tap()
    holdings.withdraw(holding_id=held, why="It was another's.", by=head, now=world.now, tap=tap)
    item = new_tap()
    teams.add_team(name="Team 8", by=STATION, now=world.now, tap=item)
    fields = ChangeFields(
        person_id=world.people["agent"], from_team_id=world.team_id, to_team_id=item.entry_id,
        reason=Reason.NEEDED,
    )  # fmt: skip
    team_changes.ask(fields=fields, by=head, now=world.now, tap=new_tap())
    world.look()
    said = heard(world, "agent")
    assert any(one.startswith("Withdrawn: ") for one in said)
    assert "A change of team" in said
