"""The planning of a duty passes to another organiser: she takes it over or it is handed to her, all
whom it concerns are told, she says that she has it, and what hangs on who plans it goes with it."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.comms.models import Message
from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people.actions import teams
from homeby.people.rules import STATION, Role
from homeby.readiness.actions import duty_planners, unread
from homeby.readiness.models import Duty
from homeby.readiness.queries.decisions import closed_duties
from homeby.readiness.queries.duty_access import planners_ever
from homeby.watch.models import Subject
from tests.promises.planning_duties import ask, in_team, planned, row, say
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def told(world: World, who: str) -> list[str]:
    world.look()
    return [one.outgoing.subject for one in world.phone(who)]


def shift(world: World) -> Duty:
    in_team(world, "agent")
    duty = planned(world, hours=48)
    ask(world, duty, "agent")
    say(world, duty, "agent")
    return duty


def hand(world: World, duty: Duty, to: str, by: str = "head") -> str:
    return duty_planners.hand_over(
        duty_id=duty.pk, to_id=world.people[to], by=world.as_(by), now=world.now, tap=new_tap()
    )


def test_it_is_handed_over_told_and_said_to_be_had(world: World, pages: Pages) -> None:
    duty = shift(world)
    at, head, deputy = f"/calendar/{duty.pk}/", pages.as_("head"), pages.as_("deputy")
    answer = head.post(at, sent(act="hand_on", planner=world.people["deputy"]))
    assert "Handed over." in followed(head, answer)
    assert "You plan it now: Night shift" in told(world, "deputy")
    assert "has not said yet that she has it" in text_of(head.get(at))
    assert "say that you have it" in text_of(deputy.get(at))
    assert "Handed to you to plan" in text_of(deputy.get("/me/duties/"))
    subject = Subject.objects.get(ref=f"duty:{row(world, duty, 'agent').pk}")
    assert subject.responsible == [str(world.people["deputy"])], "she hears who does not come"
    world.now += dt.timedelta(hours=23)
    assert unread.remind(now=world.now) == 0
    world.now += dt.timedelta(hours=1)
    count = Message.objects.filter(person_id=world.people["deputy"]).count()
    assert [unread.remind(now=world.now) for _ in range(2)] == [1, 0], "reminded once"
    assert Message.objects.filter(person_id=world.people["deputy"]).count() == count + 1
    assert "you have it" in followed(deputy, deputy.post(at, sent(act="have_it")))
    assert "has not said yet" not in text_of(head.get(at))
    assert "Handed to you to plan" not in text_of(deputy.get("/me/duties/"))
    kinds = ["DUTY_PLANNER_CHANGED", "DUTY_PLANNER_CONFIRMED"]
    assert Entry.objects.filter(kind__in=kinds).count() == 2
    assert verify().difference is None


def test_whoever_is_ill_is_relieved_and_hears_of_it(world: World, pages: Pages) -> None:
    duty = shift(world)
    deputy = pages.as_("deputy")
    answer = followed(deputy, deputy.post(f"/calendar/{duty.pk}/", sent(act="take_on")))
    assert "You plan it from now on." in answer
    assert "Another plans it now: Night shift" in told(world, "head")
    duty.refresh_from_db()
    assert duty.planned_by_id == world.people["deputy"]
    assert duty.planner_said_at is not None, "whoever takes it has said that she has it"
    agent = pages.as_("agent")
    assert "Who plans it" not in text_of(agent.get(f"/calendar/{duty.pk}/"))
    with pytest.raises(Refused, match="Whoever plans this duty"):
        duty_planners.take_over(
            duty_id=duty.pk, by=world.as_("agent"), now=world.now, tap=new_tap()
        )


def test_nobody_is_handed_it_who_does_not_plan_for_these_people(world: World) -> None:
    duty = shift(world)
    other = new_tap()
    teams.add_team(name="Team 8", by=STATION, now=world.now, tap=other)
    world.add("eight", callsign="Eight")
    teams.give_role(
        person_id=world.people["eight"], role=Role.LEADER,
        term=teams.Term(team_id=other.entry_id), by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip
    for who in ("eight", "agent"):
        with pytest.raises(Refused) as refused:
            hand(world, duty, who)
        assert "plans duties of these people" in refused.value.problems["planner"]


def test_whoever_planned_it_first_is_no_second_person_and_the_record_says_who(world: World) -> None:
    duty = shift(world)
    hand(world, duty, "deputy")
    duty.refresh_from_db()
    both = {world.people["head"], world.people["deputy"]}
    assert planners_ever(duty) == both, "neither of them approves for a minor"
    world.now = duty.ends_at + dt.timedelta(days=3)
    (closed,) = closed_duties(STATION, now=world.now)
    assert closed.planned_by == world.people["head"], "the other had no part in the decision"
