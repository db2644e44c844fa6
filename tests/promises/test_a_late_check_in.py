"""Promise 5: a late-arriving check-in may close a missed check-in; it never moves the expected
return. A position is not a check-in."""

from __future__ import annotations

import datetime as dt
import inspect
import pkgutil
from importlib import import_module

import pytest

import homeby.missions.actions
import homeby.watch.actions
from homeby.logbook.rules import KINDS, Tap, new_tap
from homeby.missions.actions import gate
from homeby.missions.models import Mission, Unmatched
from homeby.missions.rules import Link, PlanTimes
from homeby.watch.models import Alarm
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineKind
from tests.promises.acts import alarm_of, expected, hand_over, pass_time, recorded, take, times_told
from tests.world import START, World


@pytest.fixture
def mission(world: World) -> Mission:
    """Out for five hours, a check-in every hour."""
    times = PlanTimes(due_at=world.now + dt.timedelta(hours=5), check_in_minutes=60)
    return world.send_out("agent", times=times)


def check_in(world: World, mission: Mission, *, made: float | None = None) -> str:
    """ "We are fine", made so many minutes after the start, arriving now."""
    happened_at = None if made is None else START + dt.timedelta(minutes=made)
    tap = Tap(entry_id=new_tap().entry_id, happened_at=happened_at)
    return world.check_in(mission, tap=tap)


def next_check_in(world: World, mission: Mission) -> float | None:
    """The minute by which the next check-in is expected."""
    found = expected(mission, DeadlineKind.CHECK_IN)
    assert len(found) <= 1
    return world.minutes(found[0].due_at) if found else None


def expected_back(world: World, mission: Mission) -> float:
    """The minute of the expected return; plan and deadline agree."""
    mission.refresh_from_db()
    (deadline,) = expected(mission)
    assert deadline.due_at == mission.due_at
    return world.minutes(deadline.due_at)


def test_a_check_in_in_time_asks_for_the_next_one(world: World, mission: Mission) -> None:
    pass_time(world, minutes=50)
    assert "Noted: fine" in check_in(world, mission)
    assert next_check_in(world, mission) == 110
    assert expected_back(world, mission) == 300
    pass_time(world, minutes=50)
    assert not Alarm.objects.exists()


def test_a_missed_check_in_opens_an_alarm_of_its_own(world: World, mission: Mission) -> None:
    pass_time(world, minutes=60)
    assert world.alarm().kind == AlarmKind.MISSED_CHECK_IN
    pass_time(world, minutes=5)
    assert "has not checked in" in world.phone("head")[-1].outgoing.text


@pytest.mark.parametrize(("made", "following"), [(55, 115), (None, 127), (30, 90)])
def test_a_late_one_closes_the_missed_check_in_and_moves_no_return(
    world: World, mission: Mission, made: float | None, following: float
) -> None:
    pass_time(world, minutes=67)
    check_in(world, mission, made=made)
    assert next_check_in(world, mission) == following
    assert expected_back(world, mission) == 300
    assert world.alarm().state == AlarmState.OPEN


def test_the_alarm_shows_it_was_heard_holds_twenty_minutes_once_and_goes_on(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=66)
    check_in(world, mission, made=55)
    alarm = world.alarm()
    assert alarm.heard_at is not None
    assert world.minutes(alarm.heard_at) == 55
    world.received.clear()
    pass_time(world, minutes=10)
    check_in(world, mission, made=56)  # heard again within the same step: it holds no longer
    pass_time(world, minutes=9.9)
    assert not world.received
    pass_time(world, minutes=0.1)
    assert times_told(world, "head") == [86]
    assert "Last heard at 09:56" in world.phone("head")[-1].outgoing.text


def test_one_older_than_the_newest_news_changes_nothing(world: World, mission: Mission) -> None:
    pass_time(world, minutes=40)
    check_in(world, mission)
    pass_time(world, minutes=10)
    assert "newer news" in check_in(world, mission, made=20)
    assert next_check_in(world, mission) == 100
    mission.refresh_from_db()
    assert mission.heard_at is not None
    assert world.minutes(mission.heard_at) == 40
    assert len(recorded("MISSION_CHECKED_IN")) == 2, "but it is recorded"


def test_one_so_old_that_the_next_is_past_asks_for_the_next_at_once(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=200)
    check_in(world, mission, made=5)
    assert next_check_in(world, mission) == 200
    world.look()
    assert Alarm.objects.count() == 1


def test_a_device_whose_clock_runs_ahead_gains_nothing(world: World, mission: Mission) -> None:
    pass_time(world, minutes=50)
    check_in(world, mission, made=280)
    assert next_check_in(world, mission) == 110
    (entry,) = recorded("MISSION_CHECKED_IN")
    assert world.minutes(entry.happened_at) == 50
    claimed = (START + dt.timedelta(minutes=280)).isoformat()
    assert claimed in (entry.content.body or ""), "what it claimed is kept"


def test_after_the_expected_return_a_check_in_ends_nothing(world: World, mission: Mission) -> None:
    for _ in range(5):
        check_in(world, mission)
        pass_time(world, minutes=59)
    check_in(world, mission)
    pass_time(world, minutes=10)
    assert world.alarm().kind == AlarmKind.OVERDUE
    check_in(world, mission)
    pass_time(world, minutes=24 * 60)
    alarm = world.alarm()
    assert (alarm.state, alarm.phase) == (AlarmState.OPEN, "ALERT")
    assert times_told(world, "head")


def test_a_missed_return_takes_over_the_alarm_of_a_missed_check_in(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=299)
    world.received.clear()
    pass_time(world, minutes=2)
    alarm = alarm_of(mission)
    assert Alarm.objects.count() == 1
    assert (alarm.kind, alarm.due_at) == (AlarmKind.OVERDUE, mission.due_at)
    assert "Also missed now: the return" in world.phone("head")[0].outgoing.text
    pass_time(world, minutes=70)
    assert "is not back; expected 14:00" in world.phone("head")[-1].outgoing.text


def test_whoever_has_the_alarm_hears_of_the_missed_return_too(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=290)
    take(world, "head")
    hand_over(world, "head", "mate")
    world.look()
    take(world, "mate")
    pass_time(world, minutes=11)
    assert "Also missed now" in world.phone("mate")[-1].outgoing.text


def test_a_radio_operator_enters_it_with_its_time_and_link(world: World, mission: Mission) -> None:
    pass_time(world, minutes=50)
    tap = Tap(entry_id=new_tap().entry_id, happened_at=START + dt.timedelta(minutes=45))
    gate.check_in(
        mission_id=mission.pk,
        link=Link.RADIO,
        by=world.as_("guard"),
        now=world.now,
        tap=tap,
    )
    assert next_check_in(world, mission) == 105
    (entry,) = recorded("MISSION_CHECKED_IN")
    assert (entry.actor_id, entry.person_id) == (world.people["guard"], None)
    assert '"RADIO"' in (entry.content.body or "")


def test_a_check_in_of_nobody_who_is_out_is_kept_as_unmatched(world: World) -> None:
    mission = world.plan("agent", due_minutes=60)
    assert "fits nothing" in world.check_in(mission)
    assert Unmatched.objects.get().kind == "MISSION_CHECKED_IN"


def test_no_act_takes_a_position_for_a_sign_of_life() -> None:
    """Nothing that opens, holds or ends a worry can be given a place."""
    places = {"position", "latitude", "longitude", "coordinates", "track", "battery"}
    acts = 0
    for package in (homeby.missions.actions, homeby.watch.actions):
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            for name, act in inspect.getmembers(import_module(module.name), inspect.isfunction):
                acts += 1
                assert not places & set(inspect.signature(act).parameters), name
    assert acts > 50
    assert not any(word.upper() in kind for kind in KINDS for word in places)
