"""Where people are fades (RELIABILITY.md 11): while they are out by who reads it, exact for their
own party and the duty officer, the sector for a leader, nothing for others, until somebody looks
for them; a month after the return, for everybody, to the area. Pure."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from enum import StrEnum

from homeby.missions.rules import MissionState

#: So long after the return what happened is still talked about.
EXACT_FOR = dt.timedelta(days=30)
#: Decimals of a degree that are left: an area some ten kilometres wide.
AREA_DECIMALS = 1
#: How wide a sector is at least, and its height in degrees of latitude.
SECTOR_KM = 5
_HEIGHT = 0.05
#: Widths in degrees of longitude: the first that is no narrower on the ground than it is high.
_WIDTHS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 90.0)
#: What ends the words of a sector, in any script.
_COMMA = re.compile("[,،、﹐，]")  # noqa: RUF001 - commas of other scripts
#: Numbers that may be coordinates; they name no sector.
_EXACT = re.compile("\\d{3}|\\d\\s?[.°′'\"″º]")  # noqa: RUF001 - minutes and seconds


class Sight(StrEnum):
    """How near a reader comes to the place of a party."""

    EXACT = "EXACT"
    SECTOR = "SECTOR"
    NONE = "NONE"


class Standing(StrEnum):
    """What a reader is to a party that is out. NEAR: one of it, its buddy, the duty officer, or
    whoever broke the glass; LEADS: a leader who is none of these; OTHER: anybody else."""

    NEAR = "NEAR"
    LEADS = "LEADS"
    OTHER = "OTHER"


_LEFT = (MissionState.OUT, MissionState.BACK)


def fades(state: str) -> bool:
    """Whether who reads it matters: a plan that nobody left on is as exact as it was typed."""
    return state in _LEFT


def sight(*, state: str, standing: Standing, is_sought: bool) -> Sight:
    """What a reader sees of the place. `is_sought`: an alarm is open or the return is overdue, and
    whoever may help reads everything, at once."""
    if not fades(state) or is_sought or standing is Standing.NEAR:
        return Sight.EXACT
    if standing is Standing.OTHER:
        return Sight.NONE
    return Sight.SECTOR if state == MissionState.OUT else Sight.EXACT


def is_faded(*, back_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the exact place and the route are shown to nobody any more; `back_at` is None for
    whoever is not back."""
    return back_at is not None and now - back_at >= EXACT_FOR


def area(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """The middle of the area in which a place lies (WGS84, degrees), None for none."""
    if latitude is None or longitude is None:
        return None
    return round(latitude, AREA_DECIMALS), round(longitude, AREA_DECIMALS)


def sector(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """The middle of the box of a fixed grid in which a place lies (WGS84, degrees), at least about
    five kilometres wide and high; None for none."""
    if latitude is None or longitude is None:
        return None
    middle = _middle(latitude, _HEIGHT, most=90.0)
    narrow = max(math.cos(math.radians(middle)), 1e-6)
    width = next((one for one in _WIDTHS if one * narrow >= _HEIGHT * 0.9), _WIDTHS[-1])
    return middle, _middle(longitude, width, most=180.0)


def _middle(degrees: float, step: float, *, most: float) -> float:
    found = (math.floor(degrees / step) + 0.5) * step
    return round(min(found, most - step / 2), 3)


def sector_words(place: str) -> str:
    """What a typed place says of the sector: the words before its first comma; "" where there is no
    comma, for then all of it may be the place, and where they are numbers."""
    head, comma = _COMMA.split(place, maxsplit=1)[0].strip(), _COMMA.search(place)
    return head if comma and head and not _EXACT.search(head) else ""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Where a plan says that they go, as it was typed."""

    place: str
    latitude: float | None
    longitude: float | None
    route_gpx: str


@dataclass(frozen=True, kw_only=True)
class Where:
    """The same as one reader reads it now. `at` is the middle of a sector or an area where it
    `is_around`."""

    sight: Sight
    place: str = ""
    at: tuple[float, float] | None = None
    is_around: bool = False
    route_gpx: str = ""

    @property
    def shown(self) -> str:
        """In a few words that no language changes; the page of a mission says more."""
        if self.place or self.sight is not Sight.SECTOR or self.at is None:
            return self.place
        return f"≈ {self.at[0]:g}, {self.at[1]:g}"


def where(planned: Planned, *, sight: Sight, has_faded: bool) -> Where:
    """What is left of the place for a reader with this sight."""
    at = planned.latitude, planned.longitude
    if sight is Sight.NONE:
        return Where(sight=sight)
    if sight is Sight.SECTOR:
        words = sector_words(planned.place)
        return Where(sight=sight, place=words, at=sector(*at), is_around=True)
    if has_faded:
        return Where(sight=sight, place=planned.place, at=area(*at), is_around=True)
    exact = None if at[0] is None or at[1] is None else (at[0], at[1])
    return Where(sight=sight, place=planned.place, at=exact, route_gpx=planned.route_gpx)
