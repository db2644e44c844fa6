"""Instants and local times: what people type, what it means, how it is said. Pure.

The time rules of the house (`DESIGN.md` 6 "Time", `FIELD.md` 4 rule 10): a due time is kept as an
instant (aware, UTC), an IANA zone, and what was typed. A local time that happens twice, or never,
gives the earlier instant for expected back and call-out: better an hour too soon than too late.
Nothing here reads the clock; `now` is always handed in.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from homeby.sentences import gettext as _

TYPED_LENGTH_MAX = 60
AHEAD_DAYS_MAX = 366
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


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, understood: keep all three (`FIELD.md` 4 rule 10)."""

    instant: dt.datetime
    zone: str
    typed: str
    kind: Reading = Reading.EXACT


@dataclass(frozen=True, slots=True)
class Problem:
    """What somebody typed, not understood, and what to do about it."""

    sentence: str


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


# --- what people type ---------------------------------------------------------------------------

_FLAGS = re.ASCII | re.IGNORECASE
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?\s*(?P<half>[ap]\.?m\.?)?"
)
_ISO = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?:T|\s+){_CLOCK}"
    r"(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    _FLAGS,
)
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})[./](?P<month>\d{{1,2}})(?:[./](?P<year>\d{{4}}|\d{{2}})?)?,?\s+{_CLOCK}",
    _FLAGS,
)
_TIME = re.compile(_CLOCK, _FLAGS)
_AHEAD = re.compile(
    r"(?:in\s+|\+\s*)?"
    r"(?:(?P<days>\d{1,3})\s*d(?:ays?)?\s*)?"
    r"(?:(?P<hours>\d{1,4}(?:[.,]\d{1,2})?)\s*h(?:ours?|rs?)?\s*)?"
    r"(?:(?P<minutes>\d{1,5})\s*(?P<unit>m(?:in(?:ute)?s?)?)?)?",
    _FLAGS,
)
_AHEAD_BY_CLOCK = re.compile(r"(?:in\s+|\+\s*)(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)", _FLAGS)


def parse_typed(text: str, zone: str, now: dt.datetime) -> Typed | Problem:
    """Understand a time as people type it, in this zone.

    "2026-11-22T18:30" (a form's own field), "22.11. 18:30" or "22/11/2026 18:30" (the day first),
    "18:30" (the next such time), "+7h30", "in 7 h 30 min", "90 min". A date without a year is the
    nearest one, so that one just past is seen to be past instead of falling due a year later.
    """
    assert now.tzinfo is not None, "now is an instant"
    typed = " ".join(text.split())
    if not typed:
        return Problem(_("No time is given. Write one such as 18:30 or +7h30."))
    if len(typed) > TYPED_LENGTH_MAX:
        return Problem(_("That is too long for a time. Write one such as 18:30 or +7h30."))
    try:
        zone_info(zone)
        resolved = _understand(typed, zone, now)
    except TimeProblem as problem:
        return Problem(str(problem))
    return Typed(resolved.instant, zone, typed, resolved.kind)


def _understand(typed: str, zone: str, now: dt.datetime) -> Resolved:
    if found := _ISO.fullmatch(typed):
        return _dated(found, zone, now)
    if found := _DAY_FIRST.fullmatch(typed):
        return _dated(found, zone, now)
    if found := _TIME.fullmatch(typed):
        return _next_such_time(_clock_time(found), zone, now)
    return Resolved(now + _ahead(typed), Reading.EXACT)


def _clock_time(found: re.Match[str]) -> dt.time:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise TimeProblem(_("With am or pm the hour goes from 1 to 12."))
        hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise TimeProblem(_("There is no such time: hours go from 0 to 23, minutes from 0 to 59."))
    return dt.time(hour, minute, second)


def _dated(found: re.Match[str], zone: str, now: dt.datetime) -> Resolved:
    clock_time = _clock_time(found)
    offset = found.groupdict().get("offset")
    if found["year"]:
        century = 2000 if len(found["year"]) == len("26") else 0
        day = _date(century + int(found["year"]), found)
        wall = dt.datetime.combine(day, clock_time)
        if offset:
            return _at_offset(wall, offset)
        return resolve(wall, zone)
    this_year = now.astimezone(zone_info(zone)).year
    readings = []
    for year in (this_year - 1, this_year, this_year + 1):
        try:
            readings.append(resolve(dt.datetime.combine(_date(year, found), clock_time), zone))
        except TimeProblem as problem:  # 29.2. exists in some years only
            missing = problem
    if not readings:
        raise missing
    return min(readings, key=lambda reading: abs(reading.instant - now))


def _date(year: int, found: re.Match[str]) -> dt.date:
    month, day = int(found["month"]), int(found["day"])
    if not 1 <= month <= 12:
        raise TimeProblem(
            _("There is no month {month}. Write the day first: 22.11. 18:30.").format(month=month)
        )
    try:
        return dt.date(year, month, day)
    except ValueError as never:
        raise TimeProblem(
            _("There is no day {day} in month {month} of {year}.").format(
                day=day, month=month, year=year
            )
        ) from never


def _at_offset(wall: dt.datetime, offset: str) -> Resolved:
    try:
        aware = dt.datetime.fromisoformat(wall.isoformat() + offset.upper())
        return Resolved(aware.astimezone(dt.UTC), Reading.EXACT)
    except (ValueError, OverflowError) as wrong:
        raise TimeProblem(_("{offset} is not an offset from UTC.").format(offset=offset)) from wrong


def _next_such_time(clock_time: dt.time, zone: str, now: dt.datetime) -> Resolved:
    """The first instant after now at which a clock on the wall may show this time."""
    today = now.astimezone(zone_info(zone)).date()
    readings = [
        resolve(dt.datetime.combine(today + dt.timedelta(days=days), clock_time), zone, later=later)
        for days in (-1, 0, 1, 2)  # a zone may skip a whole day (Pacific/Apia, 30 December 2011)
        for later in (False, True)
    ]
    return min((one for one in readings if one.instant > now), key=lambda one: one.instant)


def reread(typed: str, zone: str, kept: dt.datetime) -> dt.datetime | None:
    """What a time that was typed once means by the zone data of today: the reading next to the
    instant that was kept. None when it does not depend on any zone ("+7h30", "18:30Z"), or cannot
    be understood. Without a date the day is that of the kept instant."""
    words = " ".join(typed.split())
    try:
        place = zone_info(zone)
        if found := _ISO.fullmatch(words) or _DAY_FIRST.fullmatch(words):
            return None if found.groupdict().get("offset") else _dated(found, zone, kept).instant
        if not (found := _TIME.fullmatch(words)):
            return None
        day, clock_time = kept.astimezone(place).date(), _clock_time(found)
        readings = [
            resolve(dt.datetime.combine(day + dt.timedelta(days=days), clock_time), zone, later=it)
            for days in (-1, 0, 1)
            for it in (False, True)
        ]
    except TimeProblem:
        return None
    return min(readings, key=lambda one: abs(one.instant - kept)).instant


def _ahead(typed: str) -> dt.timedelta:
    if found := _AHEAD_BY_CLOCK.fullmatch(typed):
        return dt.timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    found = _AHEAD.fullmatch(typed)
    if not found or not any((found["days"], found["hours"], found["minutes"])):
        raise TimeProblem(
            _("“{typed}” is not a time. Write one such as 18:30, 22.11. 18:30 or +7h30.").format(
                typed=typed
            )
        )
    if found["minutes"] and not found["unit"] and not found["hours"]:
        raise TimeProblem(
            _("“{typed}” could be minutes or hours. Write {typed} min or {typed} h.").format(
                typed=found["minutes"]
            )
        )
    ahead = dt.timedelta(
        days=int(found["days"] or 0),
        hours=float((found["hours"] or "0").replace(",", ".")),
        minutes=int(found["minutes"] or 0),
    )
    if ahead > dt.timedelta(days=AHEAD_DAYS_MAX):
        raise TimeProblem(_("That is more than a year ahead. Write a date instead."))
    return ahead


# --- how it is said -----------------------------------------------------------------------------


def span(seconds: float) -> str:
    """A duration in words: "7 h 30 min", "35 min", "2 d 4 h"; under a minute in seconds."""
    days, hours, minutes, rest = _parts(seconds)
    if days >= 2:
        return _("{days} d {hours} h").format(days=days, hours=hours) if hours else _days(days)
    hours += 24 * days
    if hours and minutes:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _hours(hours) if hours else _minutes(minutes, rest)


def short_span(seconds: float) -> str:
    """A duration for a board read from five metres: "2 h 10", "35 min"."""
    days, hours, minutes, rest = _parts(seconds)
    if days >= 2:
        return _("{days} d {hours} h").format(days=days, hours=hours) if hours else _days(days)
    hours += 24 * days
    if hours and minutes:
        return _("{hours} h {minutes}").format(hours=hours, minutes=f"{minutes:02d}")
    return _hours(hours) if hours else _minutes(minutes, rest)


def _parts(seconds: float) -> tuple[int, int, int, int]:
    """Days, hours, minutes and seconds, rounded down: never promise more time than there is."""
    minutes, rest = divmod(int(abs(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return days, hours, minutes, rest


def _days(days: int) -> str:
    return _("{days} d").format(days=days)


def _hours(hours: int) -> str:
    return _("{hours} h").format(hours=hours)


def _minutes(minutes: int, rest: int) -> str:
    if minutes or not rest:
        return _("{minutes} min").format(minutes=minutes)
    return _("{seconds} s").format(seconds=rest)


def relative(instant: dt.datetime, now: dt.datetime) -> str:
    """How far away an instant is: "in 2 h 10", "35 min ago", "now" within a minute."""
    seconds = (instant - now).total_seconds()
    if abs(seconds) < 60:
        return _("now")
    words = short_span(seconds)
    return (_("in {span}") if seconds > 0 else _("{span} ago")).format(span=words)


def wall(instant: dt.datetime, zone: str, now: dt.datetime) -> str:
    """The local time of an instant, with as much of the date as a reader needs now.

    "18:30", "tomorrow 18:30", "Sun 22 Nov 18:30", "22 Nov 2027 18:30". A time that happens twice
    that day carries its offset's name ("02:30 CEST"), so that it cannot be misread. Raises
    UnknownZone.
    """
    place = zone_info(zone)
    local = instant.astimezone(place)
    clock_face = f"{local:%H:%M}"
    if resolve(local.replace(tzinfo=None, fold=0), zone).kind is Reading.AMBIGUOUS:
        clock_face += f" {local.tzname()}"
    today = now.astimezone(place).date()
    days = (local.date() - today).days
    if days == 0:
        return clock_face
    if days in (-1, 1):
        near = _("tomorrow {time}") if days == 1 else _("yesterday {time}")
        return near.format(time=clock_face)
    month = _months()[local.month - 1]
    if local.year == today.year or abs(days) <= 60:
        return _("{weekday} {day} {month} {time}").format(
            weekday=_weekdays()[local.weekday()], day=local.day, month=month, time=clock_face
        )
    return _("{day} {month} {year} {time}").format(
        day=local.day, month=month, year=local.year, time=clock_face
    )


def _weekdays() -> tuple[str, ...]:
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def _months() -> tuple[str, ...]:
    return (
        *(_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun")),
        *(_("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec")),
    )
