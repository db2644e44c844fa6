"""The archive: two of three officers ask for an opening, wait, and open it in one browser. Their
envelopes are typed there and go nowhere."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from homeby.logbook.rules import Refused
from homeby.missions.actions import archive_openings as actions
from homeby.missions.queries import sealed as sealed_queries
from homeby.missions.queries import sealed_again as queries
from homeby.missions.rules import openings as rules
from homeby.missions.rules import sealed
from homeby.missions.rules.openings import Stage, Why
from homeby.people import queries as people
from homeby.web import words as common
from homeby.web.door import Door, page, tap_of
from homeby.web.sealed import words
from homeby.web.sealed.views_again import to_run


@page()
def archive(door: Door) -> HttpResponse:
    """For its officers, and for a reader who asked: openings, and a form to ask for one."""
    mine = queries.officer_of(door.viewer)
    found = queries.openings(door.viewer, now=door.now)
    if not mine and not found:
        raise Http404
    if door.request.method == "POST" and _asked(door):
        return redirect("sealed-archive")
    keys = list(sealed_queries.visible_reader_keys(door.viewer).order_by("-made_at"))
    officers = {uuid.UUID(one) for row in mine for one in row.officers}
    named = {key.person_id for key in keys} | officers | {row.asked_by_id for row in found}
    names = people.names(named, to=door.viewer)
    context = {
        "is_officer": bool(mine),
        "officers": [names.get(uuid.UUID(one), "?") for one in (mine[0].officers if mine else ())],
        "keys": [
            {
                "key": one,
                "name": names.get(one.person_id, "?"),
                "sign": sealed.fingerprint(one.public),
            }
            for one in keys
        ],
        "whys": words.WHYS.items(),
        "openings": [_shown(door, row, names) for row in found],
    }
    return render(door.request, "sealed/archive.html", context)


def _shown(door: Door, row: Any, names: Any) -> dict[str, Any]:
    stage = queries.stage_of(row, now=door.now)
    return {
        "row": row,
        "reader": names.get(row.key.person_id, "?"),
        "who": names.get(row.asked_by_id, "?"),
        "why": common.word(words.WHYS, row.why),
        "is_ready": stage is Stage.READY,
        "ready_at": rules.ready_at(row.asked_at, row.hurried_at),
        "over_at": rules.ready_at(row.asked_at, row.hurried_at) + rules.OPEN_FOR,
    }


def _asked(door: Door) -> bool:
    sent = door.request.POST
    try:
        said = actions.ask_opening(
            key_id=uuid.UUID(sent.get("key", "")),
            why=Why(sent.get("why", "")),
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        )
    except (ValueError, Refused) as trouble:
        said = str(trouble) if isinstance(trouble, Refused) else str(words.CHOOSE_BOTH)
        messages.error(door.request, said)
        return False
    messages.success(door.request, said)
    return True


ACTS = {"hurry": actions.hurry_opening, "end": actions.end_opening}


@page()
def opening(door: Door, opening_id: uuid.UUID) -> HttpResponse:
    """One opening: how long it waits; once it may be used, the two envelopes, what they open, and
    who takes the reader's place."""
    rows = queries.openings(door.viewer, now=door.now)
    row = next((one for one in rows if one.pk == opening_id), None)
    if row is None:
        raise Http404
    if door.request.method == "POST" and (act := ACTS.get(door.request.POST.get("act", ""))):
        at: dict[str, Any] = {"by": door.viewer, "now": door.now, "tap": tap_of(door.request)}
        try:
            messages.success(door.request, act(opening_id=opening_id, **at))
        except Refused as refused:
            messages.error(door.request, str(refused))
        ended = door.request.POST["act"] == "end"
        return redirect("sealed") if ended else redirect("sealed-opening", opening_id=opening_id)
    is_officer = str(door.viewer.person_id) in row.archive.officers
    named = {row.key.person_id, row.asked_by_id, row.risk_by_id}
    names = people.names(named, to=door.viewer)
    context = _shown(door, row, names) | {
        "is_officer": is_officer,
        "risk_by": names.get(row.risk_by_id, "") if row.risk_by_id else "",
        "sign": sealed.fingerprint(row.archive.public),
    }
    usable = queries.ready_opening(door.viewer, opening_id, now=door.now)
    if usable is not None:
        context |= _opened(door, usable)
    return render(door.request, "sealed/opening.html", context)


def _opened(door: Door, row: Any) -> dict[str, Any]:
    """What stands on the page once two officers may open."""
    copies = [one for one in queries.copies(door.viewer, row) if one.key_id == row.key_id]
    names = people.names([one.debrief.author_id for one in copies], to=door.viewer)
    own = {"pairs": row.archive.pairs, "shares": row.archive.shares, "key": row.archive.public}
    context: dict[str, Any] = {
        "own": json.dumps(own),
        "debriefs": [
            {"row": one.debrief, "who": names.get(one.debrief.author_id, "?")} for one in copies
        ],
    }
    found = queries.places(door.viewer, row, now=door.now)
    if found:
        context["places"] = found
        wanted = door.request.GET.get("new", "")
        follower = next((one for one in found[0].followers if str(one.key.pk) == wanted), None)
        if follower is not None:
            context |= to_run(door, found[0], follower, row) | {"chosen": follower.key.pk}
    return context
