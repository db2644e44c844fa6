"""Who is this? The name behind a callsign, for a reason that she reads."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from homeby.logbook.reading import ReadKind, opened
from homeby.missions.queries import looked
from homeby.people import queries as people
from homeby.people.rules import STATION
from homeby.web.context import OFFICE_ROLES
from homeby.web.door import Door, page
from homeby.web.office.timed import key_of


class ReasonForm(forms.Form):
    """Why somebody must know."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you need to know?"),
        min_length=4,
        max_length=300,
        help_text=gettext_lazy("Whom you look up reads this, with your callsign and the time."),
        error_messages={
            "required": gettext_lazy("Say why: without a reason no name is shown."),
            "min_length": gettext_lazy("Say it in a few words that she will understand."),
        },
    )


@page()
def who(door: Door, person_id: uuid.UUID) -> HttpResponse:
    """The form; once a reason is given, the name. Each look is recorded."""
    mission_id = key_of(door.request.GET.get("mission", ""))
    found = _found(door, person_id, mission_id)
    sent = door.request.POST if door.request.method == "POST" else None
    form = ReasonForm(sent)
    name = ""
    if sent is not None and form.is_valid():
        reason = " ".join(form.cleaned_data["reason"].split())
        opened(ReadKind.CALLSIGN, what=f"person:{person_id}", whose=person_id, why=reason)
        name = found.name
    context = {"callsign": found.shown_as, "name": name, "form": form, "back": _back(mission_id)}
    return render(door.request, "office/who.html", context, status=422 if form.errors else 200)


def _found(door: Door, person_id: uuid.UUID, mission_id: uuid.UUID | None) -> Any:
    """The person, for the office, the duty officer, and whoever leads a mission she is on."""
    leads = mission_id is not None and looked.leads(door.viewer, mission_id, person_id)
    leads = leads and person_id not in door.viewer.apart
    if not leads and not door.viewer.has(*OFFICE_ROLES):
        raise Http404
    found = people.person(STATION if leads else door.viewer, person_id)
    if found is None:
        raise Http404
    return found


def _back(mission_id: uuid.UUID | None) -> str:
    return reverse("mission", args=[mission_id]) if mission_id else ""
