"""Planning a duty, and giving it another time. What speaks against a time is said; it forbids
nothing."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from homeby import instants
from homeby.people import queries as people
from homeby.people.queries.in_teams import rank_choices
from homeby.readiness.actions.duties import DutyFields, FrameFields, move, plan, positions
from homeby.readiness.actions.duty_acts import plans_it
from homeby.readiness.queries import duties as queries
from homeby.readiness.queries.duty_access import PLANNERS
from homeby.readiness.queries.duty_advice import against
from homeby.readiness.queries.special_units import plannable
from homeby.readiness.rules.decision_groups import BY_ITSELF
from homeby.readiness.rules.duty_planning import DutyType
from homeby.readiness.rules.duty_seats import parse_fixed
from homeby.readiness.rules.whose import Whose
from homeby.web import together
from homeby.web.door import Door, page, tap_of
from homeby.web.duties.forms import DutyForm, MoveForm
from homeby.web.gate.acts import already
from homeby.web.office.timed import key_of
from homeby.web.office.views import saved

OFFERED = 500


def _form(door: Door, sent: Any) -> DutyForm:
    form = DutyForm(sent, zone=door.zone, now=door.now)
    offered, _more = people.choices(door.viewer, limit=OFFERED)
    everybody = [(str(one.person_id), one.label) for one in offered if not one.is_unit]
    teams = people.team_choices(door.viewer)
    if not door.viewer.has(*PLANNERS):
        teams = [one for one in teams if one[0] in door.viewer.teams(*PLANNERS)]
    form.offer("team", [(str(key), name) for key, name in teams])
    units = [(str(key), name) for key, name in plannable(door.viewer, keeps=True)]
    form.offer("unit", units)
    form.offer("leader", everybody)
    form.offer("mentor", everybody)
    form.offer("position", sorted(positions().items(), key=lambda one: one[1]))
    form.offer("rank", [(str(place), name) for place, name in rank_choices()])
    together.offer(form, door.viewer, now=door.now)
    return form


def _fixed(door: Door, form: DutyForm) -> tuple[tuple[str, uuid.UUID], ...] | None:
    """Who is there as what; None where a line is not understood, with its sentence."""
    offered, _more = people.choices(door.viewer, limit=OFFERED)
    names = people.names([one.person_id for one in offered if not one.is_unit])
    called = {name: key for key, name in names.items()}
    found = parse_fixed(form.cleaned_data["fixed"], people=called)
    if isinstance(found, str):
        form.add_error("fixed", found)
        return None
    return tuple(found)


def _fields(form: DutyForm, zone: str, fixed: tuple[tuple[str, uuid.UUID], ...]) -> DutyFields:
    said = form.cleaned_data
    assert form.span is not None, "a valid form has its times"
    return DutyFields(
        kind=DutyType(said["kind"]),
        what=said["what"],
        starts_at=form.span[0],
        ends_at=form.span[1],
        zone=zone,
        place=said["place"],
        team_id=key_of(said.get("team", "")),
        unit_id=key_of(said.get("unit", "")),
        seats=said["seats"],
        position=said.get("position", ""),
        also=said["also"],
        fixed=fixed,
        rank_place=int(said["rank"]) if said.get("rank") else None,
        time_is_free=not said["time_is_fixed"],
        is_open=said["is_open"],
        weeks=said["weeks"],
        leader_id=key_of(said.get("leader", "")),
        mentor_id=key_of(said.get("mentor", "")),
        together=together.chosen(form) or BY_ITSELF,
    )


@page(*PLANNERS)
def duty_new(door: Door) -> HttpResponse:
    """Plan a duty; with another button see first what speaks against its time."""
    sent = door.request.POST if door.request.method == "POST" else None
    form = _form(door, sent)
    speaks: list[str] | None = None
    fixed = _fixed(door, form) if sent is not None and form.is_valid() else None
    if sent is not None and fixed is not None:
        fields = _fields(form, door.zone, fixed)
        if sent.get("act") == "look":
            times = (fields.starts_at, fields.ends_at)
            whose = Whose(fields.team_id, fields.unit_id)
            speaks = against(door.viewer, fields.kind, whose, times, now=door.now)
        elif before := already(door):
            messages.success(door.request, before.answer)
            return redirect("duty", duty_id=before.entry_id)
        else:
            tap = tap_of(door.request)
            if saved(
                door, form, lambda: plan(fields=fields, by=door.viewer, now=door.now, tap=tap)
            ):
                return redirect("duty", duty_id=tap.entry_id)
    return _page(
        door, form, speaks, title=_("Plan a duty"), back=(reverse("calendar"), _("Calendar"))
    )


@page()
def duty_time(door: Door, duty_id: uuid.UUID) -> HttpResponse:
    """Give a duty another time."""
    line = queries.duty_line(door.viewer, duty_id)
    if line is None or not plans_it(door.viewer, line.duty):
        raise Http404
    duty = line.duty
    sent = door.request.POST if door.request.method == "POST" else None
    start = {
        name: instants.wall(at, duty.zone, door.now)
        for name, at in (("starts", duty.starts_at), ("ends", duty.ends_at))
    }
    form = MoveForm(sent, zone=duty.zone, now=door.now, initial=start)
    speaks: list[str] | None = None
    if sent is not None and form.is_valid():
        assert form.span is not None, "a valid form has its times"
        if sent.get("act") == "look":
            kind = DutyType(duty.kind)
            speaks = against(door.viewer, kind, duty.whose, form.span, now=door.now, but=duty.ref)
        else:
            fields = FrameFields(
                starts_at=form.span[0],
                ends_at=form.span[1],
                why=form.cleaned_data["why"],
                override=form.cleaned_data["override"],
                stands_down=form.cleaned_data["stands_down"],
            )
            tap = tap_of(door.request)
            if saved(
                door,
                form,
                lambda: move(duty_id=duty_id, fields=fields, by=door.viewer, now=door.now, tap=tap),
            ):
                return redirect("duty", duty_id=duty_id)
    back = (reverse("duty", args=[duty_id]), duty.what)
    return _page(door, form, speaks, title=_("Another time"), back=back)


def _page(
    door: Door, form: Any, speaks: list[str] | None, *, title: str, back: tuple[str, str]
) -> HttpResponse:
    context = {
        "title": title,
        "form": form,
        "back_url": back[0],
        "back_label": back[1],
        "speaks": speaks,
        "zone": door.zone,
    }
    return render(door.request, "duties/plan.html", context, status=422 if form.errors else 200)
