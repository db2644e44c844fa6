"""Promises 1 and 3: a database that is locked, deadlocked or gone for a moment says nothing about
the people on record. The watch looks again; nobody is missed for it, and nobody is forgotten."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError

from homeby import clock
from homeby.database import trouble
from homeby.logbook import rows
from homeby.logbook.verification import verify
from homeby.watch import rules, watchkeeper
from homeby.watch.actions import tick as ticking
from homeby.watch.actions import unjudged
from homeby.watch.actions.tick import tick
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineState
from tests.promises.acts import pass_time, recorded, stand_down
from tests.world import World


def of_psycopg(kind: type[DatabaseError], cause: type[psycopg.Error], text: str) -> DatabaseError:
    """An error as Django raises it for one of psycopg's."""
    error = kind(text)
    error.__cause__ = cause(text)
    return error


TROUBLE = {
    "locked": OperationalError("database is locked"),
    "full": OperationalError("database or disk is full"),
    "deadlock": of_psycopg(OperationalError, psycopg.errors.DeadlockDetected, "deadlock detected"),
    "restarted": of_psycopg(
        OperationalError, psycopg.errors.AdminShutdown, "terminating connection"
    ),
    "standby": of_psycopg(
        DatabaseError, psycopg.errors.ReadOnlySqlTransaction, "read-only transaction"
    ),
    "hung up": InterfaceError("connection already closed"),
}
PLACES: dict[str, tuple[Any, str]] = {
    "reading": (ticking, "scene_for"),
    "judging": (rules, "decide_deadline"),
    "writing": (rows, "insert"),
}


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    """The watch says loudly what went wrong; here it is meant to."""
    caplog.set_level(logging.CRITICAL + 1)


def fails(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, error: Exception, *, times: int = 1
) -> None:
    """The next calls of a function fail."""
    real: Callable[..., Any] = getattr(module, name)
    left = [error] * times

    def call(*args: Any, **named: Any) -> Any:
        if left:
            raise left.pop()
        return real(*args, **named)

    monkeypatch.setattr(module, name, call)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", TROUBLE)
def test_while_a_reminder_is_due_nobody_is_missed_for_it(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str, place: str
) -> None:
    world.send_out("agent", due_minutes=60)
    world.now += dt.timedelta(minutes=45)
    module, name = PLACES[place]
    fails(monkeypatch, module, name, TROUBLE[kind])
    with pytest.raises(type(TROUBLE[kind])):
        tick(now=world.now)
    world.look()
    assert not Alarm.objects.exists()
    assert len(recorded("REMINDER_SENT")) == 1
    assert len(world.phone("agent")) == 1


def test_a_burst_that_meets_it_is_whole_at_the_next_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("agent", "mate", "outsider"):
        world.send_out(who, due_minutes=60)
    world.now += dt.timedelta(minutes=60)
    fails(monkeypatch, rows, "insert", TROUBLE["locked"])
    with pytest.raises(OperationalError):
        tick(now=world.now)
    world.look()
    assert set(Alarm.objects.values_list("kind", flat=True)) == {AlarmKind.OVERDUE}
    assert Alarm.objects.count() == 3
    assert verify().difference is None


def test_an_open_alarm_is_not_told_as_it_is_for_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=64)
    world.now += dt.timedelta(minutes=1)
    fails(monkeypatch, rules, "decide_alarm", TROUBLE["deadlock"])
    with pytest.raises(OperationalError):
        tick(now=world.now)
    world.look()
    assert len(world.phone("head")) == 1
    assert not any("could not be judged" in one.outgoing.text for one in world.received)


def test_in_the_last_resort_too_it_is_only_looked_at_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send_out("agent", due_minutes=60)
    world.now += dt.timedelta(minutes=60)
    fails(monkeypatch, ticking, "_judge_deadline", AssertionError("poisoned"))
    fails(monkeypatch, ticking, "open_as_it_is", AssertionError("poisoned"))
    fails(monkeypatch, unjudged, "new_alarm", TROUBLE["locked"])
    with pytest.raises(OperationalError):
        tick(now=world.now)
    assert Deadline.objects.get().state == DeadlineState.OPEN


def test_the_watchkeeper_looks_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its loop outlives the trouble: the next round of it opens the alarm."""
    world.send_out("agent", due_minutes=60)
    world.now += dt.timedelta(minutes=60)
    monkeypatch.setattr(clock, "now", lambda: world.now)
    monkeypatch.setattr(watchkeeper, "connection", type("Kept", (), {"close": lambda: None}))
    fails(monkeypatch, rows, "insert", TROUBLE["hung up"])
    keeper, pauses = watchkeeper.Keeper(name="one"), []

    def sleep(keeper: watchkeeper.Keeper, seconds: float) -> None:
        pauses.append(seconds)
        if Alarm.objects.exists() or len(pauses) == 9:
            keeper.stop.set()

    monkeypatch.setattr(watchkeeper, "_sleep", sleep)
    watchkeeper._judge(keeper)
    assert Alarm.objects.get().kind == AlarmKind.OVERDUE
    assert pauses[0] == watchkeeper.CAP_SECONDS
    assert len(pauses) == 2


def in_between(monkeypatch: pytest.MonkeyPatch, judge: str, act: Callable[[], Any]) -> None:
    """The judgement fails for its row, and a person acts before anything else is tried."""
    real = ticking._last_resort

    def last_resort(*args: Any) -> Any:
        act()
        return real(*args)

    fails(monkeypatch, ticking, judge, AssertionError("poisoned"))
    monkeypatch.setattr(ticking, "_last_resort", last_resort)


def test_who_signs_in_before_it_is_told_as_it_is_is_not_missed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = world.send_out("agent", due_minutes=60)
    world.now += dt.timedelta(minutes=60)
    in_between(monkeypatch, "_judge_deadlines", lambda: world.sign_in("agent"))
    tick(now=world.now)
    mission.refresh_from_db()
    assert mission.state == "BACK"
    assert not Alarm.objects.exists()
    assert Deadline.objects.get().state == DeadlineState.MET


def test_an_alarm_that_ends_before_it_is_told_as_it_is_stays_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=64)
    world.now += dt.timedelta(minutes=1)
    in_between(monkeypatch, "_judge_alarms", lambda: stand_down(world))
    tick(now=world.now)
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.act_at) == (AlarmState.ENDED, None)


def test_what_the_database_refuses_of_one_row_is_that_rows_own_trouble(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value too long for an index is an OperationalError too, and would come back for ever."""
    too_long = of_psycopg(
        OperationalError, psycopg.errors.ProgramLimitExceeded, "index row size exceeds maximum"
    )
    assert not trouble.is_of_all_rows(error=too_long)
    assert not trouble.is_of_all_rows(error=AssertionError("ours"))
    world.send_out("agent", due_minutes=60)
    world.now += dt.timedelta(minutes=60)
    fails(monkeypatch, ticking, "_judge_deadline", too_long, times=2)
    world.look()
    assert Alarm.objects.get().kind == AlarmKind.NOT_JUDGED
    assert world.phone("head")
