"""P7 and P8: sleep of the machine is an outage, for its count since boot goes on; a clock that was
moved, or is not believed, is none."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch.actions import outages
from homeby.watch.queries import outages as outage_queries
from tests.promises.outages import Station
from tests.promises.outages import station as station

HOURS = dt.timedelta(hours=1)


def test_eight_hours_of_sleep_are_an_outage_though_the_process_is_the_same(
    station: Station,
) -> None:
    world = station.world
    world.send_out("agent", due_minutes=60)
    began = world.now
    station.passes(hours=8)
    station.look()
    (noted,) = station.outages()
    assert (noted.from_at, noted.to_at) == (began, world.now)
    assert len(watch.open_alarms(STATION)) == 1


@pytest.mark.parametrize("ahead", [8 * HOURS, -8 * HOURS], ids=["forward", "back"])
def test_a_clock_that_is_moved_is_no_outage_not_even_once_it_is_believed(
    station: Station, ahead: dt.timedelta
) -> None:
    station.ahead = ahead
    station.watch(minutes=12)  # after ten minutes one that was moved forward is believed
    station.starts()
    station.watch(minutes=1)
    assert not station.outages()


def test_an_outage_while_the_clock_is_disputed_is_measured_by_the_count(station: Station) -> None:
    station.ahead = -8 * HOURS
    station.watch(minutes=1)
    station.passes(hours=0.5)
    station.starts()
    station.look()
    (noted,) = station.outages()
    assert noted.to_at - noted.from_at == HOURS / 2


def test_a_machine_that_was_off_and_wakes_with_an_old_clock_notes_no_false_one(
    station: Station,
) -> None:
    """It cannot know for how long it was off: time is at least that of the last entry."""
    station.watch(minutes=20)
    station.passes(hours=8)
    station.is_switched_on(clock_ahead=-30 * HOURS)
    station.watch(minutes=5)
    assert not station.outages()


def test_a_machine_that_was_off_and_wakes_with_a_good_clock_notes_it(station: Station) -> None:
    station.watch(minutes=1)
    began = station.world.now
    station.passes(hours=8)
    station.is_switched_on()
    station.watch(minutes=3)
    (noted,) = station.outages()
    assert (noted.from_at, noted.to_at) == (began, began + 8 * HOURS)


def test_two_watchkeepers_that_start_at_once_note_one_outage(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one had asked what is noted before the first one wrote, and reads its own clock a
    moment later: one outage, and nobody is told twice."""
    before = outage_queries.newest_outage(now=station.world.now)
    looks = outage_queries.stored_looks()
    station.passes(hours=8)
    station.look()
    told = len(station.world.received)
    real, asked = outage_queries.newest_outage, [before]
    noted_first = lambda *, now: asked.pop() if asked else real(now=now)  # noqa: E731
    monkeypatch.setattr(outage_queries, "newest_outage", noted_first)
    monkeypatch.setattr(outage_queries, "stored_looks", lambda: looks)
    seen = station.clocks()
    late = dt.timedelta(milliseconds=3)
    found = outages.mind(
        seen=seen,
        real_now=station.real_now() + late,
        now=station.world.now + late,
        own_seconds=seen.boot_seconds - 8 * 3600,
        pace=1.0,
    )
    assert found is not None
    (noted,) = station.outages()
    assert found.id == noted.pk
    station.look()
    assert len(station.world.received) == told


def test_a_blind_period_that_follows_another_at_once_is_noted_too(station: Station) -> None:
    """Whoever noted the first one was killed before its look was over."""
    station.passes(hours=8)
    outages.mind(
        seen=station.clocks(),
        real_now=station.real_now(),
        now=station.world.now,
        own_seconds=None,
        pace=1.0,
    )
    station.passes(hours=0.5)
    station.starts("two")
    station.look()
    first, second = station.outages()
    assert second.from_at == first.to_at
