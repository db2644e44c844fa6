"""Break-glass: what is closed about one party is opened for an hour, for a reason, and told."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from homeby.missions.actions import glass as actions
from homeby.missions.queries import glass
from homeby.missions.rules import glass as rules
from homeby.missions.rules.glass import GlassState, said_of, without_passkey
from homeby.web import recheck
from homeby.web.choosing import WATCHERS
from homeby.web.context import OFFICE_ROLES
from homeby.web.door import Door, act, page, tap_of
from homeby.web.office import glass_sheets
from homeby.web.office.views import saved

PAGE_SIZE = 30


class ReasonForm(forms.Form):
    """Why it must be opened; the rule judges the sentence."""

    reason = forms.CharField(
        label=gettext_lazy("Why must this be opened?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": rules.LENGTH_MOST}),
    )


class ReviewForm(forms.Form):
    """What somebody else found."""

    review = forms.CharField(
        label=gettext_lazy("What did you find?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": rules.LENGTH_MOST}),
        help_text=gettext_lazy("Whether it was needed, and what follows. It stays for ever."),
    )


@page(*WATCHERS)
def break_glass(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """The form that asks why; while it is open, what it opens."""
    found = glass.party_to_open(door.viewer, mission_id, now=door.now)
    if found is None:
        raise Http404
    row = glass.broken_glass(door.viewer, found.ref, now=door.now)
    if row is None:
        return recheck.needed_at_its_strongest(door, why=recheck.FOR_GLASS) or _ask(door, found)
    if door.request.method == "POST":  # sent once more: it is open already
        return redirect("break-glass", mission_id)
    context: dict[str, Any] = {"glass": row, "mission_id": mission_id}
    context["party"] = found.called
    context["people"] = glass_sheets.opened(door, row, found)
    return render(door.request, "glass/open.html", context)


def _ask(door: Door, found: glass.PartyToOpen) -> HttpResponse:
    sent = door.request.POST if door.request.method == "POST" else None
    form = ReasonForm(sent)
    if sent is not None and form.is_valid() and _broken(door, found, form):
        return redirect("break-glass", found.mission_id)
    context = {
        "form": form,
        "mission_id": found.mission_id,
        "party": found.called,
        "without_passkey": without_passkey(said_of(recheck.proved_with(door.request))),
    }
    return render(door.request, "glass/ask.html", context, status=422 if form.errors else 200)


def _broken(door: Door, found: glass.PartyToOpen, form: ReasonForm) -> bool:
    def do() -> str:
        return actions.break_glass(
            mission_id=found.mission_id,
            reason=form.cleaned_data["reason"],
            proved=recheck.proved_with(door.request),
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        )

    return saved(door, form, do)


@require_POST
@page(*WATCHERS)
def close_glass(door: Door, glass_id: uuid.UUID) -> HttpResponse:
    """Its holder needs it no longer."""

    def do() -> str:
        return actions.close_glass(
            glass_id=glass_id, by=door.viewer, now=door.now, tap=tap_of(door.request)
        )

    return act(door, do, to="board")


@page(*OFFICE_ROLES)
def office_glass(door: Door) -> HttpResponse:
    """Every broken glass, those that wait for a review first."""
    pages = Paginator(glass.listed(door.viewer), PAGE_SIZE)
    shown: Any = pages.get_page(door.request.GET.get("page"))
    rows = list(shown.object_list)
    names = glass_sheets.people_in(door.viewer, rows)
    shown.object_list = [
        glass_sheets.line(one, names) for one in glass.glass_sheets(rows, now=door.now)
    ]
    return render(door.request, "glass/list.html", {"page": shown, "query": ""})


@page(*OFFICE_ROLES)
def office_glass_one(door: Door, glass_id: uuid.UUID) -> HttpResponse:
    """One of them: who, where, what, when, why; and the sentence of whoever reviews it."""
    one = glass.sheet(door.viewer, glass_id, now=door.now)
    if one is None:
        raise Http404
    sent = door.request.POST if door.request.method == "POST" else None
    form = ReviewForm(sent)
    if sent is not None and form.is_valid() and _reviewed(door, glass_id, form):
        return redirect("glass", glass_id)
    names = glass_sheets.people_in(door.viewer, [one.row])
    own = one.row.holder_id == door.viewer.person_id
    context = {
        "one": glass_sheets.line(one, names),
        "seen": glass_sheets.seen_under(one.row, names),
        "form": form if one.state is GlassState.WAITS and not own else None,
        "own": own,
    }
    return render(door.request, "glass/glass.html", context, status=422 if form.errors else 200)


def _reviewed(door: Door, glass_id: uuid.UUID, form: ReviewForm) -> bool:
    def do() -> str:
        return actions.review_glass(
            glass_id=glass_id,
            review=form.cleaned_data["review"],
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        )

    return saved(door, form, do)
