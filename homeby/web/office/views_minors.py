"""Minors: who is one, within which limits, and which missions they are on."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.missions.actions.minors import REASON_MAX, approve_minors
from homeby.missions.queries.minors import SEE, missions_with_minors
from homeby.people import queries as people
from homeby.people.actions import minors as actions
from homeby.people.actions.minors import MAY_SET, MinorFields
from homeby.people.queries.minors import guardian_choices, minors
from homeby.people.rules import Role
from homeby.web import recheck
from homeby.web.door import Door, act, page, tap_of
from homeby.web.office.forms import select
from homeby.web.office.timed import key_of
from homeby.web.office.views import saved


class MinorForm(forms.Form):
    """What is said of a minor. The date of birth is never shown again, so it is always typed."""

    born = forms.DateField(
        label=gettext_lazy("Date of birth"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}),
        help_text=gettext_lazy("Kept sealed, and shown to nobody here: pages show the day of age."),
    )
    guardian = forms.ChoiceField(label=gettext_lazy("Guardian"))
    not_before = forms.TimeField(
        label=gettext_lazy("Out from"),
        initial="06:00",
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    not_after = forms.TimeField(
        label=gettext_lazy("Back by"),
        initial="21:00",
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    only_normal = forms.BooleanField(
        label=gettext_lazy("In normal conditions only"), required=False, initial=True
    )

    def __init__(self, *args: Any, guardians: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("guardian", self, guardians)


@page(*SEE)
def office_minors(door: Door) -> HttpResponse:
    """Missions with minors, what speaks against each, and who approved it and why; the safeguarding
    lead sees who is a minor, too."""
    if door.request.method == "POST":
        mission_id = key_of(door.request.POST.get("mission", ""))
        if mission_id is None:
            raise Http404
        return act(door, lambda: _approve(door, mission_id), to="office-minors")
    context = {
        "missions": missions_with_minors(door.viewer, now=door.now),
        "minors": minors(door.viewer, on=door.now.date()),
        "may_read": door.viewer.has(Role.SAFEGUARDING_LEAD),
        "may_set": door.viewer.has(*MAY_SET),
        "reason_max": REASON_MAX,
    }
    return render(door.request, "office/minors.html", context)


def _approve(door: Door, mission_id: uuid.UUID) -> str:
    return approve_minors(
        mission_id=mission_id,
        reason=door.request.POST.get("reason", ""),
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


@page(*MAY_SET)
def office_minor(door: Door, person_id: uuid.UUID) -> HttpResponse:
    """Say that somebody is a minor, or take it back."""
    callsign = people.names([person_id], to=door.viewer).get(person_id)
    if callsign is None or person_id in door.viewer.apart:
        raise Http404
    if again := recheck.needed_for_others(door):
        return again
    sent = door.request.POST if door.request.method == "POST" else None
    is_end = sent is not None and sent.get("act") == "end"
    guardians = guardian_choices(door.viewer, person_id, on=door.now.date())
    form = MinorForm(None if is_end else sent, guardians=guardians)
    if sent is not None and _is_saved(door, form, person_id, is_end=is_end):
        return redirect("office-minors")
    context = {
        "title": _("Minor: %s") % callsign,
        "intro": _("Until she is of age, limits hold on her missions, and an adult decides."),
        "form": form,
        "back_url": "/office/minors/",
        "back_label": _("Minors"),
        "danger": _end() if sent is None else None,
    }
    return render(door.request, "office/form.html", context, status=422 if form.errors else 200)


def _end() -> dict[str, str]:
    sentence = _("If it was an error. Whoever comes of age needs no act.")
    return {"act": "end", "label": _("She is no minor"), "sentence": sentence}


def _is_saved(door: Door, form: MinorForm, person_id: uuid.UUID, *, is_end: bool) -> bool:
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    if is_end:
        return saved(
            door, form, lambda: actions.end_minor(person_id=person_id, by=by, now=now, tap=tap)
        )
    if not form.is_valid():
        return False
    typed: dict[str, Any] = dict(form.cleaned_data)
    room, _sign, key = str(typed.pop("guardian")).rpartition(":")
    typed["guardian_kin_id" if room == "kin" else "guardian_id"] = uuid.UUID(key)
    fields = MinorFields(**typed)
    return saved(
        door,
        form,
        lambda: actions.set_minor(person_id=person_id, fields=fields, by=by, now=now, tap=tap),
    )
