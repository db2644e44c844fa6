"""What both models say together, for the person herself, and plain words for a planner. Pure.

Advice, never a bar. Models of groups say nothing reliable about one person, so every point carries
how far it may be off, and the planner is told hours awake and on duty, never how she is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from homeby import instants
from homeby.readiness.rules.sleep import History, Span
from homeby.readiness.rules.three_process import KSS_LEAST, KSS_MOST, ThreeProcessModel
from homeby.readiness.rules.unified import UnifiedModel
from homeby.sentences import gettext as _

#: KSS 7 is the usual line for "sleepy" (`ROSTER.md` 4.1).
KSS_LINE = 7.0
#: Ours: between the peak of a regular week (9.8 lapses) and that of four nights on duty (12.7).
LAPSES_LINE = 12.0
#: How far one person may be from the curve, in steps of KSS. Ours, and wide: the models describe
#: means of groups. Wider where the last sleep is only assumed.
EITHER_WAY, EITHER_WAY_ASSUMED = 2.0, 3.0
POINTS_MAX = 2000


@dataclass(frozen=True, kw_only=True)
class Point:
    """One instant of the curve on a person's own page. `least` and `most`: where one person may
    well be instead; `past_line`: the worse of the two models is past its line."""

    at: dt.datetime
    kss: float
    least: float
    most: float
    lapses: float
    past_line: bool


def curve(
    *, history: History, zone: str, first: dt.datetime, last: dt.datetime, step: dt.timedelta
) -> list[Point]:
    """Points from `first` to `last`. The body's day keeps the zone's offset of the beginning of the
    history: clocks that change do not move anybody's body at once."""
    assert step > dt.timedelta(0), "a curve goes forward"
    assert (last - first) / step < POINTS_MAX, "a curve has an end"
    offset = history.starts_at.astimezone(instants.zone_info(zone)).utcoffset() or dt.timedelta(0)
    models = ThreeProcessModel(history), UnifiedModel(history)
    points, at = [], first
    while at <= last:
        points.append(_point(history, *models, at=at, hour=hour_of_day(at + offset)))
        at += step
    return points


def hour_of_day(at: dt.datetime) -> float:
    """The decimal hour of an instant, as it reads in UTC."""
    utc = at.astimezone(dt.UTC)
    return utc.hour + utc.minute / 60 + (utc.second + utc.microsecond / 1e6) / 3600


def _point(
    history: History,
    three: ThreeProcessModel,
    unified: UnifiedModel,
    *,
    at: dt.datetime,
    hour: float,
) -> Point:
    kss, lapses = three.at(at, hour=hour).kss_shown, unified.at(at, hour=hour).lapses
    wide = EITHER_WAY_ASSUMED if last_sleep_assumed(history, at) else EITHER_WAY
    return Point(
        at=at,
        kss=kss,
        least=max(KSS_LEAST, kss - wide),
        most=min(KSS_MOST, kss + wide),
        lapses=lapses,
        past_line=kss >= KSS_LINE or lapses >= LAPSES_LINE,
    )


def last_sleep_assumed(history: History, at: dt.datetime) -> bool:
    """Whether nobody told of the sleep before this instant."""
    before = [one for one in history.sleeps if one.asleep_at <= at]
    return not before or not before[-1].told


def how_sure(history: History, at: dt.datetime) -> str:
    """What stands beside the curve, always."""
    said = _(
        "Two models of groups, each with its line: one person may be two steps of nine above or "
        "below, and nothing follows from it by itself."
    )
    if not last_sleep_assumed(history, at):
        return said
    assumed = _(
        "Nobody said when the last sleep was: 23:00 to 07:00 is assumed, cut by duty, so three "
        "steps either way."
    )
    return f"{said} {assumed}"


def for_planner(*, history: History | None, duties: Sequence[Span], now: dt.datetime) -> str:
    """Hours awake and hours on duty, in a sentence; never how she is. Without a history, and while
    a sleep is told or assumed to go on, hours awake are not known."""
    duty = _duty_hours(duties, now)
    state = None if history is None or now < history.starts_at else history.state(now)
    if history is None or state is None or not state.awake:
        if duty:
            return _("On duty for {duty}; hours awake are not known.").format(duty=duty)
        return _("Off duty; hours awake are not known.")
    awake = _hours(now - state.since)
    if last_sleep_assumed(history, now):
        if duty:
            return _(
                "Awake for about {awake}, on duty for {duty}; the last sleep is assumed."
            ).format(awake=awake, duty=duty)
        return _("Awake for about {awake}, off duty; the last sleep is assumed.").format(
            awake=awake
        )
    if duty:
        return _("Awake for {awake}, on duty for {duty}.").format(awake=awake, duty=duty)
    return _("Awake for {awake}, off duty.").format(awake=awake)


def _duty_hours(duties: Sequence[Span], now: dt.datetime) -> str:
    """How long the duty that runs now has lasted, those that touch or overlap taken as one."""
    running = [first for first, last in duties if first <= now < last]
    if not running:
        return ""
    earliest = min(running)
    while joined := [first for first, last in duties if first < earliest <= last]:
        earliest = min(joined)
    return _hours(now - earliest)


def _hours(length: dt.timedelta) -> str:
    seconds = length.total_seconds()
    return instants.span(seconds - seconds % 3600 if seconds >= 3600 else seconds)
