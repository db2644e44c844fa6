"""P9 after an outage: the auditor gives the watch the minute of the doors, and no more; who says
falsely that it was blind is not believed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest

from homeby.auditor.auditing import Auditing
from homeby.auditor.heartbeat import Heartbeat
from homeby.logbook import actions as logbook
from homeby.people.rules import STATION
from homeby.watch import watchkeeper
from homeby.watch.actions import canary
from homeby.watch.actions.tick import Ticked
from homeby.watch.models import Outage
from homeby.watch.rules import WATCH_BLIND
from tests.promises.outages import Station
from tests.promises.outages import station as station

MINUTE = dt.timedelta(minutes=1)
Look = Callable[[], list[str]]


@pytest.fixture
def look(station: Station) -> Look:
    """What an auditor finds now that was awake all the time."""
    canary.set_out(now=station.world.now)
    station.watch(minutes=1)
    auditing = Auditing(
        name="test",
        watch_age=lambda: 1.0,
        heartbeat=Heartbeat(url=""),
        reader=STATION,
        patience=dt.timedelta(0),
    )

    def found() -> list[str]:
        auditing.look(now=station.world.now, real_now=station.world.now)
        return auditing.sentences

    assert not found()
    return found


def unopened(look: Look) -> list[str]:
    """The missions that were due and are not watched over."""
    return [one for one in look() if one.startswith("mission:") and "no alarm" in one]


def after_eight_hours(station: Station) -> None:
    """One is past the call-out time, one is overdue, one is not due yet."""
    world = station.world
    for number, due in enumerate((60, 450, 600)):
        world.add(f"walker{number}", callsign=f"Bird {number}")
        world.send_out(f"walker{number}", due_minutes=due)
    station.passes(hours=8)


def test_it_agrees_through_the_whole_of_the_catch_up(station: Station, look: Look) -> None:
    after_eight_hours(station)
    station.look()
    assert not look()
    for _ in range(10):
        station.watch(minutes=0.5)
        assert not look()


def test_it_disagrees_while_nobody_watches(station: Station, look: Look) -> None:
    after_eight_hours(station)
    assert unopened(look)


def test_a_watch_that_wakes_and_tells_nobody_is_found(
    station: Station, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_eight_hours(station)
    nothing = Ticked(judged=0, opened=0, stepped=0, more=False)
    monkeypatch.setattr(watchkeeper, "tick", lambda **_: nothing)
    station.watch(minutes=0.9)
    assert not unopened(look)
    station.watch(minutes=0.2)
    assert len(unopened(look)) == 1, "whoever is past the call-out time"
    station.watch(minutes=1)
    assert len(unopened(look)) == 2


@pytest.mark.parametrize("ahead", [0, 24 * 60])
def test_a_watch_that_worked_was_not_blind(station: Station, look: Look, ahead: int) -> None:
    """It says so every minute to be excused, or says it of a time that is not over."""
    world = station.world
    world.send_out("agent", due_minutes=5)
    station.watch(minutes=4)
    world.now += 3 * MINUTE
    with logbook.writing(now=world.now, by=None, device="watchkeeper") as book:
        began = world.now - 20 * MINUTE if not ahead else world.now - 2 * MINUTE
        row = Outage(
            id=uuid.uuid4(),
            from_at=began,
            to_at=world.now + ahead * MINUTE,
            doors_until_at=world.now + MINUTE,
        )
        book.entry(WATCH_BLIND, subject="outage").add(row)
    assert unopened(look)
