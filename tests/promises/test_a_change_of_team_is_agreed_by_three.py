"""A change of team counts when the person and both leaders agreed, from its hour on; access goes
over in that instant, and what was planned stays on a list until it is settled (`STORY.md` 102)."""

from __future__ import annotations

import datetime as dt
import math
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError

from homeby import clock
from homeby.logbook.rules import new_tap
from homeby.people.actions import teams
from homeby.people.models import Membership
from homeby.people.queries import visible_people
from homeby.people.rules import STATION, Role
from homeby.readiness.actions import team_changes
from homeby.readiness.models import TeamChange, TeamChangeItem
from homeby.readiness.queries.team_changes import waiting
from homeby.readiness.rules.duty_planning import DutyAnswer
from homeby.station import hourly
from tests.promises.planning_duties import ask, planned, say
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def second_team(world: World) -> uuid.UUID:
    """The agent and her mate in Team 7, the outsider in Team 8; a leader each."""
    tap = new_tap()
    teams.add_team(name="Team 8", by=STATION, now=world.now, tap=tap)
    for who, team in (("agent", world.team_id), ("mate", world.team_id),
                      ("outsider", tap.entry_id)):  # fmt: skip
        teams.join_team(
            person_id=world.people[who], team_id=team, by=STATION, now=world.now, tap=new_tap()
        )
    for who, team in (("seven", world.team_id), ("eight", tap.entry_id)):
        world.add(who, callsign=who.title())
        teams.give_role(
            person_id=world.people[who], role=Role.LEADER, term=teams.Term(team_id=team),
            by=STATION, now=world.now, tap=new_tap(),
        )  # fmt: skip
    return tap.entry_id


def asked(world: World, to: uuid.UUID, **more: Any) -> dict[str, Any]:
    said = {"person": world.people["agent"], "from_team": world.team_id, "to_team": to,
            "reason": "NEEDED", "effective": ""}  # fmt: skip
    return sent(act="ask", **(said | more))


def test_three_agree_and_access_goes_over_in_its_hour(world: World, pages: Pages) -> None:
    to = second_team(world)
    term = teams.Term(team_id=world.team_id)
    teams.give_role(person_id=world.people["agent"], role=Role.GATE_KEEPER, term=term, by=STATION,
                    now=world.now, tap=new_tap())  # fmt: skip
    mission = world.plan("agent", "mate", due_minutes=3 * 24 * 60, team_id=world.team_id)
    duty = planned(world, hours=30, what="Night round")
    said_no = planned(world, hours=60, what="Rope day")
    for one in (duty, said_no):
        ask(world, one, "agent")
    say(world, said_no, "agent", DutyAnswer.NO)
    agent, seven, eight = pages.as_("agent"), pages.as_("seven"), pages.as_("eight")
    past = agent.post("/team-changes/", asked(world, to, effective="2020-01-01T10:00"))
    assert "This time has passed" in text_of(past)
    wrong = agent.post("/team-changes/", asked(world, world.team_id))
    assert "She is in this team already" in text_of(wrong)
    tomorrow = world.now + dt.timedelta(hours=20)
    said = asked(world, to, effective="+20h")
    assert "Asked." in followed(agent, agent.post("/team-changes/", said))
    again = agent.post("/team-changes/", asked(world, to))
    assert "open still" in text_of(again)
    at = f"/team-changes/{TeamChange.objects.get().pk}/"
    assert pages.as_("outsider").get(at).status_code == 404
    assert "differently" in followed(seven, seven.post(at, sent(act="agree-TO")))
    assert "Agreed." in followed(seven, seven.post(at, sent(act="agree-FROM")))
    assert "differently" in followed(agent, agent.post(at, sent(act="agree-TO")))
    assert "Agreed." in followed(eight, eight.post(at, sent(act="agree-TO")))
    world.now = tomorrow - dt.timedelta(minutes=5)
    assert hourly.go_round(now=world.now)
    assert TeamChange.objects.get().state == "AGREED", "not before its hour"
    assert visible_people(world.as_("mate")).filter(pk=world.people["agent"]).exists()
    world.now = tomorrow
    assert hourly.go_round(now=world.now)
    assert hourly.go_round(now=world.now)
    assert TeamChange.objects.get().state == "DONE"
    assert not visible_people(world.as_("mate")).filter(pk=world.people["agent"]).exists()
    assert visible_people(world.as_("outsider")).filter(pk=world.people["agent"]).exists()
    assert not world.as_("agent").has_somewhere(Role.GATE_KEEPER)
    rows = Membership.objects.filter(person_id=world.people["agent"]).order_by("from_at")
    assert [(one.team_id, one.to_at) for one in rows] == [(world.team_id, tomorrow), (to, None)]
    page = text_of(seven.get(at))
    assert "A role for the old team ended with the change" in page
    (left,) = TeamChangeItem.objects.filter(kind="DUTY")
    assert left.ref == str(duty.pk), "she was asked for it, and has not said no"
    assert "A duty of the old team counts on her: Night round" in page
    item = TeamChangeItem.objects.get(kind="MISSION")
    assert item.ref == str(mission.pk)
    assert "differently" in followed(agent, agent.post(at, sent(act=f"settle-{item.pk}")))
    assert "Kept: it stays" in followed(seven, seven.post(at, sent(act=f"settle-{item.pk}")))


@pytest.fixture
def quick(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The station waits by the clock of the test."""

    def wait(*, seconds: float, stop: threading.Event) -> bool:
        world.now += dt.timedelta(seconds=seconds)
        return stop.is_set()

    begun = world.now
    monkeypatch.setattr(clock, "now", lambda: world.now)
    monkeypatch.setattr(clock, "wait", wait)
    monkeypatch.setattr(clock, "boot_seconds", lambda: (world.now - begun).total_seconds())


def agreed(world: World, pages: Pages, *, effective: str) -> dt.datetime:
    """When a change counts to which all three have agreed."""
    to = second_team(world)
    followed(pages.as_("agent"), pages.as_("agent").post(
        "/team-changes/", asked(world, to, effective=effective)))  # fmt: skip
    at = f"/team-changes/{TeamChange.objects.get().pk}/"
    for who, side in (("seven", "FROM"), ("eight", "TO")):
        followed(pages.as_(who), pages.as_(who).post(at, sent(act=f"agree-{side}")))
    return TeamChange.objects.get().effective_at


def test_what_is_due_within_the_hour_counts_in_its_minute(
    world: World, pages: Pages, quick: None
) -> None:
    due = agreed(world, pages, effective="+40 min")
    hourly.see_to_changes(stop=threading.Event(), ends=math.inf)
    assert TeamChange.objects.get().state == "DONE"
    assert due <= world.now < due + dt.timedelta(minutes=1)
    begun = world.now
    hourly.see_to_changes(stop=threading.Event(), ends=math.inf)
    assert world.now == begun, "nothing is due: it goes"


def test_a_look_that_fails_does_not_end_the_others(
    world: World, pages: Pages, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = agreed(world, pages, effective="+40 min")
    looks = 0

    def locked(act: Callable[..., Any]) -> Callable[..., Any]:
        def first(**given: Any) -> Any:
            nonlocal looks
            looks += 1
            if looks <= 4:
                raise OperationalError("database is locked")
            return act(**given)

        return first

    monkeypatch.setattr(hourly, "team_changes_waiting", locked(waiting))
    monkeypatch.setattr(team_changes, "carry_out_due", locked(team_changes.carry_out_due))
    hourly.see_to_changes(stop=threading.Event(), ends=math.inf)
    assert TeamChange.objects.get().state == "DONE"
    assert world.now < due + dt.timedelta(minutes=1)


def test_a_long_round_is_over_before_the_hour_is(
    world: World, pages: Pages, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round that takes ten minutes, and a change that is due just after the hour."""
    agreed(world, pages, effective="+65 min")
    begun = world.now

    def slow(*, now: dt.datetime) -> bool:
        world.now += dt.timedelta(minutes=10)
        return True

    monkeypatch.setattr(hourly, "go_round", slow)
    assert hourly.run() == 0
    assert dt.timedelta(minutes=11) < world.now - begun < dt.timedelta(hours=1)


def test_one_no_leaves_everything_as_it_is(world: World, pages: Pages) -> None:
    to = second_team(world)
    head, seven, agent = pages.as_("head"), pages.as_("seven"), pages.as_("agent")
    assert "Asked." in followed(head, head.post("/team-changes/", asked(world, to)))
    at = f"/team-changes/{TeamChange.objects.get().pk}/"
    assert "I agree" not in text_of(head.get(at)), "nobody agrees for two sides"
    assert "differently" in followed(seven, seven.post(at, sent(act="agree-PERSON")))
    assert "stays as it is" in followed(agent, agent.post(at, sent(act="refuse-PERSON")))
    assert Membership.objects.get(person_id=world.people["agent"]).to_at is None
