"""One of a party who is out alone, whatever was planned: the terms that hold then. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from homeby.missions.rules import Limits

#: Within this long of one leaving, the others who follow count as having left together.
LEAVING_TOGETHER = dt.timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What holds for a mission while its party is as it is."""

    is_solo: bool
    call_out_at: dt.datetime
    check_in_minutes: int | None


def alone(out: Sequence[tuple[uuid.UUID, bool]], *, planned_solo: bool) -> bool:
    """Whether one person is out alone, by who really is out: (person, is a unit) each. A unit
    counts only where it was planned as solo; somebody left behind by the others always."""
    return len(out) == 1 and (planned_solo or not out[0][1])


def terms_alone(
    *,
    due_at: dt.datetime,
    call_out_at: dt.datetime,
    check_in_minutes: int | None,
    limits: Limits,
    now: dt.datetime,
) -> Terms:
    """The terms of one left alone: check-ins as for one alone, help called after the shorter grace,
    earlier and never later. Once the due time has passed the times stand: an alarm runs already."""
    apart = limits.check_in_minutes_solo
    if due_at <= now:
        return Terms(is_solo=True, call_out_at=call_out_at, check_in_minutes=check_in_minutes)
    shorter = due_at + dt.timedelta(minutes=limits.grace_minutes_solo)
    return Terms(
        is_solo=True,
        call_out_at=min(call_out_at, shorter),
        check_in_minutes=min(check_in_minutes or apart, apart),
    )
