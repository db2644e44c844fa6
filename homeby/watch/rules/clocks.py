"""When a machine's wall clock is believed, and what counts while it is not. Pure.

Keeps promise P8. Rules: `RELIABILITY.md` section 4, "Clock disputed" and "Boot with time earlier
than the last log entry". Moved back: the count since boot counts on until the wall clock agrees
again or a person says that it is right. Moved forward: for at most ten minutes, then the wall clock
is believed, for an alarm may come too soon and never too late. A clock elsewhere decides sooner:
where it agrees with the wall clock, that counts at once; where it agrees with the count since boot,
a wall clock that was moved forward is not accepted after ten minutes. Where it agrees with neither
it decides nothing: whoever answers the heartbeat must not be able to stop the watch alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from homeby import steady
from homeby.steady import Clocks, OutsideTime

ACCEPT_AFTER_SECONDS = 600.0


class ClockTrouble(StrEnum):
    """Why a wall clock is not believed."""

    BACK = "BACK"  # it was moved back
    FORWARD = "FORWARD"  # it was moved forward
    BEHIND = "BEHIND"  # after switching on it showed less than the logbook's last entry


class ClockEnding(StrEnum):
    """How a dispute about a clock ended."""

    AGREED = "AGREED"  # the two clocks agree again
    OUTSIDE = "OUTSIDE"  # a clock elsewhere agrees with the wall clock
    ACCEPTED = "ACCEPTED"  # ten minutes after it was moved forward
    BY_PERSON = "BY_PERSON"  # a person says that the wall clock is right
    TURNED = "TURNED"  # moved to the other side; another dispute follows
    GONE = "GONE"  # the machine was switched off, or keeps no watch any more


@dataclass(frozen=True, kw_only=True)
class Believed:
    """What is believed so far: the zero, and the open dispute if there is one (its kind, and the
    count at which it began). `is_first`: nothing was known since the machine was switched on."""

    zero_at: dt.datetime
    kind: ClockTrouble | None = None
    began_seconds: float = 0.0
    is_first: bool = False
    looked_seconds: float | None = None
    outside: OutsideTime | None = None


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """Nothing to say; trust this zero."""

    zero_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Disputed:
    """A dispute begins."""

    kind: ClockTrouble
    apart_seconds: float


@dataclass(frozen=True, kw_only=True)
class Settled:
    """The open dispute ends; trust this zero."""

    ending: ClockEnding
    zero_at: dt.datetime


def first_zero(seen: Clocks, *, last_entry_at: dt.datetime | None) -> dt.datetime:
    """What to trust when nothing is known since the machine was switched on: the wall clock, but
    time is at least that of the logbook's last entry, counted on from here."""
    if last_entry_at is None:
        return seen.zero_at
    least = last_entry_at - dt.timedelta(seconds=seen.boot_seconds)
    return least if not steady.agree(seen, least) and least > seen.zero_at else seen.zero_at


def decide_clock(seen: Clocks, believed: Believed) -> Agreed | Disputed | Settled:
    """What the two clocks say now."""
    apart = steady.apart_seconds(seen, believed.zero_at)
    if believed.kind is not None:
        return _go_on(seen, believed, believed.kind, apart)
    if not steady.agree(seen, believed.zero_at):
        back = ClockTrouble.BEHIND if believed.is_first else ClockTrouble.BACK
        return Disputed(kind=ClockTrouble.FORWARD if apart > 0 else back, apart_seconds=apart)
    since = believed.looked_seconds
    elapsed = 0.0 if since is None else seen.boot_seconds - since
    return Agreed(zero_at=steady.leaning(seen, believed.zero_at, elapsed_seconds=elapsed))


def _go_on(seen: Clocks, believed: Believed, kind: ClockTrouble, apart: float) -> Agreed | Settled:
    """An open dispute: does it end?"""
    caught_up = kind is ClockTrouble.BEHIND and apart > 0
    if steady.agree(seen, believed.zero_at) or caught_up:
        return Settled(ending=ClockEnding.AGREED, zero_at=seen.zero_at)
    outside = believed.outside
    if outside is not None and not steady.still_counts(outside, seen):
        outside = None
    if outside is not None and steady.agree(seen, outside.zero_at):
        return Settled(ending=ClockEnding.OUTSIDE, zero_at=seen.zero_at)
    if (apart > 0) != (kind is ClockTrouble.FORWARD):
        return Settled(ending=ClockEnding.TURNED, zero_at=believed.zero_at)
    if outside is not None and steady.near(outside.zero_at, believed.zero_at):
        return Agreed(zero_at=believed.zero_at)
    waited = seen.boot_seconds - believed.began_seconds
    if kind is ClockTrouble.FORWARD and waited >= ACCEPT_AFTER_SECONDS:
        return Settled(ending=ClockEnding.ACCEPTED, zero_at=seen.zero_at)
    return Agreed(zero_at=believed.zero_at)
