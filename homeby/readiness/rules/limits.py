"""How each kind of rule judges: what it found and when it ends, or None where it is kept. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from homeby.instants import resolve, zone_info
from homeby.readiness.rules.duties import (
    DAY,
    Asked,
    Found,
    hours,
    local_day,
    local_midnight,
    night_of,
)
from homeby.readiness.rules.packs import Rule, RuleKind
from homeby.readiness.rules.sleep import Span

#: Clocks are changed by no more than this, but where a country crosses the date line.
_CLOCKS = dt.timedelta(hours=3)
Judge = Callable[[Rule, Asked], Found | None]


def _length(spans: Sequence[Span]) -> dt.timedelta:
    return sum([ends - begins for begins, ends in spans], dt.timedelta(0))


def rest_after(rule: Rule, asked: Asked) -> Found | None:
    """`hours` after every duty, or `share` of its length where that is more. A rest that was broken
    was none: the work on both sides of it counts together."""
    worked, until = dt.timedelta(0), None
    least, share = hours(rule.hours), rule.share or 0
    most = hours(rule.hours_most) if rule.hours_most else dt.timedelta.max
    if not asked.past:
        return None
    longest = max(least, _length(asked.past) * share)  # even if all of it counted together
    if asked.begins >= asked.past[-1][1] + longest:
        return None
    # Where so little was worked that its share is no more than the least, no share is computed.
    short = (least.total_seconds() - 0.001) / share if share else float("inf")
    for begins, ends in _since_a_gap(asked.past, longest):
        if until is None or begins >= until:
            worked = ends - begins
        else:
            worked += ends - begins
        rest = least if worked.total_seconds() < short else max(least, worked * share)
        until = ends + min(rest, most)
    return Found(until=until, length=worked) if until and asked.begins < until else None


def _since_a_gap(past: tuple[Span, ...], gap: dt.timedelta) -> tuple[Span, ...]:
    """The last of these spans, from where there was so long a gap before."""
    place = len(past) - 1
    while place > 0 and past[place][0] - past[place - 1][1] < gap:
        place -= 1
    return past[place:]


def night_rest(rule: Rule, asked: Asked) -> Found | None:
    """`hours` after a duty that touched the night."""
    rest = hours(rule.hours)
    for begins, ends in reversed(asked.past):  # merged: the last of them ends last
        if asked.begins >= ends + rest:
            return None
        if night_of((begins, ends), rule, asked.zone) is not None:
            return Found(until=ends + rest, length=ends - begins)
    return None


def work_ratio(rule: Rule, asked: Asked) -> Found | None:
    """`rest_hours` for every `work_hours` within a day that always begins at the same local time.
    A duty that lies in two days counts whole in both; rest between duties of the day counts."""
    found = None
    for number, (begins, ends) in enumerate(asked.past):
        if ends < asked.begins - 3 * DAY:
            continue
        starts = _day_start(rule, ends, asked.zone)
        same = [span for span in asked.past[: number + 1] if span[1] > starts or span[0] == begins]
        worked = _length(same)
        had = same[-1][1] - same[0][0] - worked
        owed = worked * ((rule.rest_hours or 0) / (rule.work_hours or 1))
        until = ends + max(dt.timedelta(0), owed - had)
        if asked.begins < until and (found is None or (found.until and found.until < until)):
            found = Found(until=until, length=worked, since=same[0][0])
    return found


def _day_start(rule: Rule, ends: dt.datetime, zone: str) -> dt.datetime:
    """When the day of the rule began in which a duty ended; an end at the border is of the day
    before."""
    assert rule.begins is not None, "a ratio says when its day begins"
    day = local_day(ends, zone)
    start = resolve(dt.datetime.combine(day, rule.begins), zone).instant
    while start >= ends:
        day -= DAY
        start = resolve(dt.datetime.combine(day, rule.begins), zone).instant
    return start


def daily_rest(rule: Rule, asked: Asked) -> Found | None:
    """`hours` in one piece in every 24 h: all work since the last such rest ends in time for it."""
    rest, start = hours(rule.hours), None
    last_end = None
    for begins, ends in asked.past:
        if last_end is None or begins - last_end >= rest:
            start = begins
        last_end = ends
    if start is None or last_end is None or asked.begins - last_end >= rest:
        return _daily_alone(rule, asked)
    in_time = start + DAY - rest
    fits = asked.ends <= in_time and asked.begins < in_time
    return None if fits else Found(until=last_end + rest, since=start)


def _daily_alone(rule: Rule, asked: Asked) -> Found | None:
    """A duty after enough rest leaves room for the next one only if it is short enough."""
    most = DAY - hours(rule.hours)
    if asked.ends - asked.begins <= most:
        return None
    return Found(until=None, length=asked.ends - asked.begins)


def weekly_rest(rule: Rule, asked: Asked) -> Found | None:
    """`hours` in one piece in every `days`."""
    rest, since, last_end = hours(rule.hours), None, None
    for begins, ends in asked.past:
        if last_end is None or begins - last_end >= rest:
            since = begins
        last_end = ends
    if since is None or last_end is None or asked.begins - last_end >= rest:
        return None
    in_time = since + (rule.days or 0) * DAY - rest
    fits = asked.ends <= in_time and asked.begins < in_time
    return None if fits else Found(until=last_end + rest, since=since)


def longest_duty(rule: Rule, asked: Asked) -> Found | None:
    """No duty over `hours`; with a night, only where enough of it lies within."""
    begins, ends = asked.begins, asked.ends
    if asked.past and asked.past[-1][1] >= begins:  # they are merged: only the last can touch it
        begins, ends = asked.past[-1][0], max(ends, asked.past[-1][1])
    if ends - begins <= hours(rule.hours):
        return None
    if rule.begins is not None:
        night = night_of((begins, ends), rule, asked.zone)
        if night is None or night < hours(rule.least_hours):
            return None
    return Found(until=None, length=ends - begins, since=begins)


def hours_in_days(rule: Rule, asked: Asked) -> Found | None:
    """At most `hours` in any `days` in a row, or that on average over `average_days`."""
    days = rule.average_days or rule.days or 1
    most = hours(rule.hours) * (days / (rule.days or 1))
    window, length = days * DAY, asked.ends - asked.begins
    if length > most:
        return Found(until=None, length=length, count=days)
    # The window that ends with the duty holds the most: going on adds as much as leaves at most.
    first = asked.ends - window
    since = _worked_since(asked.past, most - length, after=first, touching=not length)
    if since is None or since + window <= asked.ends:
        return None
    inside = [(max(first, began), ended) for began, ended in asked.past]
    worked = _length([span for span in inside if span[0] < span[1]])
    return Found(until=since + window - length, length=worked + length, count=days)


def _worked_since(
    past: Sequence[Span], allowed: dt.timedelta, *, after: dt.datetime, touching: bool
) -> dt.datetime | None:
    """Since when just so much was worked as is allowed; None where it never came to more (with
    `touching`: to as much) `after` an instant."""
    total = dt.timedelta(0)
    for begins, ends in reversed(past):
        if ends <= after:
            return None
        full = total + (ends - begins)
        if full > allowed or (touching and full == allowed):
            return ends - (allowed - total)
        total = full
    return None


def days_in_a_row(rule: Rule, asked: Asked) -> Found | None:
    """After `days` with duty, `days_off` whole local days without; fewer do not count as off."""
    off, most = rule.days_off or 1, rule.days or 1
    if _is_short_row(asked, off=off, most=most):
        return None
    wanted = _days_of((asked.begins, asked.ends), asked.zone)
    if len(wanted) > most:
        return Found(until=None, count=len(wanted))
    row = _row(asked.past, asked.zone, off=off)
    if not row or (wanted[0] - row[0]).days - 1 >= off or len({*row, *wanted}) <= most:
        return None
    until = local_midnight(row[0] + (off + 1) * DAY, asked.zone)
    return Found(until=until, count=len(row), since=local_midnight(row[-1], asked.zone))


def _is_short_row(asked: Asked, *, off: int, most: int) -> bool:
    """Whether all duties that may count as one row lie within days enough, however the clocks are
    changed between them: then no local day is looked up."""
    first, gap = asked.begins, (off + 1) * DAY + _CLOCKS
    looked = first
    for begins, looked in reversed(asked.past):
        if first - looked >= gap:
            break
        first = begins
    if asked.ends - first >= (most - 1) * DAY - _CLOCKS:
        return False
    place = zone_info(asked.zone)
    before, after = (at.astimezone(place).utcoffset() for at in (min(first, looked), asked.ends))
    assert before is not None, "a zone has an offset"
    assert after is not None, "a zone has an offset"
    return abs(after - before) <= _CLOCKS


def _row(past: Sequence[Span], zone: str, *, off: int) -> list[dt.date]:
    """The last days of duty, the latest first, between which she never had that many days off."""
    row: list[dt.date] = []
    for span in reversed(past):
        for day in reversed(_days_of(span, zone)):
            if row and (row[-1] - day).days - 1 >= off:
                return row
            if not row or day < row[-1]:
                row.append(day)
    return row


def _days_of(span: Span, zone: str) -> list[dt.date]:
    """The local days on which a span lies; one that ends at midnight is not on the next."""
    begins, ends = span
    last = local_day(max(begins, ends - dt.timedelta(microseconds=1)), zone)
    day = local_day(begins, zone)
    found = [day]
    while day < last:
        day += DAY
        found.append(day)
    return found


JUDGES: dict[RuleKind, Judge] = {
    RuleKind.REST_AFTER: rest_after,
    RuleKind.NIGHT_REST: night_rest,
    RuleKind.WORK_RATIO: work_ratio,
    RuleKind.DAILY_REST: daily_rest,
    RuleKind.WEEKLY_REST: weekly_rest,
    RuleKind.LONGEST_DUTY: longest_duty,
    RuleKind.HOURS_IN_DAYS: hours_in_days,
    RuleKind.DAYS_IN_A_ROW: days_in_a_row,
}
