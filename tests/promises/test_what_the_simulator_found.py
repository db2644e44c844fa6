"""Worlds that broke a promise once, each reduced to the few moments that matter."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.rules import new_tap
from homeby.missions.actions import gate
from homeby.missions.rules import PlanTimes
from homeby.people.actions import contacts
from homeby.people.rules import STATION, ChannelName
from homeby.watch import queries as watch
from homeby.watch.actions import stepping
from homeby.watch.models import Alarm
from homeby.watch.rules import DeadlineKind
from tests.promises.acts import ask_more_time, decide, expected, pass_time, take, times_told
from tests.world import World


def test_a_holder_who_cannot_be_asked_again_is_followed_at_once(world: World) -> None:
    """P3: her acknowledgement lapses while her phone is dead; others are told within the minute."""
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=145)  # the last step has run
    take(world, "head")
    world.breaks("head")
    world.received.clear()
    pass_time(world, minutes=21)
    assert times_told(world, "admin"), "nobody of the last step could be reached: everybody is told"


def test_trouble_of_the_database_at_a_reminder_is_no_alarm(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P6: what is not due yet cannot be missed; the reminder comes a minute later."""
    world.send_out("agent", due_minutes=60)
    remind, troubles = stepping.remind, iter([True, True])

    def in_trouble(*rest: object) -> None:
        if next(troubles, False):
            raise ValueError("rubbish")
        remind(*rest)  # type: ignore[arg-type]

    monkeypatch.setattr("homeby.watch.actions.tick.remind", in_trouble)
    pass_time(world, minutes=46)
    assert not watch.open_alarms(STATION)
    pass_time(world, minutes=2)
    assert [world.minutes(one.at) for one in world.phone("agent")] == [47]
    assert not Alarm.objects.exists()


def test_trouble_just_before_the_call_out_does_not_put_it_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P1: an alarm that could not be judged for a moment is judged again at the call-out time."""
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=62)

    def in_trouble(*_: object) -> None:
        raise ValueError("rubbish")

    alarm = world.alarm()
    call_out_at = world.now + dt.timedelta(minutes=4)
    Alarm.objects.filter(pk=alarm.pk).update(call_out_at=call_out_at, act_at=world.now)
    monkeypatch.setattr("homeby.watch.actions.tick.run_steps", in_trouble)
    Alarm.objects.filter(pk=alarm.pk).update(act_at=world.now, ran_at=None, next_step=1)
    pass_time(world, minutes=3)
    monkeypatch.setattr("homeby.watch.actions.tick.run_steps", stepping.run_steps)
    pass_time(world, minutes=1)
    assert world.alarm().phase == "ALERT"


def test_a_late_check_in_takes_back_nothing_of_what_asking_for_time_has_told(world: World) -> None:
    """P6: whoever asked for more time was heard then; a check-in made before does not bring the
    next one forward."""
    times = PlanTimes(due_at=world.now + dt.timedelta(minutes=100), check_in_minutes=60)
    mission = world.send_out("agent", "mate", times=times)
    made_at = world.now + dt.timedelta(minutes=10)
    pass_time(world, minutes=30)
    decide(world, ask_more_time(world, mission, minutes=240), "head")
    asked_at = world.now
    pass_time(world, minutes=10)
    tap = new_tap()
    late = type(tap)(entry_id=tap.entry_id, happened_at=made_at)
    gate.check_in(mission_id=mission.pk, by=world.as_("agent"), now=world.now, tap=late)
    (next_one,) = expected(mission, DeadlineKind.CHECK_IN)
    assert next_one.due_at == asked_at + dt.timedelta(minutes=60)


def test_who_renews_is_not_rung_by_a_line_that_comes_back(world: World) -> None:
    """P5: her phone was dead and her second line told her; when the phone works again, it keeps
    silent about what she has taken, and what she has renewed."""
    contacts.add_contact(
        person_id=world.people["head"],
        channel=ChannelName.CONSOLE,
        address="head again",
        verified=True,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    times = PlanTimes(due_at=world.now + dt.timedelta(minutes=100), check_in_minutes=60)
    world.send_out("agent", "mate", times=times)
    pass_time(world, minutes=90)  # a check-in was missed
    take(world, "head")
    world.breaks("head")
    pass_time(world, minutes=11)  # the return is missed too: she hears it on the second line
    assert world.phone("head again")
    take(world, "head")
    del world.refusing["head"]
    world.received.clear()
    pass_time(world, minutes=15)
    assert not world.phone("head")
