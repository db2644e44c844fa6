"""What a person says of her own time, and what an outside calendar says: busy, and nothing more.
Pure: the text of the feed is handed in, and of an one only its times are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import icalendar
import recurring_ical_events

from homeby.instants import resolve
from homeby.sentences import gettext as _

#: A calendar of somebody's whole life has some hundred kilobytes.
FEED_BYTES_MAX = 5_000_000
LINES_MAX = 10_000
#: So far ahead an outside calendar is read, and so far back.
AHEAD = dt.timedelta(days=180)
BACK = dt.timedelta(days=1)
#: Leave or availability that is longer is a mistake in a date.
OWN_TIME_LONGEST = dt.timedelta(days=400)
#: What comes back more often than daily is no duty, and there would be no end of it.
_DAYS_BETWEEN = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30, "YEARLY": 365}
_WITHIN_A_DAY = ("BYSECOND", "BYMINUTE", "BYHOUR")
REPEATS_MAX = 100_000


class OwnTimeKind(StrEnum):
    """What a span of somebody's own time is."""

    LEAVE = "LEAVE"
    AVAILABLE = "AVAILABLE"
    BUSY = "BUSY"


Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, kw_only=True)
class Busy:
    """The busy times of a feed, merged and in order, and the zones that it names and nobody
    knows: their times were read in the zone of the organisation."""

    spans: tuple[Span, ...]
    unknown_zones: tuple[str, ...] = ()


def busy_times(text: bytes, *, zone: str, now: dt.datetime) -> Busy | str:
    """The busy times of an iCalendar feed around `now`, or a sentence that says what is wrong with
    it. What is cancelled, or shown as free, is not busy."""
    if len(text) > FEED_BYTES_MAX:
        return too_large()
    head = text[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").upper()
    if not head.startswith(b"BEGIN:VCALENDAR"):
        return _("At this address is no calendar (iCal); copy its secret address once more.")
    if b"END:VCALENDAR" not in text[-2000:].upper():
        return _("The calendar breaks off before its end; it is read again in an hour.")
    if text.upper().count(b"BEGIN:VEVENT") > LINES_MAX:
        return _("The calendar holds more than {most} entries; choose a smaller one.").format(
            most=LINES_MAX
        )
    try:
        return _read(icalendar.Calendar.from_ical(text), zone, now)
    except Exception:  # noqa: BLE001 - whatever a feed holds, it is a sentence to whoever gave it
        return _("The calendar cannot be read; another program must have damaged it.")


def too_large() -> str:
    """The sentence for a feed over the limit."""
    return _("The calendar is larger than {most} MB; choose a smaller one.").format(
        most=FEED_BYTES_MAX // 1_000_000
    )


def _read(calendar: Any, zone: str, now: dt.datetime) -> Busy | str:
    unknown: dict[str, None] = {}
    kept, work = [], 0
    for one in calendar.walk("VEVENT"):
        repeats = _repeats(one, now)
        if repeats is None or _is_long_over(one, now):
            continue
        work += repeats
        kept.append(one)
        for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
            _note_zone(one.get(name), unknown)
    if work > REPEATS_MAX:
        return _("The calendar holds too much that comes back too often; choose a smaller one.")
    calendar.subcomponents = [one for one in calendar.subcomponents if one.name != "VEVENT"] + kept
    window = (now - BACK, now + AHEAD)
    found: list[Span] = []
    query = recurring_ical_events.of(calendar, skip_bad_series=True)
    for one in filter(_counts, query.between(*window)):  # one of a series by its own status
        begins = _instant(one.start, zone)
        ends = _instant(one.end, zone, later=True)
        if ends > max(begins, window[0]) and begins < window[1]:
            found.append((begins, ends))
    return Busy(spans=joined(found), unknown_zones=tuple(unknown))


def _repeats(one: Any, now: dt.datetime) -> int | None:
    """How often something comes back until the window ends, roughly; None for what comes back so
    often that it is no duty."""
    rule = one.get("RRULE")
    total = 1
    for each in rule if isinstance(rule, list) else [rule] if rule else []:
        days = _DAYS_BETWEEN.get(str(each.get("FREQ", [""])[0]).upper())
        if days is None or any(each.get(name) for name in _WITHIN_A_DAY):
            return None
        begins = getattr(one.get("DTSTART"), "dt", now)
        last = min([(now + AHEAD).toordinal(), *_untils(each)])
        times = max(0, last - begins.toordinal()) // days
        total += min([times, *map(int, each.get("COUNT", ()))])
    return total


def _untils(rule: Any) -> list[int]:
    """The last day of a rule that says one, as a number."""
    return [until.toordinal() for until in rule.get("UNTIL", ())]


def _is_long_over(one: Any, now: dt.datetime) -> bool:
    """Whether a series ended so long ago that nothing of it reaches into what is read."""
    rule = one.get("RRULE")
    if rule is None or isinstance(rule, list) or "RDATE" in one:
        return False
    over = (now - BACK - OWN_TIME_LONGEST).toordinal()
    return any(until < over for until in _untils(rule))


def _counts(one: Any) -> bool:
    is_free = str(one.get("TRANSP", "")).upper() == "TRANSPARENT"
    return not is_free and str(one.get("STATUS", "")).upper() != "CANCELLED"


def _note_zone(value: Any, unknown: dict[str, None]) -> None:
    name = str(value.params.get("TZID", "")) if value is not None else ""
    at = getattr(value, "dt", None)
    if name and isinstance(at, dt.datetime) and at.tzinfo is None:
        unknown[name[:60]] = None


def _instant(at: dt.date, zone: str, *, later: bool = False) -> dt.datetime:
    """An instant of a feed: a day begins in the zone of the organisation, and so does a time that
    names no zone, or one that nobody knows."""
    if not isinstance(at, dt.datetime):
        at = dt.datetime.combine(at, dt.time())
    if at.tzinfo is not None:
        return at.astimezone(dt.UTC)
    return resolve(at, zone, later=later).instant


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that overlap or touch as one: nobody learns how many there are."""
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return tuple(found)
