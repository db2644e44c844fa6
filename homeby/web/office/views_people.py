"""People and units: the list, and one of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from homeby.people import queries as people
from homeby.people.rules import Purpose, Role
from homeby.watch.actions import reaching
from homeby.web.context import OFFICE_ROLES
from homeby.web.door import Door, page, tap_of
from homeby.web.office import glass_sheets, sheets
from homeby.web.office.forms import chosen
from homeby.web.office.person_forms import PersonForm
from homeby.web.office.views import saved

PAGE_SIZE = 50
STAFF = (Role.ADMINISTRATOR, Role.LEADER)


@page(*OFFICE_ROLES)
def office_people(door: Door) -> HttpResponse:
    """People and units by callsign, with roles, teams, and whether a message can reach them."""
    text = door.request.GET.get("q", "").replace("\x00", "").strip()[:100]
    pages = Paginator(people.listed(door.viewer, text=text), PAGE_SIZE)
    shown: Any = pages.get_page(door.request.GET.get("page"))
    shown.object_list = sheets.people_lines(door, list(shown.object_list), text=text)
    query = urlencode({"q": text}) + "&" if text else ""
    context = {"q": text, "page": shown, "query": query, "may_add": door.viewer.has(*STAFF)}
    return render(door.request, "office/people.html", context)


@page(*OFFICE_ROLES)
def office_person(door: Door, person_id: uuid.UUID) -> HttpResponse:
    """One person or unit: details, roles, teams, contact points (masked), kin (number, measure)."""
    door = glass_sheets.widened(door)
    found = people.person(door.viewer, person_id)
    if found is None:
        raise Http404
    sent = door.request.POST if door.request.method == "POST" else None
    if sent is not None and not door.viewer.has(*STAFF):
        raise Http404
    form = PersonForm(
        sent,
        initial={
            "callsign": found.callsign,
            "name": found.name,
            "rank": found.rank_id,
            "language": found.language,
        },
        ranks=sheets.rank_choices(door, found),
    )
    if sent is not None and form.is_valid() and _changed(door, person_id, form):
        return redirect("office-person", person_id)
    context = sheets.person_sheet(door, found) | {"form": form if _is_staff(door) else None}
    return render(door.request, "office/person.html", context, status=422 if form.errors else 200)


@page(*OFFICE_ROLES)
def office_person_contacts(door: Door, person_id: uuid.UUID) -> HttpResponse:
    """The live part of a person's page: what became of a test, as it comes."""
    door = glass_sheets.widened(door)
    if people.person(door.viewer, person_id) is None:
        raise Http404
    shown = sheets.reached(door, person_id, purpose=Purpose.OFFICE)
    context = shown | {"person": {"id": person_id}, "may": sheets.may_contacts(door, person_id)}
    return render(door.request, "office/_contacts.html", context)


def _is_staff(door: Door) -> bool:
    return door.viewer.has(*STAFF)


def _changed(door: Door, person_id: uuid.UUID, form: PersonForm) -> bool:
    values = {k: v for k, v in form.cleaned_data.items() if v or k != "language"}
    if "rank" in values:
        values["rank_id"] = chosen(form, "rank")
        del values["rank"]

    def save() -> str:
        return reaching.change_person(
            person_id=person_id,
            values=values,
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        )

    return saved(door, form, save)


@page(*OFFICE_ROLES)
def office_teams(door: Door) -> HttpResponse:
    """Teams with their leaders and members."""
    context = {"teams": sheets.teams(door), "may_add": door.viewer.has(Role.ADMINISTRATOR)}
    return render(door.request, "office/teams.html", context)
