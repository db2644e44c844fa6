"""Expected back and call-out, typed at every change of the clocks of 12 zones in 40 years."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeby import instants
from homeby.instants import Reading, Resolved, Typed
from tests import golden

TABLE = golden.read()
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _pinned_zones() -> Iterator[None]:
    instants._known_zone.cache_clear()
    with golden.pinned_zones():
        yield
    instants._known_zone.cache_clear()


def test_the_table_has_a_line_for_every_zone_and_year() -> None:
    assert list(TABLE) == [(zone, year) for zone in golden.ZONES for year in golden.YEARS]
    assert len(TABLE) == 480
    assert sum(map(len, TABLE.values())) > 700


@pytest.mark.parametrize("zone", golden.ZONES)
def test_the_table_is_what_a_scan_of_instants_finds(zone: str) -> None:
    for year in golden.YEARS:
        assert golden.scan(zone, year) == TABLE[zone, year]


def typed_around(change: golden.Change) -> list[tuple[dt.datetime, Resolved]]:
    """Local times before, in and after a gap or an overlap, with the instant they must give, by
    arithmetic with the two offsets alone."""
    at = change.at.replace(tzinfo=None)
    low, high = sorted((at + change.before, at + change.after))
    earlier_offset = max(change.before, change.after)  # the larger offset is the earlier instant
    kind = Reading.MISSING if change.after > change.before else Reading.AMBIGUOUS
    inside = [low, low + (high - low) / 2, high - MINUTE]
    cases = [(wall, wall - earlier_offset, kind) for wall in inside]
    cases.append((low - MINUTE, low - MINUTE - change.before, Reading.EXACT))
    cases.append((high, high - change.after, Reading.EXACT))
    return [
        (wall, Resolved(instant.replace(tzinfo=dt.UTC), reading))
        for wall, instant, reading in cases
    ]


@pytest.mark.parametrize("zone", golden.ZONES)
def test_what_is_typed_at_every_gap_and_overlap_gives_the_earlier_instant(zone: str) -> None:
    now = dt.datetime(1988, 1, 1, tzinfo=dt.UTC)
    for year in golden.YEARS:
        for change in TABLE[zone, year]:
            for wall, resolved in typed_around(change):
                assert instants.resolve(wall, zone) == resolved, (zone, wall)
                text = f"{wall:%Y-%m-%dT%H:%M}"
                typed = Typed(resolved.instant, zone, text, resolved.kind)
                assert instants.parse_typed(text, zone, now) == typed


moments = st.datetimes(
    min_value=dt.datetime.fromisoformat("1988-01-02"),
    max_value=dt.datetime.fromisoformat("2027-12-30"),
    timezones=st.just(dt.UTC),
)
near_a_change = st.builds(
    lambda change, minutes: change.at + dt.timedelta(minutes=minutes),
    st.sampled_from([change for changes in TABLE.values() for change in changes]),
    st.integers(-1600, 1600),
)
instants_of_all_kinds = st.one_of(moments, near_a_change)
zones = st.sampled_from(golden.ZONES)


def wall_at(instant: dt.datetime, zone: str) -> dt.datetime:
    return instant.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None, fold=0)


@settings(max_examples=200)
@given(instant=instants_of_all_kinds, zone=zones)
def test_what_the_wall_shows_typed_again_is_that_instant_or_its_earlier_twin(
    instant: dt.datetime, zone: str
) -> None:
    text = f"{wall_at(instant, zone):%Y-%m-%dT%H:%M:%S}"
    read = instants.parse_typed(text, zone, instant)
    assert isinstance(read, Typed)
    assert read.kind is not Reading.MISSING
    exact = instant.replace(microsecond=0)
    assert read.instant == exact or (read.kind is Reading.AMBIGUOUS and read.instant < exact)


@settings(max_examples=200)
@given(first=instants_of_all_kinds, ahead=st.integers(0, 3000), zone=zones)
def test_of_two_times_that_the_wall_shows_the_later_is_not_resolved_earlier(
    first: dt.datetime, ahead: int, zone: str
) -> None:
    one, other = wall_at(first, zone), wall_at(first + dt.timedelta(minutes=ahead), zone)
    low, high = sorted((one, other))
    assert instants.resolve(low, zone).instant <= instants.resolve(high, zone).instant


@settings(max_examples=200)
@given(instant=instants_of_all_kinds, zone=zones)
def test_at_the_resolved_instant_the_wall_never_shows_more_than_was_typed(
    instant: dt.datetime, zone: str
) -> None:
    """Nobody is missed later than the time they wrote, wherever that time falls."""
    wall = instant.replace(tzinfo=None)
    resolved = instants.resolve(wall, zone)
    shown = wall_at(resolved.instant, zone)
    assert shown <= wall
    assert (shown == wall) == (resolved.kind is not Reading.MISSING)
