"""Where those who keep the watch speak to the kin of a mission: which search step is taken, who
calls the family, who is worried. And the one tap with which a member confirms whom she named."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from homeby.logbook.rules import Refused
from homeby.missions import queries as missions
from homeby.missions.actions.kin import confirm_kin
from homeby.missions.queries.sheets import Sheet
from homeby.people.rules import Role
from homeby.watch.actions import kin_care, kin_worry
from homeby.watch.queries import kin as watch
from homeby.watch.rules.kin import SearchStep
from homeby.web import door as doors
from homeby.web.door import Door, page, show, tap_of
from homeby.web.gate import acts
from homeby.web.gate.here import sheet_or_404
from homeby.web.kin import desks
from homeby.web.kin.forms import SPEAK, CalledForm, HoldForm, StepForm


def _sheet(door: Door, mission_id: uuid.UUID) -> Sheet:
    """The mission, for somebody not of its party: what kin ask is not shown to the member."""
    sheet = sheet_or_404(door, mission_id)
    if door.viewer.person_id in {row.person_id for row in sheet.party}:
        raise Http404
    return sheet


@page(*SPEAK)
def desk(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """How it stands with the kin of a mission, and what may be said to them."""
    return _desk(door, _sheet(door, mission_id), {})


def _desk(door: Door, sheet: Sheet, typed: dict[str, forms.Form]) -> HttpResponse:
    found = watch.kin_sheet(door.viewer, sheet.mission.ref)
    context: dict[str, Any] = {
        "mission": acts.facts(sheet),
        **desks.context(door, sheet, found),
        "step_form": typed.get("step") or StepForm(initial={"step": found.care.step or None}),
        "called_form": typed.get("called") or typed.get("spoken") or _called_form(sheet),
        "hold_form": typed.get("hold") or HoldForm(),
        "may_hold": door.viewer.has(Role.DUTY_OFFICER, Role.ADMINISTRATOR),
    }
    return render(door.request, "kin/desk.html", context, status=422 if typed else 200)


def _called_form(sheet: Sheet, sent: Any = None) -> CalledForm:
    return CalledForm(
        sent, party=[(str(row.person_id), row.person.shown_as) for row in sheet.party]
    )


def _step(door: Door, ref: str, form: forms.Form) -> str:
    step = SearchStep(form.cleaned_data["step"])
    return kin_care.say_step(
        ref=ref, step=step, by=door.viewer, now=door.now, tap=tap_of(door.request)
    )


def _hold(door: Door, ref: str, form: forms.Form) -> str:
    speaker = form.cleaned_data["speaker"]
    return kin_care.hold(
        ref=ref, speaker=speaker, by=door.viewer, now=door.now, tap=tap_of(door.request)
    )


def _end_hold(door: Door, ref: str, form: forms.Form) -> str:
    return kin_care.end_hold(ref=ref, by=door.viewer, now=door.now, tap=tap_of(door.request))


def _answer(door: Door, _ref: str, _form: forms.Form) -> str:
    return _take_up(door)


def _called(door: Door, ref: str, form: forms.Form) -> str:
    return _of_phone(kin_worry.telephoned, door, ref, form)


def _spoken(door: Door, ref: str, form: forms.Form) -> str:
    return _of_phone(kin_worry.spoken_with, door, ref, form)


def _of_phone(act: Callable[..., str], door: Door, ref: str, form: forms.Form) -> str:
    key = uuid.UUID(form.cleaned_data["person"])
    worry = kin_worry.Worry(
        kin_id=kin_worry.by_phone(key), person_id=key, ref=ref, said=form.cleaned_data["said"]
    )
    return act(worry=worry, by=door.viewer, now=door.now, tap=tap_of(door.request))


def _take_up(door: Door) -> str:
    try:
        key = uuid.UUID(door.request.POST.get("worry", ""))
    except ValueError as wrong:
        raise Http404 from wrong
    return kin_worry.answer(worry_id=key, by=door.viewer, now=door.now, tap=tap_of(door.request))


ACTS: dict[str, tuple[type[forms.Form], Callable[[Door, str, forms.Form], str]]] = {
    "step": (StepForm, _step),
    "hold": (HoldForm, _hold),
    "end_hold": (forms.Form, _end_hold),
    "answer": (forms.Form, _answer),
    "called": (CalledForm, _called),
    "spoken": (CalledForm, _spoken),
}


@require_POST
@page(*SPEAK)
def desk_act(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """One act at that page; a refusal stands beside what was typed."""
    sheet = _sheet(door, mission_id)
    name = door.request.POST.get("act", "")
    if name not in ACTS:
        raise Http404
    make, do = ACTS[name]
    sent = door.request.POST
    form = _called_form(sheet, sent) if make is CalledForm else make(sent)
    if form.is_valid():
        try:
            messages.success(door.request, do(door, sheet.mission.ref, form))
        except Refused as refused:
            if set(refused.problems) & set(form.fields):
                show(form, refused)
            else:  # of no field: perhaps the page that follows has no such form any more
                messages.error(door.request, str(refused))
    if form.errors:
        return _desk(door, sheet, {name: form})
    return redirect("mission-kin", mission_id)


@require_POST
@page(*SPEAK)
def worry(door: Door) -> HttpResponse:
    """A worry about somebody who is not out is taken up; it leads back to the alarms."""
    return doors.act(door, lambda: _take_up(door), to="alarms")


@require_POST
@page()
def confirm(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """The one tap before a mission; it leads back to the way out, from wherever that was."""
    sheet = sheet_or_404(door, mission_id)

    def act() -> str:
        return confirm_kin(
            mission_id=sheet.mission.pk, by=door.viewer, now=door.now, tap=tap_of(door.request)
        )

    back_to = door.request.POST.get("back_to", "")
    if back_to == "my":
        return doors.act(door, act, to="my")
    if any(str(gate.pk) == back_to for gate in missions.gates(door.viewer)):
        where = {"key": back_to, "act": "out", "mission_id": mission_id}
        return doors.act(door, act, to="gate-confirm", **where)
    return doors.act(door, act, to="mission-sign-out", mission_id=mission_id)
