"""When a mission's next check-in is due, and when help is called if it does not come."""

from __future__ import annotations

import datetime as dt

from homeby.missions import queries, rules
from homeby.missions.models import Mission
from homeby.watch.rules import Times


def next_after(
    mission: Mission,
    *,
    heard_at: dt.datetime,
    now: dt.datetime,
    limits: rules.Limits | None = None,
) -> Times | None:
    """The next check-in after one at `heard_at`; None where none is asked for before the return.
    At most one query, none where the limits are at hand."""
    if mission.due_at is None or not (mission.check_in_minutes or mission.check_in_times):
        return None
    due_at = rules.next_check_in(
        heard_at=heard_at,
        interval_minutes=mission.check_in_minutes,
        times=listed(mission),
        due_at=mission.due_at,
        now=now,
    )
    return None if due_at is None else missed_at(mission, due_at, limits=limits)


def missed_at(
    mission: Mission, due_at: dt.datetime, *, limits: rules.Limits | None = None
) -> Times:
    """The times of a check-in: help is called after the same grace as for one alone, or after a
    quarter of the interval, at least five minutes."""
    grace = (limits or queries.limits()).grace_minutes_solo
    if mission.check_in_minutes:
        grace = min(grace, max(5, mission.check_in_minutes // 4))
    return Times(due_at=due_at, call_out_at=due_at + dt.timedelta(minutes=grace))


def listed(mission: Mission) -> tuple[dt.datetime, ...]:
    """The check-in times that were agreed one by one, in order."""
    return tuple(dt.datetime.fromisoformat(text) for text in mission.check_in_times)
