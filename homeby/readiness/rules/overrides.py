"""What a word lifts by which somebody takes it on that another goes though she rests, or is not
asked before: the duty for which it was said, or else the first that it lets her be on, and the kind
it was said of, and nothing else. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from homeby import instants
from homeby.readiness.rules.sleep import Span
from homeby.sentences import gettext as _

#: So long a word counts at most.
HOLDS = dt.timedelta(hours=24)


class Lifted(NamedTuple):
    """What counts no more: what the rules of rest say, the "not before" of her health, and that
    she is on another duty at that time. No word about the one lifts the other."""

    rest: bool
    health: bool
    two_at_once: bool = False


@dataclass(frozen=True, kw_only=True)
class Word:
    """By whose word, when and why; `span` is that of the duty for which it was said (None: said of
    her and of no duty, and not used yet, so it counts for any). `over_another`: the duty for which
    it was said by whoever saw that she is on another at that time."""

    by: uuid.UUID
    at: dt.datetime
    reason: str
    span: Span | None
    lifts: Lifted
    over_another: uuid.UUID | None = None

    def covers(self, *, begins: dt.datetime, ends: dt.datetime) -> bool:
        return self.span is None or (self.span[0] <= begins and ends <= self.span[1])


def counting(
    words: Iterable[Word], *, since: Iterable[dt.datetime], now: dt.datetime
) -> list[Word]:
    """The words that count still: `since` she was last released or something was said of her
    health, and for a day at most."""
    earliest = max([*since, now - HOLDS])
    return [one for one in words if one.at >= earliest]


def lifted(
    words: Iterable[Word],
    *,
    begins: dt.datetime,
    ends: dt.datetime,
    duty: uuid.UUID | None = None,
) -> Lifted:
    """What these words lift of what speaks against a duty (`duty`, where it is one that is kept)
    from `begins` to `ends`."""
    there = [one for one in words if one.covers(begins=begins, ends=ends)]
    return Lifted(
        rest=any(one.lifts.rest for one in there),
        health=any(one.lifts.health for one in there),
        two_at_once=duty is not None and any(one.over_another == duty for one in there),
    )


def said(
    words: Sequence[Word], *, names: Mapping[uuid.UUID, str], zone: str, now: dt.datetime
) -> list[str]:
    """By whose word, for which duty and why, for whoever plans; without the name of whom the reader
    is kept away from."""
    return [
        _said(one, names.get(one.by, ""), zone=zone, now=now)
        for one in words
        if one.span is None or one.span[1] > now
    ]


def _said(word: Word, who: str, *, zone: str, now: dt.datetime) -> str:
    said = {"who": who, "at": instants.wall(word.at, zone, now), "reason": word.reason}
    if word.span is None:
        if who:
            return _("Overridden by {who} at {at}: {reason}").format(**said)
        return _("Overridden by name at {at}: {reason}").format(**said)
    begins, ends = (instants.wall(one, zone, now) for one in word.span)
    sentence = _("Overridden by name at {at} for {begins} to {ends} alone: {reason}")
    if who:
        sentence = _("Overridden by {who} at {at} for {begins} to {ends} alone: {reason}")
    return sentence.format(**said, begins=begins, ends=ends)
