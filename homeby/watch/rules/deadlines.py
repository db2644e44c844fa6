"""What an open deadline asks for: a reminder, an alarm, or nothing yet. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from homeby.watch.rules.outage import remind_once
from homeby.watch.rules.plans import Plan, Step, Times, reminders, step_at


@dataclass(frozen=True, kw_only=True)
class DeadlineFacts:
    """An open deadline as the watch judges it; `next_step` counts its reminders."""

    times: Times
    plan: Plan
    next_step: int


@dataclass(frozen=True, kw_only=True)
class Remind:
    """Tell the reminder's targets, look again at `act_at`. `dropped` counts those it stands for."""

    step: Step
    next_step: int
    act_at: dt.datetime
    dropped: int = 0


@dataclass(frozen=True, kw_only=True)
class Drop:
    """The reminders that were missed are too old to be sent; look again at `act_at`."""

    dropped: int
    next_step: int
    act_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Open:
    """The due time has passed: open an alarm (or join the one that is open)."""


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Nothing to do before `act_at`."""

    act_at: dt.datetime


def first_act(plan: Plan, times: Times, *, now: dt.datetime) -> tuple[int, dt.datetime]:
    """Where a new deadline begins: reminders already past are skipped, not sent late."""
    before = reminders(plan, times)
    for index, step in enumerate(before):
        at = step_at(step, times)
        if at >= now:
            return index, at
    return len(before), times.due_at


def decide_deadline(facts: DeadlineFacts, *, now: dt.datetime) -> Remind | Drop | Open | Wait:
    """What an open deadline asks for now."""
    if now >= facts.times.due_at:
        return Open()
    before = reminders(facts.plan, facts.times)
    if facts.next_step >= len(before):
        return Wait(act_at=facts.times.due_at)
    at = step_at(before[facts.next_step], facts.times)
    if now < at:
        return Wait(act_at=at)
    once = remind_once(before, facts.next_step, facts.times, now=now)
    act_at = _act_at(before, once.following, facts.times)
    if once.step is None:
        return Drop(dropped=once.dropped, next_step=once.following, act_at=act_at)
    return Remind(step=once.step, next_step=once.following, act_at=act_at, dropped=once.dropped)


def _act_at(before: Sequence[Step], index: int, times: Times) -> dt.datetime:
    """The hour of the reminder at this place, or the due time if there is none."""
    return step_at(before[index], times) if index < len(before) else times.due_at
