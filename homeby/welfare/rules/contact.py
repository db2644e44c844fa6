"""Nothing done with any team-mate for long: a rule, no statistics. Pure.

It sees that somebody is simply not there any more, whatever was decided. Source: `LEFTOUT.md` 4.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from homeby.welfare.rules.left_out import Team

#: So many times what is usual in the team, and never less than this.
TIMES, LEAST = 4, dt.timedelta(days=21)
#: Fewer gaps than these say of no team what is usual in it.
GAPS_LEAST = 12

Span = tuple[dt.datetime, dt.datetime]


def allowed(team: Team) -> dt.timedelta | None:
    """After how long it is asked how somebody is; None while nobody knows what is usual."""
    gaps = team.memory.gaps
    if len(gaps) < GAPS_LEAST:
        return None
    return max(LEAST, dt.timedelta(days=TIMES * statistics.median(gaps)))


def last_together(team: Team, who: str) -> dt.datetime | None:
    """When she last did something with another of the team, or came to it."""
    member = team.members.get(who)
    met = team.memory.met.get(who)
    since = member.since if member is not None else None
    return max((one for one in (met, since) if one is not None), default=None)


@dataclass(frozen=True, kw_only=True)
class Silence:
    """She has done nothing with any of her team since then; `limit` is how long is too long."""

    who: str
    since: dt.datetime
    limit: dt.timedelta


def silence(team: Team, who: str, *, away: Iterable[Span], now: dt.datetime) -> Silence | None:
    """Where she has done nothing with any of them for too long, and they have without her since.
    Leave and injury do not count. A team that stands still leaves nobody behind."""
    limit, since = allowed(team), last_together(team, who)
    did_at = team.memory.did_at
    if limit is None or since is None or did_at is None or did_at <= since:
        return None
    passed = now - since - _within(away, since, now)
    return Silence(who=who, since=since, limit=limit) if passed >= limit else None


def _within(spans: Iterable[Span], begins: dt.datetime, ends: dt.datetime) -> dt.timedelta:
    """How much of a time these spans cover; where they overlap, once."""
    covered, reached = dt.timedelta(0), begins
    for first, last in sorted(spans):
        first, last = max(first, reached), min(last, ends)
        if first < last:
            covered += last - first
            reached = last
    return covered
