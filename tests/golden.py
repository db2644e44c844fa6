"""The golden table of changes of the clocks: 12 zones, 40 years, a line for each zone and year.

`python -m tests.golden` writes it by scanning instants, six hours at a time, for a change of the
offset from UTC, and closing in on it by halves. It goes from instants to local time only; the code
under test goes the other way. The zone data is that of the package tzdata, which is pinned, so that
the machine's own data, of whatever year, changes nothing.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "fixtures" / "zones" / "changes-1988-2027.txt"
YEARS = range(1988, 2028)
ZONES = (
    "Africa/Casablanca",  # back for Ramadan, and forward after it
    "America/New_York",
    "America/Sao_Paulo",  # at midnight, so that a day had no 00:00
    "America/St_Johns",  # half an hour off, for years at one minute past midnight
    "Antarctica/Troll",  # a field station; two hours
    "Asia/Pyongyang",  # half an hour, twice, on political days
    "Asia/Tehran",
    "Australia/Lord_Howe",  # half an hour
    "Europe/Dublin",  # its winter is the exception
    "Europe/Zurich",
    "Pacific/Apia",  # a whole day was left out
    "Pacific/Chatham",  # three quarters of an hour off
)
STEP = dt.timedelta(hours=6)
SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Change:
    """At this instant the offset from UTC changed."""

    zone: str
    at: dt.datetime
    before: dt.timedelta
    after: dt.timedelta

    def as_text(self) -> str:
        """One word of the table."""
        minutes = [int(offset.total_seconds() // 60) for offset in (self.before, self.after)]
        return f"{self.at:%Y-%m-%dT%H:%M}Z{minutes[0]:+d}>{minutes[1]:+d}"


def read_word(zone: str, word: str) -> Change:
    """A word of the table."""
    at, _, offsets = word.partition("Z")
    before, _, after = offsets.partition(">")
    return Change(
        zone=zone,
        at=dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC),
        before=dt.timedelta(minutes=int(before)),
        after=dt.timedelta(minutes=int(after)),
    )


def read() -> dict[tuple[str, int], list[Change]]:
    """The table: the changes of each zone in each year."""
    found = {}
    for line in FILE.read_text(encoding="ascii").splitlines():
        zone, year, *words = line.split()
        found[zone, int(year)] = [read_word(zone, word) for word in words]
    return found


@contextmanager
def pinned_zones() -> Iterator[None]:
    """Only the package's zone data, until the end of the block."""
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath(to=before)
        zoneinfo.ZoneInfo.clear_cache()


def scan(zone: str, year: int) -> list[Change]:
    """The changes of a zone in a year, found from the instants alone."""
    place = zoneinfo.ZoneInfo(zone)

    def offset(at: dt.datetime) -> dt.timedelta:
        return at.astimezone(place).replace(tzinfo=None) - at.replace(tzinfo=None)

    found = []
    at, end = dt.datetime(year, 1, 1, tzinfo=dt.UTC), dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC)
    here = offset(at - SECOND)
    low = at - SECOND
    while low < end - SECOND:
        high = min(low + STEP, end - SECOND)
        if (there := offset(high)) != here:
            found.append(_close_in(zone, low, high, offset))
            here = there
        low = high
    return found


def _close_in(zone: str, low: dt.datetime, high: dt.datetime, offset: object) -> Change:
    assert callable(offset)
    before, after = offset(low), offset(high)
    while high - low > SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if offset(middle) == before else (low, middle)
    return Change(zone=zone, at=high, before=before, after=after)


def write() -> None:
    """Write the table anew."""
    with pinned_zones():
        lines = [
            " ".join([zone, str(year), *(change.as_text() for change in scan(zone, year))])
            for zone in ZONES
            for year in YEARS
        ]
    FILE.write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    write()
