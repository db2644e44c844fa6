"""Planning a mission and changing its plan; what a typed time means, while it is typed."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeby import instants
from homeby.instants import Problem
from homeby.logbook.rules import Refused, Tap
from homeby.missions.actions import plan as actions
from homeby.missions.actions.plan import PlanFields
from homeby.missions.rules import MissionState
from homeby.readiness.actions.units_handed import hand_down_first
from homeby.web.door import Door, page, tap_of
from homeby.web.gate import acts
from homeby.web.gate.here import sheet_or_404
from homeby.web.phone import lessons, planning, speaks, times
from homeby.web.phone.planning import Planning


@page()
def plan(door: Door) -> HttpResponse:
    """Plan a mission: who, where, back when, and when help is called."""
    if door.request.method == "POST" and (before := acts.already(door)) is not None:
        return redirect("mission", before.entry_id)
    made = planning.planning(door, None)
    tap = tap_of(door.request)

    def act(fields: PlanFields) -> str:
        hand_down_first(fields.unit_id, by=door.viewer, now=door.now)

        def plan_it() -> str:
            return actions.plan(fields=fields, by=door.viewer, now=door.now, tap=tap)

        return speaks.with_its_group(made, tap.entry_id, fields, plan_it, tap)

    if _posted(made, act, tap):
        return redirect("mission", tap.entry_id)
    return _form(made)


@page()
def change(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """Change a plan before anybody has left; afterwards times move by extension only."""
    sheet = sheet_or_404(door, mission_id)
    if sheet.mission.state != MissionState.PLANNED:
        messages.warning(door.request, _("The party has left. Ask for more time instead."))
        return redirect("mission", mission_id)
    made = planning.planning(door, sheet)
    tap = tap_of(door.request)

    def act(fields: PlanFields) -> str:
        hand_down_first(fields.unit_id, by=door.viewer, now=door.now)

        def change_it() -> str:
            return actions.change_plan(
                mission_id=mission_id, fields=fields, by=door.viewer, now=door.now, tap=tap
            )

        return speaks.with_its_group(made, mission_id, fields, change_it, tap)

    if _posted(made, act, tap):
        return redirect("mission", mission_id)
    return _form(made)


def _posted(made: Planning, act: Callable[[PlanFields], str], tap: Tap) -> bool:
    """Do it, if the form was posted to be kept and everything in it stands."""
    request = made.door.request
    if request.method != "POST":
        return False
    fields = planning.understand(made)
    if fields is not None:
        made.against = speaks.against(made, fields)
    if "look" in request.POST:
        planning.look(made)
        return False
    if fields is None or made.against is None:
        return False
    try:
        answer = speaks.carried_out(made, made.against, lambda: act(fields), tap)
        messages.success(request, answer)
    except Refused as refused:
        planning.put_beside(made.form, refused)
        return False
    for sentence in [*made.against.sentences, *planning.notes(made, fields)]:
        messages.info(request, sentence)
    return True


def _form(made: Planning) -> HttpResponse:
    label = acts.facts(made.sheet)["label"] if made.sheet else ""
    context = {
        "changing": {"id": made.sheet.mission.pk, "label": label} if made.sheet else None,
        "zone": made.zone,
        "form": made.form,
        "speaks": made.against.sentences if made.against else (),
        "asks_why": made.against is not None and bool(made.against.overridden),
        "route_kept": made.packed_route,
        "route_name": made.route_name,
        "of_place": lessons.of_plan(made),
    }
    return render(made.door.request, "missions/plan.html", context)


@page()
def time_said(door: Door) -> HttpResponse:
    """What a typed time means, as a line of text: "in 7 h 30, 18:30". Changes nothing."""
    asked = door.request.GET
    typed, after = asked.get("typed", "")[:200], asked.get("after", "")[:200]
    zone = asked.get("zone") or door.zone
    found = instants.parse_typed(typed, zone, door.now)
    if after:
        due = instants.parse_typed(after, zone, door.now)
        found = times.call_out(typed, zone, due, now=door.now)
    line = times.said(found, now=door.now)
    # Half a time is no error of the page, so it is told in a header and not by a status.
    headers = {"Understood": "no" if isinstance(found, Problem) else "yes"}
    return HttpResponse(line, content_type="text/plain; charset=utf-8", headers=headers)
