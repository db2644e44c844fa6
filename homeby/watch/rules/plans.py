"""Escalation plans: steps, their instants, their order, and what makes a plan unsafe. Pure."""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from homeby.sentences import gettext as _
from homeby.watch.rules.words import STEPS_MAX, Anchor, Target


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of an escalation plan: at `offset_minutes` from its anchor, tell `targets`; the next
    step waits at least `wait_minutes` from when this one was handed or found impossible."""

    anchor: Anchor
    offset_minutes: int
    targets: tuple[Target, ...]
    wait_minutes: int = 5
    people: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An escalation plan. The last step repeats every `repeat_minutes`, slower up to a maximum.
    `two_must_take`: an alarm counts as taken once two different people have taken it."""

    id: uuid.UUID
    name: str
    steps: tuple[Step, ...]
    repeat_minutes: int = 10
    repeat_minutes_max: int = 60
    two_must_take: bool = False

    @functools.cached_property
    def known(self) -> dict[dt.timedelta, tuple[tuple[Step, ...], tuple[Step, ...]]]:
        """Reminders and ladders worked out before, by the grace: a burst has the same few."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Times:
    """Expected back and call-out time of one deadline or alarm."""

    due_at: dt.datetime
    call_out_at: dt.datetime


def step_at(step: Step, times: Times) -> dt.datetime:
    """The instant of a step's offset. A step of the call-out never comes before the due time: with
    a short grace it would turn into a reminder, and be missing when help is called."""
    offset = dt.timedelta(minutes=step.offset_minutes)
    if step.anchor is Anchor.DUE:
        return times.due_at + offset
    return max(times.call_out_at + offset, times.due_at)


def in_order(plan: Plan, times: Times) -> tuple[Step, ...]:
    """The steps in the order of their instants; a short grace may bring call-out steps forward."""
    return tuple(sorted(plan.steps, key=lambda step: step_at(step, times)))


def reminders(plan: Plan, times: Times) -> tuple[Step, ...]:
    """Steps before the due time: they remind and open no alarm."""
    return _parted(plan, times)[0]


def ladder(plan: Plan, times: Times) -> tuple[Step, ...]:
    """Steps from the due time on: what an alarm runs through."""
    return _parted(plan, times)[1]


def _parted(plan: Plan, times: Times) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    grace = times.call_out_at - times.due_at
    if grace not in plan.known:
        steps = in_order(plan, times)
        before = tuple(step for step in steps if step_at(step, times) < times.due_at)
        plan.known[grace] = before, steps[len(before) :]
    return plan.known[grace]


def carry_on(before: Sequence[Step], next_step: int, after: Sequence[Step]) -> int:
    """Where an alarm goes on when its times or its plan change under it, from one ladder to the
    other: the first step that has not run yet. A step may come twice, never not at all."""
    if before == after:
        return next_step
    ran = before[:next_step]
    for index, step in enumerate(after):
        if step not in ran:
            return index
    return len(after)


def _problems_with_step(number: int, step: Step) -> list[str]:
    problems = []
    if not step.targets:
        problems.append(_("Step %d tells nobody; choose at least one.") % number)
    if Target.NAMED in step.targets and not step.people:
        problems.append(_("Step %d tells named people, but names none.") % number)
    if not 0 <= step.wait_minutes <= 240:
        problems.append(_("Step %d: the wait must be 0 to 240 minutes.") % number)
    if abs(step.offset_minutes) > 7 * 24 * 60:
        problems.append(_("Step %d: the offset must be within a week.") % number)
    return problems


def too_many_steps(count: int) -> str:
    """Of a plan that nobody could follow; what else is wrong with it is not looked for."""
    facts = {"most": STEPS_MAX, "count": count}
    return _("A plan has at most %(most)d steps; this one has %(count)d.") % facts


def problems_with_plan(steps: Sequence[Step]) -> list[str]:
    """Sentences about what makes a plan unsafe; empty when it may be used."""
    if not steps:
        return [_("A plan needs at least one step.")]
    if len(steps) > STEPS_MAX:
        return [too_many_steps(len(steps))]
    problems = []
    for number, step in enumerate(steps, start=1):
        problems += _problems_with_step(number, step)
    watchers = {Target.DUTY_OFFICER, Target.EVERY_LEADER}
    prompt = [
        s
        for s in steps
        if s.offset_minutes <= 0 and s.anchor is Anchor.CALL_OUT and watchers & set(s.targets)
    ]
    if not prompt:
        problems.append(
            _("At the call-out time itself a step must tell the duty officer or every leader.")
        )
    return problems
