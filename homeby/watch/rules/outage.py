"""After an outage: how long the watch was blind, what waits for the doors, and what is told. Pure.

Keeps promise P7. Rules: `RELIABILITY.md` section 5, steps 1-7. Nothing is replayed: everything is
judged by how it stands now. Whoever is past the call-out time is told at once; for all others the
doors come first, so that a sign-in which waited on a device is heard before an alarm is raised.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from homeby.steady import Clocks
from homeby.watch.rules.plans import Step, Times, step_at

OUTAGE_FROM = dt.timedelta(minutes=2)
DOORS = dt.timedelta(seconds=60)
STALE = dt.timedelta(minutes=30)  # so old a reminder reminds nobody any more
#: For so long after it what is sent goes by the rules of this page; then there is nothing left.
CATCH_UP = dt.timedelta(minutes=30)
SHOWN = dt.timedelta(hours=24)
_AHEAD_SECONDS = -5.0  # two processes read the time one after the other


@dataclass(frozen=True, kw_only=True)
class Outage:
    """A blind period: nobody watched `from_at` .. `to_at`; until `doors_until_at` doors first.
    `id` is its row's, `told` whether those who were out have been told of it."""

    from_at: dt.datetime
    to_at: dt.datetime
    doors_until_at: dt.datetime
    id: uuid.UUID | None = None
    told: bool = False

    def missed(self, act_at: dt.datetime | None) -> bool:
        """Whether something that was due at `act_at` fell into the blind period."""
        return act_at is not None and act_at <= self.to_at

    def doors_first(self, now: dt.datetime) -> bool:
        """Whether alarms that are not past their call-out time still wait."""
        return now < self.doors_until_at


@dataclass(frozen=True, kw_only=True)
class Look:
    """A stored look of a watchkeeper: by its clock, and by the count since boot of its machine,
    None where an older version left it."""

    looked_at: dt.datetime
    machine: str = ""
    boot_seconds: float | None = None


def blind_seconds(
    looks: Iterable[Look], *, seen: Clocks, real_now: dt.datetime, own_seconds: float | None
) -> float | None:
    """Real seconds since anybody watched; None where that cannot be known.

    Looks of this switching-on of this machine are compared by its count since boot, which sleep is
    part of and which nobody sets: a clock that was moved is no outage. `own_seconds` is the count
    at which this process itself judged last. A look that lies ahead proves that a clock was set
    back since, so that nothing is known.
    """
    ages = [] if own_seconds is None else [seen.boot_seconds - own_seconds]
    for look in looks:
        if look.machine == seen.machine and look.boot_seconds is not None:
            ages.append(seen.boot_seconds - look.boot_seconds)
        else:
            ages.append((real_now - look.looked_at).total_seconds())
    age = min(ages, default=None)
    return None if age is None or age < _AHEAD_SECONDS else age


def outage(
    age_seconds: float | None, *, now: dt.datetime, pace: float, last: Outage | None
) -> Outage | None:
    """The outage that ends now, if there was one. `pace` is how many seconds of the station pass in
    a real one. Whoever noted the `last` one watched then, even if it was killed at once."""
    if age_seconds is None:
        return None
    span = dt.timedelta(seconds=age_seconds * pace)
    from_at = now - span if last is None else max(now - span, last.to_at)
    if now - from_at <= OUTAGE_FROM * pace:
        return None
    return Outage(from_at=from_at, to_at=now, doors_until_at=now + DOORS * pace)


def present_step(steps: Sequence[Step], times: Times, *, now: dt.datetime) -> int:
    """The place of the last step whose hour has passed, -1 if there is none: the step at which an
    alarm stands, whatever was missed before it. If it is the last of the plan, all its people are
    told together."""
    passed = [index for index, step in enumerate(steps) if step_at(step, times) <= now]
    return max(passed, default=-1)


@dataclass(frozen=True, kw_only=True)
class Reminding:
    """What becomes of missed reminders: the newest for the people of all (None: it is too old), how
    many were dropped, and the place of the next one."""

    step: Step | None
    dropped: int
    following: int


def remind_once(before: Sequence[Step], place: int, times: Times, *, now: dt.datetime) -> Reminding:
    """One reminder in place of those from `place` on whose hours have passed while nobody
    watched."""
    last = max(present_step(before, times, now=now), place)
    missed = before[place : last + 1]
    newest = missed[-1]
    fresh = now - step_at(newest, times) <= STALE
    targets = tuple(dict.fromkeys(one for step in missed for one in step.targets))
    people = tuple(dict.fromkeys(one for step in missed for one in step.people))
    whole = Step(
        anchor=newest.anchor,
        offset_minutes=newest.offset_minutes,
        targets=targets,
        wait_minutes=newest.wait_minutes,
        people=people,
    )
    return Reminding(
        step=whole if fresh else None,
        dropped=len(missed) - fresh,
        following=last + 1,
    )
