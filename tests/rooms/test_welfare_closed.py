"""What the detector is fed with is what was decided, as it was known then (`LEFTOUT.md` 2)."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeby.logbook.rules import new_tap
from homeby.people.rules import NOBODY, STATION
from homeby.readiness.actions import duties
from homeby.readiness.actions.decision_groups import MissionTogether, group_mission
from homeby.readiness.actions.mission_decisions import keep_decided
from homeby.readiness.queries.decisions import CLOSES_AFTER, closed_duties
from homeby.readiness.rules.decision_groups import Together
from homeby.readiness.rules.duty_planning import DutyAnswer, DutyType, NotPicked
from homeby.readiness.rules.own_times import OwnTimeKind
from homeby.readiness.rules.whose import Whose
from homeby.welfare.queries.closed import SERIES_WEEKS, Groups, closed_activities
from homeby.welfare.rules.activities import Candidate, ClosedActivity, decisions
from homeby.welfare.rules.evidence import Channel
from homeby.welfare.rules.facts import facts_of
from homeby.welfare.rules.left_out import Record
from homeby.welfare.rules.memory import Memory
from tests.promises.planning_duties import a_shift_of, ask, away, in_team, pick, planned, say
from tests.world import World

DAY = dt.timedelta(days=1)


def of_team(world: World) -> list[ClosedActivity]:
    return closed_activities(STATION, now=world.now).get(world.team_id, [])


def by_name(world: World, one: ClosedActivity) -> dict[str, Candidate]:
    names = {str(key): name for name, key in world.people.items()}
    return {names[each.who]: each for each in one.candidates}


def told(world: World, one: ClosedActivity, channel: Channel) -> dict[str, tuple[bool, float]]:
    names = {str(key): name for name, key in world.people.items()}
    facts = facts_of(one, Memory(), at=one.closed_at)
    return {
        names[who]: (fact.well, fact.even)
        for who, several in facts.items()
        for fact in several
        if fact.channel is channel
    }


def test_a_training_against_a_shift_and_who_was_picked_of_those_who_could(world: World) -> None:
    in_team(world, "agent", "mate", "outsider", "deputy")
    a_shift_of(world, "agent")
    away(world, "deputy", hours=0, lasts=48)
    training = planned(world, kind=DutyType.TRAINING, seats="1", by="head")
    ask(world, training, "mate", "outsider")
    say(world, training, "mate")
    say(world, training, "outsider")
    pick(world, training, "mate", reason=NotPicked.SEATS_FULL)
    world.now = training.ends_at + CLOSES_AFTER - DAY
    assert of_team(world) == [], "it has not closed yet"
    world.now += DAY
    (one,) = of_team(world)
    for viewer in (None, NOBODY, world.as_("head"), world.as_("admin")):
        assert closed_activities(viewer, now=world.now) == {}
    who = by_name(world, one)
    assert who.keys() == {"agent", "mate", "outsider", "deputy"}
    assert (who["agent"].has_else, who["agent"].invited_at) == (True, None)
    assert who["deputy"].away
    assert {name for name, each in who.items() if each.left} == {"mate"}
    assert {name for name, each in who.items() if each.available} == {"mate", "outsider"}
    (frame,) = one.frames
    assert frame.unable == {str(world.people["agent"])} == {each.who for each in frame.taken}
    assert told(world, one, Channel.PICKED) == {"mate": (True, 0.5), "outsider": (False, 0.5)}
    assert told(world, one, Channel.INVITED) == {}, "whoever could come was invited"


def test_only_her_own_no_takes_her_out(world: World) -> None:
    in_team(world, "agent", "mate", "outsider")
    for one in ("agent", "mate", "outsider"):
        away(world, one, hours=0, lasts=72, kind=OwnTimeKind.AVAILABLE)
    duty = planned(world, seats="1")
    ask(world, duty, "agent", "mate", "outsider")
    say(world, duty, "agent", DutyAnswer.NO, by="head")
    say(world, duty, "outsider", DutyAnswer.NO)
    say(world, duty, "mate")
    pick(world, duty, "mate", reason=NotPicked.SEATS_FULL)
    world.now = duty.ends_at + CLOSES_AFTER
    (activity,) = of_team(world)
    who = by_name(world, activity)
    assert (who["agent"].refused, who["agent"].available) == (False, True)
    assert who["outsider"].refused
    assert told(world, activity, Channel.PICKED) == {"mate": (True, 0.5), "agent": (False, 0.5)}


def test_a_mission_by_who_left_and_who_could_have(world: World) -> None:
    in_team(world, "agent", "mate", "outsider")
    for who in ("mate", "outsider"):
        away(world, who, hours=0, lasts=24, kind=OwnTimeKind.AVAILABLE)
    mission = world.plan("agent", "mate", team_id=world.team_id)
    world.sign_out(mission, "agent", "mate")
    world.now += dt.timedelta(minutes=20)
    world.sign_in("agent", "mate", heads=2)
    assert of_team(world) == []
    world.now += CLOSES_AFTER
    (one,) = of_team(world)
    assert one.key == f"mission:{mission.pk}"
    assert told(world, one, Channel.PICKED) == {"mate": (True, 0.5), "outsider": (False, 0.5)}
    record = Record(promise=1 / 100)
    record.arrive(of_team(world))
    record.arrive(of_team(world))
    assert set(record.team.members) == {str(world.people[who]) for who in by_name(world, one)}
    assert record.found == []


def test_what_is_planned_as_a_series_is_one_decision_once_all_of_it_is_over(world: World) -> None:
    in_team(world, "agent", "mate")
    first = planned(world, kind=DutyType.TRAINING, weeks=3)
    world.now = first.ends_at + CLOSES_AFTER
    assert of_team(world) == []
    world.now += 14 * DAY
    assert len({one.group for one in of_team(world)}) == 1
    assert len(of_team(world)) == 3
    with CaptureQueriesContext(connection) as asked:
        of_team(world)
    planned(world, kind=DutyType.TRAINING)
    world.now += 30 * DAY
    with CaptureQueriesContext(connection) as again:
        assert len(of_team(world)) == 4
    assert len(again) == len(asked) < 30
    (duty, *_others) = closed_duties(STATION, now=world.now)
    weekly = [(first.starts_at + n * 7 * DAY, first.ends_at + n * 7 * DAY) for n in range(30)]
    times = {duty.group_id: weekly}
    found = Groups(times=times, named=frozenset()).of(
        duty.group_id, is_series=True, starts_at=duty.starts_at
    )
    assert found.closes_at == weekly[SERIES_WEEKS - 1][1] + CLOSES_AFTER
    assert found.name == f"{first.group_id} 0"
    found = Groups(times=times, named=frozenset(times)).of(
        duty.group_id, is_series=True, starts_at=duty.starts_at
    )
    assert (found.name, found.closes_at) == (str(duty.group_id), weekly[-1][1] + CLOSES_AFTER)


def test_duties_a_series_and_missions_of_one_group_are_one_decision(world: World) -> None:
    in_team(world, "agent", "mate", "outsider")
    name = Together(name="Expedition")
    first = planned(world, kind=DutyType.TRAINING, weeks=2, hours=2, together=name)
    planned(world, hours=3, together=name)
    mission = world.plan("agent", "mate", due_minutes=60 * 24 * 16, team_id=world.team_id)
    assert mission.due_at is not None
    group_mission(
        mission=MissionTogether(
            mission_id=mission.pk,
            whose=Whose(world.team_id, None),
            due_at=mission.due_at,
            together=Together(group_id=first.group_id),
        ),
        by=world.as_("head"),
        now=world.now,
        tap=new_tap(),
    )
    keep_decided(now=world.now)
    world.sign_out(mission, "agent", "mate")
    world.now = mission.due_at - DAY
    assert of_team(world) == [], "its duties closed days ago; its mission is out"
    world.sign_in("agent", "mate", heads=2)
    back_at = world.now
    world.now += CLOSES_AFTER - DAY
    assert of_team(world) == []
    world.now += DAY
    several = of_team(world)
    assert {one.group for one in several} == {str(first.group_id)}
    assert {one.group_closes_at for one in several} == {back_at + CLOSES_AFTER}
    (together,) = decisions(several)
    assert len(together.activities) == 4


def test_what_is_no_teams_or_was_called_off_went_against_nobody(world: World) -> None:
    in_team(world, "agent", "mate")
    a_shift_of(world, "agent")
    off = planned(world)
    duties.call_off(
        duty_id=off.pk, why="Storm.", by=world.as_("head"), now=world.now, tap=new_tap()
    )
    world.now += 30 * DAY
    assert closed_activities(STATION, now=world.now) == {}
