"""How instants and durations are said to people. Pure."""

from __future__ import annotations

import datetime as dt

from homeby.instants.local import zone_info
from homeby.sentences import gettext as _


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
    clock_face = f"{local.hour:02}:{local.minute:02}"
    # The local time of an instant exists; where its two readings differ, it happens twice.
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
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


def day(date: dt.date) -> str:
    """A day as `wall` writes it: "22 Nov 2027"."""
    month = _months()[date.month - 1]
    said = _("{day} {month} {year} {time}")
    return said.format(day=date.day, month=month, year=date.year, time="").strip()


def weekday(date: dt.date) -> str:
    """A day of a calendar with its weekday: "Sun 22 Nov"; its year stands above it."""
    said, month = _("{weekday} {day} {month} {time}"), _months()[date.month - 1]
    name = _weekdays()[date.weekday()]
    return said.format(weekday=name, day=date.day, month=month, time="").strip()


def from_to(
    begins: dt.datetime,
    ends: dt.datetime,
    zone: str,
    now: dt.datetime,
    *,
    on: dt.date | None = None,
) -> tuple[str, str]:
    """Both ends of a time, each with no more of a day than a reader needs: what begins on the day
    `on`, under whose name it stands, and what ends on the day on which it began, needs none."""
    place = zone_info(zone)
    first = begins.astimezone(place).date()

    def near(instant: dt.datetime, day: dt.date | None) -> str:
        is_there = instant.astimezone(place).date() == day
        return wall(instant, zone, instant if is_there else now)

    return near(begins, on), near(ends, first)


def _weekdays() -> tuple[str, ...]:
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def _months() -> tuple[str, ...]:
    return (
        *(_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun")),
        *(_("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec")),
    )
