"""Local times and the instants they stand for. Pure.

A local time that happens twice, or never, gives the earlier instant: better an hour too soon than
too late (`DESIGN.md` 6 "Time").
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from homeby.sentences import gettext as _

TYPED_LENGTH_MAX = 60
_NOT_PLACES = frozenset({"localtime", "posixrules", "Factory", "leapseconds"})


class TimeProblem(ValueError):
    """A time that cannot be understood; its text is the sentence to show."""


class UnknownZone(TimeProblem):
    """A time zone whose name nobody knows."""


class Reading(StrEnum):
    """How often a local time happens in its zone."""

    EXACT = "EXACT"  # once
    AMBIGUOUS = "AMBIGUOUS"  # twice: the clocks went back over it
    MISSING = "MISSING"  # never: the clocks went forward over it


@dataclass(frozen=True, slots=True)
class Resolved:
    """The instant (aware, UTC) that a local time stands for, and how often that time happens."""

    instant: dt.datetime
    kind: Reading


@lru_cache(maxsize=1000)
def _known_zone(name: str) -> zoneinfo.ZoneInfo:
    if name in _NOT_PLACES or name.startswith(("posix/", "right/")):
        raise KeyError(name)
    return zoneinfo.ZoneInfo(name)


def zone_info(name: str) -> zoneinfo.ZoneInfo:
    """The zone of this IANA name ("Europe/Zurich"). Raises UnknownZone with a sentence."""
    try:
        return _known_zone(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise UnknownZone(
            _("“{zone}” is not a time zone. Write one such as Europe/Zurich or UTC.").format(
                zone=name[:TYPED_LENGTH_MAX]
            )
        ) from unknown


def resolve(wall: dt.datetime, zone: str, *, later: bool = False) -> Resolved:
    """The instant of a naive local time in an IANA zone.

    A time that happens twice gives the earlier instant. A time that never happens has two readings
    as well, by the offset before the change and by the one after it; the second is the earlier
    instant (02:30 in a gap from 02:00 to 03:00 reads as 01:30). `later=True` asks for the later.
    Raises UnknownZone, and TimeProblem for a time outside the calendar.
    """
    assert wall.tzinfo is None, "resolve takes a local time; an aware one is already an instant"
    place = zone_info(zone)
    try:
        first = wall.replace(tzinfo=place, fold=0).astimezone(dt.UTC)
        second = wall.replace(tzinfo=place, fold=1).astimezone(dt.UTC)
    except OverflowError as outside:
        raise TimeProblem(
            _("{wall} lies outside the calendar.").format(wall=wall.isoformat(" ", "minutes"))
        ) from outside
    if first == second:
        return Resolved(first, Reading.EXACT)
    # PEP 495: over an overlap the first reading is the earlier, over a gap the later
    kind = Reading.AMBIGUOUS if first < second else Reading.MISSING
    return Resolved(max(first, second) if later else min(first, second), kind)
