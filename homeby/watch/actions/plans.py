"""Escalation plans as data of the organisation."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people.actions.organisation import require
from homeby.people.rules import Role, Viewer
from homeby.watch import queries, rules
from homeby.watch.actions.notices import plan_changed
from homeby.watch.models import Alarm, EscalationPlan, PlanStep
from homeby.watch.rules import AlarmState, DeadlineKind, Step


@dataclass(frozen=True, kw_only=True)
class PlanFields:
    """A plan as an administrator types it; minutes."""

    name: str
    kind: DeadlineKind
    steps: tuple[Step, ...]
    is_default: bool = False
    repeat_minutes: int = 10
    repeat_minutes_max: int = 60
    two_must_take: bool = False


def _problems(fields: PlanFields) -> dict[str, str]:
    problems = {}
    if not fields.name.strip():
        problems["name"] = _("Give the plan a name.")
    if not 1 <= fields.repeat_minutes <= 240:
        problems["repeat_minutes"] = _("The last step repeats after 1 to 240 minutes.")
    if not fields.repeat_minutes <= fields.repeat_minutes_max <= 1440:
        problems["repeat_minutes_max"] = _("The slowest repetition is at most a day.")
    if steps := rules.problems_with_plan(fields.steps):
        problems["steps"] = " ".join(steps)
    return problems


@logbook.once
def set_plan(
    *, plan_id: uuid.UUID | None, fields: PlanFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Set a plan with all its steps; `plan_id` None makes a new one whose id is the tap's. Open
    alarms go on by the plan as it then stands; whether two must take it counts from the next time
    somebody takes one."""
    require(by, Role.ADMINISTRATOR)
    if problems := _problems(fields):
        raise Refused(**problems)
    same_name = EscalationPlan.objects.filter(name=fields.name.strip())
    if same_name.exclude(pk=plan_id or tap.entry_id).exists():
        raise Refused(name=_("There is a plan of that name already."))
    key = plan_id or tap.entry_id
    values = {
        "name": fields.name.strip(),
        "kind": fields.kind,
        "is_default": fields.is_default,
        "repeat_minutes": fields.repeat_minutes,
        "repeat_minutes_max": fields.repeat_minutes_max,
        "two_must_take": fields.two_must_take,
    }
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(rules.PLAN_SET, subject=f"plan:{key}", tap=tap, answer=_("Plan saved."))
        if fields.is_default:
            others = EscalationPlan.objects.filter(kind=fields.kind, is_default=True)
            for other in others.exclude(pk=key):
                page.change(other, is_default=False)
        if plan_id is None:
            plan = EscalationPlan(id=key, **values)
            page.add(plan)
        else:
            plan = EscalationPlan.objects.select_for_update().get(pk=key)
            before = queries.plan_facts(plan)
            page.change(plan, **values)
            for old in plan.steps.all():
                page.remove(old)
            _carry_over(page, before, replace(before, steps=fields.steps))
        for rank, step in enumerate(fields.steps):
            page.add(_row(plan, rank, step))
        plan_changed(page, plan_id=key, name=plan.name, by=by)
    return _("Plan saved.")


def add_plan(page: Page, fields: PlanFields) -> EscalationPlan:
    """A plan that comes with something else (a partner station), as part of its entry."""
    assert not _problems(fields), "the code's own plan is safe"
    plan = EscalationPlan(
        id=uuid.uuid4(),
        name=fields.name,
        kind=fields.kind,
        is_default=fields.is_default,
        repeat_minutes=fields.repeat_minutes,
        repeat_minutes_max=fields.repeat_minutes_max,
        two_must_take=fields.two_must_take,
    )
    page.add(plan)
    for rank, step in enumerate(fields.steps):
        page.add(_row(plan, rank, step))
    return plan


def _carry_over(page: Page, before: rules.Plan, after: rules.Plan) -> None:
    """Open alarms go on at the first step of the new plan that has not run yet."""
    following = Alarm.objects.select_for_update(of=("self",)).filter(
        plan_id=before.id, state=AlarmState.OPEN
    )
    for alarm in following.order_by("pk"):
        times = rules.Times(due_at=alarm.due_at, call_out_at=alarm.call_out_at)
        old, new = rules.ladder(before, times), rules.ladder(after, times)
        step = rules.carry_on(old, alarm.next_step, new)
        if step != alarm.next_step:
            page.change(alarm, next_step=step, act_at=page.book.now, lapsed=False)


def _row(plan: EscalationPlan, rank: int, step: Step) -> PlanStep:
    return PlanStep(
        id=uuid.uuid4(),
        plan=plan,
        rank=rank,
        anchor=step.anchor,
        offset_minutes=step.offset_minutes,
        targets=[str(target) for target in step.targets],
        people=[str(key) for key in step.people],
        wait_minutes=step.wait_minutes,
    )
