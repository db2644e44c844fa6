"""The mirror of whoever decides, for herself; and how a team's people took part."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render

from homeby.readiness.queries.duty_access import PLANNERS
from homeby.web.chances.views import KINDS
from homeby.web.door import Door, page
from homeby.web.duties import said
from homeby.web.words import word
from homeby.welfare.queries.mirror import ahead, mirror
from homeby.welfare.queries.taking_part import READERS, taking_part, teams_read

_REASONS = {**said.STOOD_DOWN, **said.NOT_PICKED}


@page(*PLANNERS)
def my_decisions(door: Door) -> HttpResponse:
    """What I have decided about others, counted for me alone, and what I can still mend."""
    found = mirror(door.viewer, now=door.now)
    context = {
        "figures": found.figures,
        "again": [
            {"name": name, "reason": word(_REASONS, one.reason), "times": one.times}
            for name, one in found.again
        ],
        "ahead": ahead(door.viewer, now=door.now),
    }
    return render(door.request, "chances/decisions.html", context)


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
        "parts": [{"part": part, "kind": word(KINDS, part.kind)} for part in found.parts],
    }
    return render(door.request, "chances/taking_part.html", context)
