"""Two clocks compared: the wall clock, which can be set, and the count since boot, which cannot.

`zero_at` is what ties them together: what the wall clock showed, or would have shown, when the
count was zero. As long as nobody moves the wall clock it stays the same, through suspend and resume
too (`RELIABILITY.md` section 4, "Clock", "Clock disputed"). Pure.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

#: So far apart the two clocks may be before one of them is not believed.
DISPUTED_SECONDS = 5.0
LEAST_SET_BACK = dt.timedelta(seconds=DISPUTED_SECONDS)
#: Smaller steps are taken over at this rate, so that a clock which is set right by a little every
#: day is never disputed, and one that stands still or runs wildly always is.
LEAN = 0.001
#: So far apart the clocks of two watchkeepers may be. An instant that lies further ahead, and ought
#: to have been, was written by a clock that has been set back since.
SKEW = dt.timedelta(minutes=1)
#: What a clock elsewhere said counts for so long, and only where its answer came so fast.
OUTSIDE_FRESH_SECONDS = 600.0
OUTSIDE_ANSWER_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """Both clocks of a machine at one moment. `machine` names this switching-on of it: counts of
    the same name can be compared between processes."""

    wall_at: dt.datetime
    boot_seconds: float
    machine: str

    @property
    def zero_at(self) -> dt.datetime:
        """The zero by which the wall clock is right."""
        return self.wall_at - dt.timedelta(seconds=self.boot_seconds)


@dataclass(frozen=True, kw_only=True)
class OutsideTime:
    """What a clock elsewhere said, tied to this machine's count when it said so."""

    zero_at: dt.datetime
    boot_seconds: float
    machine: str


def outside_zero(
    shown_at: dt.datetime, *, asked_seconds: float, answered_seconds: float
) -> dt.datetime | None:
    """The zero by which an outside clock is right that showed a whole second between two counts;
    None when the answer took too long to say anything about seconds."""
    if not 0 <= answered_seconds - asked_seconds <= OUTSIDE_ANSWER_SECONDS:
        return None
    half = dt.timedelta(seconds=0.5)  # a whole second is half a second old on average
    middle = (asked_seconds + answered_seconds) / 2
    return shown_at + half - dt.timedelta(seconds=middle)


def still_counts(outside: OutsideTime, seen: Clocks) -> bool:
    """Whether what an outside clock said may be held against this machine's clocks now."""
    age = seen.boot_seconds - outside.boot_seconds
    return outside.machine == seen.machine and 0 <= age <= OUTSIDE_FRESH_SECONDS


def counted_at(seen: Clocks, zero_at: dt.datetime) -> dt.datetime:
    """The time by the count since boot alone."""
    return zero_at + dt.timedelta(seconds=seen.boot_seconds)


def apart_seconds(seen: Clocks, zero_at: dt.datetime) -> float:
    """By how much the wall clock was moved: forward positive, backward negative."""
    return (seen.zero_at - zero_at).total_seconds()


def agree(seen: Clocks, zero_at: dt.datetime) -> bool:
    """Whether the wall clock may be believed."""
    return near(seen.zero_at, zero_at)


def near(one_zero_at: dt.datetime, other_zero_at: dt.datetime) -> bool:
    """Whether two zeros are the same as far as clocks can say."""
    return abs((one_zero_at - other_zero_at).total_seconds()) <= DISPUTED_SECONDS


def time_at(seen: Clocks, zero_at: dt.datetime) -> dt.datetime:
    """The time to go by: the wall clock while it may be believed, else the count since boot."""
    return seen.wall_at if agree(seen, zero_at) else counted_at(seen, zero_at)


def so_far(at: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """An instant that has been. One that lies ahead was written by a clock that has been set back
    since: it proves nothing, and puts nothing off."""
    return None if at is not None and at > now + SKEW else at


def leaning(seen: Clocks, zero_at: dt.datetime, *, elapsed_seconds: float) -> dt.datetime:
    """The zero drawn towards the wall clock by as much as the time since the last look allows."""
    limit = LEAN * max(elapsed_seconds, 0.0)
    drawn = min(max(apart_seconds(seen, zero_at), -limit), limit)
    return zero_at + dt.timedelta(seconds=drawn)
