"""Duties as the rules of rest see them: spans of time in a zone. Pure."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from homeby.instants import resolve, zone_info
from homeby.readiness.rules.packs import DutyKind, Rule
from homeby.readiness.rules.sleep import Span

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
#: Duties further back than this bear on no rule that a pack may hold.
LOOK_BACK = dt.timedelta(days=400)


class Duty(NamedTuple):
    """A duty, past, going on or planned. `released_at` None: nobody has released her yet (or it is
    planned); `expected_at` is when that is expected. Of many people there are many."""

    began_at: dt.datetime
    released_at: dt.datetime | None = None
    expected_at: dt.datetime | None = None
    kind: DutyKind = DutyKind.WORK


def counted_as(kind: str) -> DutyKind:
    """As what a duty of the calendar counts where rules tell duties apart: travel and stand-by as
    themselves, all else as work."""
    return DutyKind.__members__.get(kind, DutyKind.WORK)


@dataclass(frozen=True, kw_only=True)
class RestFacts:
    """The duties of one person, in any order, and the zone of the organisation's days."""

    duties: tuple[Duty, ...]
    zone: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of one rule: may a duty be from `begins` to `ends` after these `past` spans
    (merged, in order, each before `begins`)? Nobody is asked for a length: then both are one."""

    begins: dt.datetime
    ends: dt.datetime
    past: tuple[Span, ...]
    zone: str

    @property
    def last_end(self) -> dt.datetime | None:
        """When the last duty before it ended."""
        return self.past[-1][1] if self.past else None


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a rule answers when it speaks against it."""

    until: dt.datetime | None
    length: dt.timedelta = dt.timedelta(0)
    count: int = 0
    since: dt.datetime | None = None


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in order, those that overlap or touch as one; one that ends before it begins counts as
    an instant."""
    found: list[Span] = []
    last: dt.datetime | None = None
    for begins, ends in sorted([(one, other if other > one else one) for one, other in spans]):
        if last is None or begins > last:
            found.append((begins, ends))
            last = ends
        elif ends > last:
            found[-1] = (found[-1][0], ends)
            last = ends
    return tuple(found)


def spans_before(
    facts: RestFacts, *, begins: dt.datetime, now: dt.datetime, counts: frozenset[DutyKind]
) -> tuple[Span, ...]:
    """The duties that count and begin before this, as spans up to it. One that is not released
    lasts until it is expected to end, or goes on."""
    found, first = [], begins - LOOK_BACK
    counts_all = len(counts) == len(DutyKind)  # of most rules: then no kind is looked up
    for began_at, released_at, expected_at, kind in facts.duties:
        if not first < began_at < begins or not (counts_all or kind in counts):
            continue
        ends = released_at or max(now, expected_at or now)
        found.append((began_at, begins if begins < ends else ends))
    return merged(found)


class Past:
    """The duties of one person as spans, merged once for all that is asked about them."""

    def __init__(self, facts: RestFacts, *, now: dt.datetime) -> None:
        self._facts, self._now = facts, now
        self._merged: dict[frozenset[DutyKind], tuple[Span, ...]] = {}

    def before(
        self,
        begins: dt.datetime,
        *,
        counts: frozenset[DutyKind],
        added: Span | None = None,
        kind: DutyKind = DutyKind.WORK,
    ) -> tuple[Span, ...]:
        """What `spans_before` says. `added` is a span besides, of this kind, before this, and none
        of the duties before this begins after it does."""
        added = added if kind in counts else None
        merged_all = self._merged.get(counts)
        if merged_all is None:
            merged_all = self._merged[counts] = self._spans(counts)
        first = begins - LOOK_BACK
        if (merged_all and merged_all[0][0] <= first) or (added and added[0] <= first):
            return self._one_by_one(begins, counts=counts, added=added)
        place = bisect_left(merged_all, (begins,))
        found = merged_all[:place]
        if found and found[-1][1] > begins:
            found = (*found[:-1], (found[-1][0], begins))
        if added is None:
            return found
        span = (added[0], min(added[1], begins))
        if not found or found[-1][1] < span[0]:
            return (*found, span)
        return (*found[:-1], (found[-1][0], max(found[-1][1], span[1])))

    def _spans(self, counts: frozenset[DutyKind]) -> tuple[Span, ...]:
        now, counts_all = self._now, len(counts) == len(DutyKind)
        return merged(
            [
                (began_at, released_at or max(now, expected_at or now))
                for began_at, released_at, expected_at, kind in self._facts.duties
                if counts_all or kind in counts
            ]
        )

    def _one_by_one(
        self, begins: dt.datetime, *, counts: frozenset[DutyKind], added: Span | None
    ) -> tuple[Span, ...]:
        """Where some of it is too long ago to count."""
        facts = self._facts
        if added is not None:
            facts = replace(facts, duties=(*facts.duties, Duty(*added)))
        return spans_before(facts, begins=begins, now=self._now, counts=counts)


def local_midnight(day: dt.date, zone: str) -> dt.datetime:
    """When a local day begins."""
    return resolve(dt.datetime.combine(day, dt.time()), zone).instant


def local_day(at: dt.datetime, zone: str) -> dt.date:
    """The local day of an instant."""
    return at.astimezone(zone_info(zone)).date()


def half_day_from(at: dt.datetime, zone: str) -> dt.datetime:
    """The first local noon or midnight at an instant or after it."""
    today = local_day(at, zone)
    noon = resolve(dt.datetime.combine(today, dt.time(12)), zone).instant
    turns = (local_midnight(today, zone), noon, local_midnight(today + dt.timedelta(days=1), zone))
    return min(turn for turn in turns if turn >= at)


@lru_cache(maxsize=256)
def hours(number: float | None) -> dt.timedelta:
    """A length as a rule says it."""
    return HOUR * (number or 0)


def night_of(span: Span, rule: Rule, zone: str) -> dt.timedelta | None:
    """How much of the night of this rule lies within a span; None where they do not even touch."""
    assert rule.begins is not None, "a rule of the night says when it begins"
    assert rule.ends is not None, "and when it ends"
    touched, length = False, dt.timedelta(0)
    day, last = local_day(span[0], zone) - DAY, local_day(span[1], zone)
    while day <= last:
        ends_on = day if rule.begins < rule.ends else day + DAY
        first = resolve(dt.datetime.combine(day, rule.begins), zone).instant
        end = resolve(dt.datetime.combine(ends_on, rule.ends), zone).instant
        if span[0] < end and first < max(span[1], span[0] + dt.timedelta(microseconds=1)):
            touched = True
            length += max(dt.timedelta(0), min(end, span[1]) - max(first, span[0]))
        day += DAY
    return length if touched else None
