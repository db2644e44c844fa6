"""What the search for people who are left out needs of a mission is kept with the decision itself,
by whoever takes it: also of one that is out and back within the hour (`LEFTOUT.md` 2)."""

from __future__ import annotations

import datetime as dt
import logging
import uuid

import pytest
from django.db import connection

from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import extend, plan
from homeby.missions.actions.extend import Wanted
from homeby.missions.models import Mission
from homeby.missions.rules import PlanTimes
from homeby.people.rules import STATION
from homeby.readiness.actions import mission_decisions
from homeby.readiness.models import MissionDecision
from homeby.readiness.queries import mission_decisions as queries
from homeby.readiness.queries.mission_decisions import MissionChoice, mission_choices
from homeby.station import hourly
from tests.promises.learning import hold, read
from tests.promises.planning_duties import in_team
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import ZONE, World


def choices() -> list[MissionChoice]:
    return list(mission_choices(STATION))


def changed(world: World, mission: Mission, *party: str, by: str, due: dt.datetime) -> None:
    fields = plan.PlanFields(
        party=tuple(world.people[who] for who in party),
        leader_id=world.people[party[0]],
        what="Patrol",
        place="North woods",
        zone=ZONE,
        times=PlanTimes(due_at=due),
    )
    plan.change_plan(
        mission_id=mission.pk, fields=fields, by=world.as_(by), now=world.now, tap=new_tap()
    )


def test_one_that_is_out_and_back_between_two_rounds_is_kept(world: World) -> None:
    in_team(world, "agent", "mate")
    mission = world.plan("agent", team_id=world.team_id)
    world.sign_out(mission, "agent")
    world.now += dt.timedelta(minutes=20)
    world.sign_in("agent")
    (one,) = choices()
    assert (one.mission_id, one.by) == (mission.pk, world.people["head"])
    assert {each.person_id for each in one.pool} == {world.people["agent"], world.people["mate"]}
    assert one.left == one.named == {world.people["agent"]}
    assert hourly.go_round(now=world.now)
    assert len(choices()) == 1, "the round has nothing to make up"
    assert verify().difference is None


def test_each_change_is_a_decision_of_whoever_makes_it_when_she_makes_it(world: World) -> None:
    mission = world.plan("agent", "mate")
    begun = world.now
    world.now += dt.timedelta(minutes=5)
    due = begun + dt.timedelta(hours=4)
    changed(world, mission, "agent", "outsider", by="deputy", due=due)
    world.now += dt.timedelta(minutes=5)
    changed(world, mission, "agent", "outsider", by="head", due=due)
    changed(world, mission, "agent", "outsider", by="head", due=due + dt.timedelta(hours=1))
    key = world.people
    assert [(one.by, one.at - begun) for one in choices()] == [
        (key["head"], dt.timedelta(0)),
        (key["deputy"], dt.timedelta(minutes=5)),
        (key["head"], dt.timedelta(minutes=10)),
    ]
    assert choices()[1].named == {key["agent"], key["outsider"]}
    kept = Entry.objects.filter(kind="MISSION_CHOICE_KEPT").order_by("number")
    assert [one.actor_id for one in kept] == [key["head"], key["deputy"], key["head"]]


def test_more_time_is_a_decision_of_whoever_grants_it(world: World) -> None:
    mission = world.send_out("agent", "mate")
    due = world.now + dt.timedelta(hours=9)
    tap = new_tap()
    extend.ask(
        mission_id=mission.pk, wanted=Wanted(due_at=due), by=world.as_("agent"),
        now=world.now, tap=tap,
    )  # fmt: skip
    assert len(choices()) == 1, "to ask is none"
    world.now += dt.timedelta(minutes=3)
    extend.decide(
        extension_id=tap.entry_id, grant=True, by=world.as_("deputy"), now=world.now, tap=new_tap()
    )
    last = choices()[-1]
    assert (last.by, last.at, last.due_at) == (world.people["deputy"], world.now, due)


def test_what_a_mission_needs_is_kept_by_the_tap_that_looks_for_people(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(world)
    in_team(world, "agent", "mate", "outsider")
    hold(world, "mate", "AID")
    mission = world.plan("agent", "outsider", team_id=world.team_id)
    head = Pages(world, monkeypatch).as_("head")
    at = f"/missions/{mission.pk}/who-can-go/"
    tap = sent(**{"need-0": "AID", "need-1": ""})
    assert "hold it" in followed(head, head.post(at, tap))
    assert "hold it" in followed(head, head.post(at, tap))
    assert "hold it" in followed(head, head.post(at, sent(**{"need-0": "AID"})))
    assert len(choices()) == 2, "the same is kept once"
    last, key = choices()[-1], world.people
    assert last.by == key["head"]
    assert [(one.position, one.fits) for one in last.needs] == [("AID", frozenset([key["mate"]]))]
    assert "hold it" in text_of(head.get(at)), "the page knows it when she comes again"
    world.now += dt.timedelta(minutes=5)
    changed(world, mission, "agent", "mate", by="head", due=world.now + dt.timedelta(hours=4))
    assert [one.position for one in choices()[-1].needs] == ["AID"]
    assert choices()[-1].named == {key["agent"], key["mate"]}
    followed(head, head.post(at, sent(not_picked="TURN_OF_OTHERS")))
    assert [one.position for one in choices()[-1].needs] == ["AID"]
    followed(head, head.post(at, sent(**{"need-0": ""})))
    assert not choices()[-1].needs
    assert "Say what the mission needs" in text_of(head.get(at))


def test_a_record_that_fails_keeps_nobody_from_leaving(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_more: object) -> list[uuid.UUID]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
        return []

    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(queries, "pool_of_mission", broken)
        mission = world.plan("agent", "mate")
        world.sign_out(mission, "agent", "mate")
    assert "what a decision saw could not be kept" in caplog.text
    assert not MissionDecision.objects.exists()
    assert not Entry.objects.filter(kind="MISSION_CHOICE_KEPT").exists()
    assert mission_decisions.keep_decided(now=world.now) == 1
    assert choices()[0].by is None, "the round does not guess who it was"
    assert verify().difference is None
