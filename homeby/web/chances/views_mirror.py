"""The mirror of whoever decides, for herself; and how a team's people took part."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from homeby.readiness.queries.duty_access import PLANNERS
from homeby.web.care.forms import ExplainForm
from homeby.web.care.shown import asked_of_me
from homeby.web.chances.views import KINDS
from homeby.web.door import Door, page, tap_of
from homeby.web.duties import said
from homeby.web.office.timed import key_of
from homeby.web.office.views import saved
from homeby.web.words import word
from homeby.welfare.actions import asking
from homeby.welfare.queries.mirror import Behind, ahead, mirror
from homeby.welfare.queries.taking_part import READERS, Counted, taking_part, teams_read

_REASONS = {**said.STOOD_DOWN, **said.NOT_PICKED}


@sensitive_post_parameters()
@page(*PLANNERS)
def my_decisions(door: Door) -> HttpResponse:
    """What I have decided about others, counted for me alone, and what I can still mend."""
    sent = door.request.POST if door.request.method == "POST" else None
    which = key_of(sent.get("asked", "")) if sent is not None else None
    form = ExplainForm(sent, auto_id=f"asked-{which}-%s") if which is not None else None
    if form is not None and form.is_valid() and saved(door, form, lambda: _explain(door, form)):
        return redirect("my-decisions")
    found = mirror(door.viewer, now=door.now)
    context = {
        "asked": [
            one | {"form": form if one["id"] == which else _explain_form(one["id"])}
            for one in asked_of_me(door)
        ],
        "figures": [
            {"said": one.said, "behind": [_row(each) | {"yes": each.yes} for each in behind]}
            for one, behind in found.figures
        ],
        "again": [
            {"name": name, "reason": word(_REASONS, one.reason), "times": one.times}
            for name, one in found.again
        ],
        "ahead": ahead(door.viewer, now=door.now),
    }
    status = 422 if form is not None and form.errors else 200
    return render(door.request, "chances/decisions.html", context, status=status)


def _row(one: Behind | Counted) -> dict[str, Any]:
    """An activity that a figure counts, with its page where the viewer may open it."""
    kind, _colon, key = (one.ref or "").partition(":")
    url = reverse(kind, args=[key]) if kind else ""
    return {"kind": word(KINDS, one.kind), "at": one.at, "url": url}


def _explain_form(key: uuid.UUID) -> ExplainForm:
    return ExplainForm(auto_id=f"asked-{key}-%s")


def _explain(door: Door, form: ExplainForm) -> str:
    which = key_of(door.request.POST["asked"])
    assert which is not None, "asked for by it"
    at: dict[str, Any] = {"by": door.viewer, "now": door.now, "tap": tap_of(door.request)}
    return asking.explain(asked_id=which, words=form.cleaned_data["words"], **at)


@page(*READERS)
def taking_part_teams(door: Door) -> HttpResponse:
    """The teams whose taking part I read."""
    context = {"teams": [{"id": key, "name": name} for key, name in teams_read(door.viewer)]}
    return render(door.request, "chances/teams.html", context)


@page(*READERS)
def team_taking_part(door: Door, team_id: uuid.UUID) -> HttpResponse:
    """How the people of a team took part in a year: sums, and of no person."""
    found = taking_part(door.viewer, team_id, now=door.now)
    if found is None:
        raise Http404
    context = {
        "one": found,
        "parts": [
            {
                "part": part,
                "kind": word(KINDS, part.kind),
                "behind": [_row(each) | {"one": each} for each in part.behind],
            }
            for part in found.parts
        ],
    }
    return render(door.request, "chances/taking_part.html", context)
