"""Escalation plans: all of them with an example, and the editor of one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook.rules import Refused
from homeby.people.rules import Role
from homeby.watch import queries as watch
from homeby.watch.actions import plans as actions
from homeby.watch.queries import PlanSheet
from homeby.watch.rules import STEPS_MAX, DeadlineKind, too_many_steps
from homeby.web.choosing import watchers
from homeby.web.context import OFFICE_ROLES
from homeby.web.door import Door, page, show, tap_of
from homeby.web.office.plan_forms import (
    PlanForm,
    Steps,
    fields_of,
    one_more,
    plan_form,
    steps_of,
    used_for,
)
from homeby.web.office.timed import key_of
from homeby.web.promises import Line, Times, lines_of


@page(*OFFICE_ROLES)
def office_plans(door: Door) -> HttpResponse:
    """Every plan, with what it would do in an example."""
    shown = [
        {
            "id": sheet.plan.id,
            "name": sheet.plan.name,
            "used_for": used_for(sheet),
            "is_default": sheet.is_default,
            "is_return": sheet.kind is DeadlineKind.RETURN,
            "missions_open": sheet.open_count,
            "promise": example(sheet, door),
        }
        for sheet in watch.plan_sheets(door.viewer)
    ]
    may_change = door.viewer.has(Role.ADMINISTRATOR)
    return render(door.request, "office/plans.html", {"plans": shown, "may_change": may_change})


def example(sheet: PlanSheet, door: Door) -> list[Line]:
    """What a plan does for somebody out at 08:00, expected at 18:30, call-out at 19:00."""
    day = door.now.astimezone(instants.zone_info(door.zone)).date()

    def at(hour: int, minute: int) -> dt.datetime:
        wall = dt.datetime.combine(day, dt.time(hour, minute))
        return instants.resolve(wall, door.zone).instant

    out_at = at(8, 0) if sheet.kind is DeadlineKind.RETURN else None
    times = Times(due_at=at(18, 30), call_out_at=at(19, 0), zone=door.zone, out_at=out_at)
    lines = lines_of(sheet.plan, times, now=at(0, 0))
    if sheet.kind is DeadlineKind.RETURN:
        return lines
    due = _("A check-in is due.")  # nobody leaves here: the example begins with what is missed
    return [
        replace(one, sentence=due) if one.kind == "expected_back" else one
        for one in lines
        if one.kind != "out"
    ]


@page(Role.ADMINISTRATOR)
def office_plan(door: Door, item: str) -> HttpResponse:
    """The editor of one plan, or of a new one."""
    sheet = _sheet(door, item)
    kept = {key for step in sheet.plan.steps for key in step.people} if sheet else set()
    people = watchers(but=door.viewer.apart - kept, to=door.viewer, now=door.now)
    sent = door.request.POST if door.request.method == "POST" else None
    if sent is not None and sent.get("act") == "add_step":
        more = one_more(sent)
        return _editor(door, sheet, plan_form(sheet, more), steps_of(sheet, people, more))
    form, steps = plan_form(sheet, sent), steps_of(sheet, people, sent)
    if sent is not None and _kept(door, sheet, form, steps):
        return redirect("office-plans")
    return _editor(door, sheet, form, steps, status=422 if sent is not None else 200)


def _sheet(door: Door, item: str) -> PlanSheet | None:
    if item == "new":
        return None
    key = key_of(item)
    found = watch.plan_sheets(door.viewer, key) if key else []
    if not found:
        raise Http404
    return found[0]


def _editor(
    door: Door, sheet: PlanSheet | None, form: PlanForm, steps: Steps, *, status: int = 200
) -> HttpResponse:
    returns = sheet is not None and sheet.kind is DeadlineKind.RETURN
    context: dict[str, Any] = {
        "plan": {"id": sheet.plan.id, "name": sheet.plan.name} if sheet else None,
        "open_count": sheet.open_count if sheet else 0,
        "form": form,
        "steps": steps,
        "promise": example(sheet, door) if sheet and returns else [],
    }
    return render(door.request, "office/plan.html", context, status=status)


def _kept(door: Door, sheet: PlanSheet | None, form: PlanForm, steps: Steps) -> bool:
    if not all([form.is_valid(), steps.is_valid()]):
        if (count := steps.sent_count()) > STEPS_MAX:
            form.add_error(None, too_many_steps(count))
        return False
    try:
        answer = actions.set_plan(
            plan_id=sheet.plan.id if sheet else None,
            fields=fields_of(form, steps),
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        )
    except Refused as refused:
        show(form, refused)
        return False
    messages.success(door.request, answer)
    return True
