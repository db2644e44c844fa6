"""What people type for a time, understood: still to come, or when something happened. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from homeby.instants.local import (
    TYPED_LENGTH_MAX,
    Reading,
    Resolved,
    TimeProblem,
    resolve,
    zone_info,
)
from homeby.sentences import gettext as _

AHEAD_DAYS_MAX = 366
#: So far the clock of whoever says when something happened may run ahead of ours and mean "now".
CLOCKS_DIFFER = dt.timedelta(minutes=2)


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
#: The words of every language that Homeby speaks are understood in each: whoever reads
#: "morgen 18:30" types it, too, and a party seldom speaks one language only.
_DAY_WORDS = {
    0: "today|heute|aujourd['\u2019]hui|hoy|今日",
    1: "tomorrow|morgen|demain|ma[nñÑ]ana|明日",
    -1: "yesterday|gestern|hier|ayer|昨日",
}
_DAYS_OFF = tuple(
    (off, re.compile(rf"(?:{words})(?:,|の)?\s*(?:at\s+|um\s+|à\s+|a las?\s+)?{_CLOCK}", _FLAGS))
    for off, words in _DAY_WORDS.items()
)
_IN = r"(?:(?:in|dans|en|dentro de)\s+|\+\s*)"
_D = r"(?:d(?:ays?|[ií]as?)?|tg\.?|tage?n?|j(?:ours?)?|日)"
_H = r"(?:h(?:ours?|rs?|eures?|oras?)?|std\.?|stunden?|時間)"
_M = r"(?:m(?:in(?:ute[ns]?|utos?|s)?)?\.?|分)"
_AHEAD = re.compile(
    rf"{_IN}?"
    rf"(?:(?P<days>\d{{1,3}})\s*{_D}\s*)?"
    rf"(?:(?P<hours>\d{{1,4}}(?:[.,]\d{{1,2}})?)\s*{_H}\s*)?"
    rf"(?:(?P<minutes>\d{{1,5}})\s*(?P<unit>{_M})?)?後?",
    _FLAGS,
)
_AHEAD_BY_CLOCK = re.compile(rf"{_IN}(?P<hours>\d{{1,3}}):(?P<minutes>[0-5]\d)", _FLAGS)
_AGO = re.compile(
    r"(?P<minus>-\s*|(?:vor|il y a|hace)\s+)?(?P<span>.+?)(?P<ago>\s+ago|前)?", _FLAGS
)


def parse_typed(text: str, zone: str, now: dt.datetime) -> Typed | Problem:
    """Understand a time as people type it, in this zone.

    "2026-11-22T18:30" (a form's own field), "22.11. 18:30" or "22/11/2026 18:30" (the day first),
    "18:30" (the next such time), "tomorrow 18:30", "+7h30", "in 7 h 30 min", "90 min". A date
    without a year is the nearest one, so that one just past is seen to be past instead of falling
    due a year later. Words may be English, German, French, Spanish or Japanese.
    """
    return _typed(text, zone, now, _understand)


def parse_past(text: str, zone: str, now: dt.datetime) -> Typed | Problem:
    """Understand when something happened, as people type it, in this zone: never later than now.

    "17:40" or "5:40 pm" (the last such time, by the local calendar), "yesterday 17:40",
    "21.11. 17:40", "20 min", "1 h 30 ago". What lies ahead gets a sentence; only for two minutes a
    clock may run ahead of ours.
    """
    return _typed(text, zone, now, _understand_past)


def _typed(
    text: str, zone: str, now: dt.datetime, read: Callable[[str, str, dt.datetime], Resolved]
) -> Typed | Problem:
    assert now.tzinfo is not None, "now is an instant"
    typed = _plainly(text)
    if not typed:
        return Problem(_("No time is given. Write one such as 18:30 or +7h30."))
    if len(typed) > TYPED_LENGTH_MAX:
        return Problem(_("That is too long for a time. Write one such as 18:30 or +7h30."))
    try:
        zone_info(zone)
        resolved = read(typed, zone, now)
    except TimeProblem as problem:
        return Problem(str(problem))
    return Typed(resolved.instant, zone, typed, resolved.kind)


def _plainly(text: str) -> str:
    """With single spaces, and with the wide digits of an East Asian keyboard as plain ones."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _day_off(typed: str) -> tuple[int, re.Match[str]] | None:
    """The days from today that a word says, and the time that follows it."""
    for off, pattern in _DAYS_OFF:
        if found := pattern.fullmatch(typed):
            return off, found
    return None


def _on_day(said: tuple[int, re.Match[str]], zone: str, now: dt.datetime) -> Resolved:
    off, found = said
    day = now.astimezone(zone_info(zone)).date() + dt.timedelta(days=off)
    return resolve(dt.datetime.combine(day, _clock_time(found)), zone)


def _understand_past(typed: str, zone: str, now: dt.datetime) -> Resolved:
    if found := _TIME.fullmatch(typed):
        resolved = _last_such_time(_clock_time(found), zone, now)
    elif said := _day_off(typed):
        resolved = _on_day(said, zone, now)
    elif found := _ISO.fullmatch(typed) or _DAY_FIRST.fullmatch(typed):
        resolved = _dated(found, zone, now)
    else:
        resolved = Resolved(now - _ago(typed), Reading.EXACT)
    if resolved.instant > now + CLOCKS_DIFFER:
        raise TimeProblem(_lies_ahead())
    return Resolved(min(resolved.instant, now), resolved.kind)


def _lies_ahead() -> str:
    return _("This time lies ahead; when it happened is now or earlier.")


def _ago(typed: str) -> dt.timedelta:
    if re.match(_IN, typed, _FLAGS) or typed.endswith("後"):
        raise TimeProblem(_lies_ahead())
    found = _AGO.fullmatch(typed)
    assert found is not None, "something is typed"
    sign = "+" if found["minus"] or found["ago"] else ""  # "1:30 ago" is no time of the day
    such_as = _("17:40, 21.11. 17:40 or 20 min ago")
    return _span(sign + found["span"], such_as=such_as, said=typed)


def _understand(typed: str, zone: str, now: dt.datetime) -> Resolved:
    if found := _ISO.fullmatch(typed):
        return _dated(found, zone, now)
    if found := _DAY_FIRST.fullmatch(typed):
        return _dated(found, zone, now)
    if found := _TIME.fullmatch(typed):
        return _next_such_time(_clock_time(found), zone, now)
    if said := _day_off(typed):
        return _on_day(said, zone, now)
    ahead = _span(typed, such_as=_("18:30, 22.11. 18:30 or +7h30"))
    return Resolved(now + ahead, Reading.EXACT)


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
    readings = _readings_near(clock_time, zone, now)
    return min((one for one in readings if one.instant > now), key=lambda one: one.instant)


def _last_such_time(clock_time: dt.time, zone: str, now: dt.datetime) -> Resolved:
    """The last instant up to now (by a clock a little ahead) at which one may have shown this."""
    readings = _readings_near(clock_time, zone, now)
    past = (one for one in readings if one.instant <= now + CLOCKS_DIFFER)
    return max(past, key=lambda one: one.instant)


def _readings_near(clock_time: dt.time, zone: str, now: dt.datetime) -> list[Resolved]:
    today = now.astimezone(zone_info(zone)).date()
    return [
        resolve(dt.datetime.combine(today + dt.timedelta(days=days), clock_time), zone, later=later)
        for days in (-2, -1, 0, 1, 2)  # a zone may skip a whole day (Pacific/Apia, 30.12.2011)
        for later in (False, True)
    ]


def reread(typed: str, zone: str, kept: dt.datetime) -> dt.datetime | None:
    """What a time that was typed once means by the zone data of today: the reading next to the
    instant that was kept. None when it does not depend on any zone ("+7h30", "18:30Z"), or cannot
    be understood. Without a date the day is that of the kept instant."""
    words = _plainly(typed)
    try:
        place = zone_info(zone)
        if found := _ISO.fullmatch(words) or _DAY_FIRST.fullmatch(words):
            return None if found.groupdict().get("offset") else _dated(found, zone, kept).instant
        said = _day_off(words)
        if not (found := said[1] if said else _TIME.fullmatch(words)):
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


def _span(typed: str, *, such_as: str, said: str = "") -> dt.timedelta:
    """A duration as people type it; `such_as` names what could be written instead."""
    if found := _AHEAD_BY_CLOCK.fullmatch(typed):
        return dt.timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    found = _AHEAD.fullmatch(typed)
    if not found or not any((found["days"], found["hours"], found["minutes"])):
        raise TimeProblem(
            _("“{typed}” is not a time. Write one such as {such_as}.").format(
                typed=said or typed, such_as=such_as
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
        raise TimeProblem(_("That is more than a year. Write a date instead."))
    return ahead
