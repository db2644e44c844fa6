"""The figures of a replay, from the records alone. Pure.

This is the independent reference: what the replay through the real watch counts must agree with it
(alarms = overdue). The order in one second is the issue's: returns before departures, but a
mission's own departure before its own return, so a mission of no length departs with the others of
its second and returns after them.
"""

from __future__ import annotations

import datetime as dt
import statistics
import zoneinfo
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from homeby.station.importing.records import MissionRecord

HALF_AN_HOUR = dt.timedelta(minutes=30)


class Way(Enum):
    """Through the gate, which way."""

    OUT = "OUT"
    BACK = "BACK"


@dataclass(frozen=True, slots=True)
class Passing:
    """A mission passes the gate, out or back, at an instant."""

    at: dt.datetime
    way: Way
    record: MissionRecord


def in_order(records: Iterable[MissionRecord]) -> list[Passing]:
    """Every departure and return in order of time; equal ones in the order of the file."""
    returns, departures, at_once = range(3)
    passings: list[tuple[dt.datetime, int, int, Passing]] = []
    for number, record in enumerate(records):
        out_at, back_at = record.out_at, record.back_at
        passings.append((out_at, departures, number, Passing(out_at, Way.OUT, record)))
        if back_at is not None:
            assert back_at >= out_at, "the reading refuses a return before the departure"
            place = at_once if back_at == out_at else returns
            passings.append((back_at, place, number, Passing(back_at, Way.BACK, record)))
    passings.sort(key=lambda numbered: numbered[:3])
    return [passing for _at, _place, _number, passing in passings]


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """What the records say. The field names are the keys of the report's JSON.

    `overdue` counts missions back strictly later than due, or never; `overdue_30_min` the same half
    an hour later. `sent_again_while_out` counts departures of a mission with somebody on it whose
    earlier mission is still open. Minutes are of those that came back, to a tenth.
    """

    missions: int
    subjects: int
    most_out: int
    most_out_at: str | None
    still_out: int
    sent_again_while_out: int
    overdue: int
    overdue_30_min: int
    median_minutes: float | None
    longest_minutes: float | None


def figures(records: Iterable[MissionRecord], *, due_after: dt.timedelta) -> Figures:
    """The figures of these missions, each due `due_after` its departure."""
    missions = list(records)
    tally = _tally(in_order(missions))
    lasted = [
        (one.back_at - one.out_at).total_seconds() for one in missions if one.back_at is not None
    ]
    return Figures(
        missions=len(missions),
        subjects=len({subject for one in missions for subject in one.subjects}),
        most_out=tally.most_out,
        most_out_at=_shown(tally.most_out_passing),
        still_out=len(missions) - len(lasted),
        sent_again_while_out=tally.sent_again,
        overdue=sum(is_overdue(one, due_after=due_after) for one in missions),
        overdue_30_min=sum(is_overdue(one, due_after=due_after + HALF_AN_HOUR) for one in missions),
        median_minutes=_minutes(statistics.median(lasted)) if lasted else None,
        longest_minutes=_minutes(max(lasted)) if lasted else None,
    )


def is_overdue(record: MissionRecord, *, due_after: dt.timedelta) -> bool:
    """Whether a mission was back strictly later than due, or never."""
    return record.back_at is None or record.back_at - record.out_at > due_after


@dataclass(slots=True)
class _Tally:
    most_out: int = 0
    most_out_passing: Passing | None = None
    sent_again: int = 0


def _tally(passings: list[Passing]) -> _Tally:
    """Go through time once, counting who is out."""
    tally = _Tally()
    missions_out = 0
    open_missions: Counter[str] = Counter()
    for passing in passings:
        subjects = passing.record.subjects
        if passing.way is Way.BACK:
            missions_out -= 1
            open_missions.subtract(subjects)
            continue
        tally.sent_again += any(open_missions[subject] for subject in subjects)
        missions_out += 1
        open_missions.update(subjects)
        if missions_out > tally.most_out:
            tally.most_out, tally.most_out_passing = missions_out, passing
    assert missions_out >= 0, "nobody returns who has not departed"
    return tally


def _shown(passing: Passing | None) -> str | None:
    """The instant as local time with its offset, in the zone of the record."""
    if passing is None:
        return None
    return passing.at.astimezone(zoneinfo.ZoneInfo(passing.record.zone)).isoformat()


def _minutes(seconds: float) -> float:
    return round(seconds / 60, 1)
