"""Local times over changes of the clocks: golden cases, and what must hold in every zone."""

from __future__ import annotations

import datetime as dt
import itertools
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeby import instants
from homeby.instants import Reading

ZONES = (
    "Europe/Zurich",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "UTC",
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


GOLDEN = [
    # zone, wall, earlier instant, later instant, how often the time happens
    ("Europe/Zurich", "2026-07-01T12:00", "2026-07-01T10:00Z", "2026-07-01T10:00Z", "EXACT"),
    ("Europe/Zurich", "2026-03-29T01:59", "2026-03-29T00:59Z", "2026-03-29T00:59Z", "EXACT"),
    ("Europe/Zurich", "2026-03-29T02:00", "2026-03-29T00:00Z", "2026-03-29T01:00Z", "MISSING"),
    ("Europe/Zurich", "2026-03-29T02:30", "2026-03-29T00:30Z", "2026-03-29T01:30Z", "MISSING"),
    ("Europe/Zurich", "2026-03-29T03:00", "2026-03-29T01:00Z", "2026-03-29T01:00Z", "EXACT"),
    ("Europe/Zurich", "2026-10-25T01:59", "2026-10-24T23:59Z", "2026-10-24T23:59Z", "EXACT"),
    ("Europe/Zurich", "2026-10-25T02:30", "2026-10-25T00:30Z", "2026-10-25T01:30Z", "AMBIGUOUS"),
    ("Europe/Zurich", "2026-10-25T03:00", "2026-10-25T02:00Z", "2026-10-25T02:00Z", "EXACT"),
    ("America/New_York", "2026-03-08T02:30", "2026-03-08T06:30Z", "2026-03-08T07:30Z", "MISSING"),
    ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30Z", "2026-11-01T06:30Z", "AMBIGUOUS"),
    # Lord Howe moves its clocks by half an hour
    (
        "Australia/Lord_Howe",
        "2026-04-05T01:45",
        "2026-04-04T14:45Z",
        "2026-04-04T15:15Z",
        "AMBIGUOUS",
    ),
    (
        "Australia/Lord_Howe",
        "2026-10-04T02:15",
        "2026-10-03T15:15Z",
        "2026-10-03T15:45Z",
        "MISSING",
    ),
    # Samoa went over the date line and had no 30 December 2011
    ("Pacific/Apia", "2011-12-29T23:59", "2011-12-30T09:59Z", "2011-12-30T09:59Z", "EXACT"),
    ("Pacific/Apia", "2011-12-30T12:00", "2011-12-29T22:00Z", "2011-12-30T22:00Z", "MISSING"),
    ("Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00Z", "2011-12-30T10:00Z", "EXACT"),
    # Morocco goes back for Ramadan and forward after it
    (
        "Africa/Casablanca",
        "2024-03-10T02:30",
        "2024-03-10T01:30Z",
        "2024-03-10T02:30Z",
        "AMBIGUOUS",
    ),
    ("Africa/Casablanca", "2024-04-14T02:30", "2024-04-14T01:30Z", "2024-04-14T02:30Z", "MISSING"),
]


@pytest.mark.parametrize(("zone", "wall", "earlier", "later", "kind"), GOLDEN)
def test_a_local_time_gives_the_instant_of_the_table(
    zone: str, wall: str, earlier: str, later: str, kind: str
) -> None:
    assert instants.resolve(at(wall), zone) == instants.Resolved(at(earlier), Reading(kind))
    assert instants.resolve(at(wall), zone, later=True).instant == at(later)


@pytest.mark.parametrize(
    "zone", ["", "Mars/Base", "Europe", "../etc/passwd", "localtime", "right/UTC", "a" * 500, "\0"]
)
def test_an_unknown_zone_gets_a_sentence(zone: str) -> None:
    with pytest.raises(instants.UnknownZone, match="is not a time zone"):
        instants.resolve(at("2026-01-01T00:00"), zone)


def test_a_time_outside_the_calendar_gets_a_sentence() -> None:
    with pytest.raises(instants.TimeProblem, match="outside the calendar"):
        instants.resolve(at("0001-01-01T00:00"), "Europe/Zurich")


EARLIEST, LATEST = at("1970-01-02T00:00"), at("2037-12-30T00:00")
walls = st.datetimes(min_value=EARLIEST, max_value=LATEST)
aware = st.datetimes(min_value=EARLIEST, max_value=LATEST, timezones=st.just(dt.UTC))
zones = st.sampled_from(ZONES)


def around_a_change(zone: str, year: int) -> list[dt.datetime]:
    """The last local minutes before each change of the clocks in a year, read day by day."""
    place = zoneinfo.ZoneInfo(zone)
    days = [dt.datetime(year, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=n) for n in range(366)]
    return [
        day.astimezone(place).replace(tzinfo=None)
        for day, following in itertools.pairwise(days)
        if day.astimezone(place).utcoffset() != following.astimezone(place).utcoffset()
    ]


CHANGES = [
    (zone, change)
    for zone in ZONES
    for year in (2011, 2024, 2026)
    for change in around_a_change(zone, year)
]


@given(instant=aware, zone=zones)
def test_an_instant_shown_and_typed_again_is_the_same_or_its_earlier_twin(
    instant: dt.datetime, zone: str
) -> None:
    local = instant.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    again = instants.resolve(local, zone)
    assert again.kind is not Reading.MISSING
    assert again.instant == instant or (again.kind is Reading.AMBIGUOUS and again.instant < instant)
    assert instant in (again.instant, instants.resolve(local, zone, later=True).instant)


@settings(max_examples=300)
@given(change=st.sampled_from(CHANGES), minutes=st.integers(-60, 1500))
def test_no_other_reading_is_earlier(change: tuple[str, dt.datetime], minutes: int) -> None:
    zone, start = change
    place = zoneinfo.ZoneInfo(zone)
    wall = start + dt.timedelta(minutes=minutes)
    resolved = instants.resolve(wall, zone)
    later = instants.resolve(wall, zone, later=True).instant
    # every reading: subtract each offset that holds in the three days around
    offsets = {
        (wall.replace(tzinfo=dt.UTC) + dt.timedelta(hours=hours)).astimezone(place).utcoffset()
        for hours in range(-36, 37)
    }
    readings = [(wall - offset).replace(tzinfo=dt.UTC) for offset in offsets if offset is not None]
    true = [one for one in readings if one.astimezone(place).replace(tzinfo=None, fold=0) == wall]
    assert resolved.instant <= later
    assert (resolved.kind is Reading.EXACT) == (resolved.instant == later)
    assert len(true) == {Reading.EXACT: 1, Reading.AMBIGUOUS: 2, Reading.MISSING: 0}[resolved.kind]
    assert resolved.instant == min(true or readings)
    assert all(resolved.instant <= one for one in true)


@given(first=walls, second=walls, zone=zones)
def test_later_on_the_wall_is_never_earlier_by_more_than_the_change(
    first: dt.datetime, second: dt.datetime, zone: str
) -> None:
    early, late = sorted((first, second))
    difference = instants.resolve(late, zone).instant - instants.resolve(early, zone).instant
    assert difference >= (late - early) - dt.timedelta(days=1, hours=2)
