"""What is sealed to a reader, and what she sealed herself; one of them, opened in her browser."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import Refused
from homeby.missions.actions.sealing import come_to
from homeby.missions.queries import key_trials, sealed_again
from homeby.missions.queries import sealed as queries
from homeby.missions.rules import sealed as rules
from homeby.missions.rules.sealed import SealState
from homeby.people import queries as people
from homeby.web import words as common
from homeby.web.door import Door, page, tap_of
from homeby.web.sealed import scripts, words


@page()
def listed(door: Door) -> HttpResponse:
    """What waits for the viewer, and what she gave in."""
    mine, hers = queries.to_read(door.viewer), queries.written(door.viewer)
    readers = [one.key.person_id for row in hers for one in row.readers.all()]
    names = people.names([*(row.debrief.author_id for row in mine), *readers], to=door.viewer)
    context = {
        "may_read": queries.may_have_a_key(door.viewer),
        "own_key": queries.own_key(door.viewer),
        "to_read": [
            {"row": one.debrief, "who": names.get(one.debrief.author_id, "?"), "state": _said(one)}
            for one in mine
        ],
        "written": [
            {
                "row": row,
                "readers": [
                    {"name": names.get(one.key.person_id, "?"), "state": _said(one)}
                    for one in sorted(row.readers.all(), key=lambda one: one.rank)
                ],
            }
            for row in hers
        ],
        "owed": queries.to_seal(door.viewer),
        **_over_the_years(door),
    }
    return render(door.request, "sealed/list.html", context)


def _over_the_years(door: Door) -> dict[str, Any]:
    """What is to be seen to about keys."""
    mine, everybody = key_trials.own_trials(door.viewer), key_trials.trials(door.viewer)
    return {
        "due": any(one.is_due(door.now) for one in mine),
        "left": sealed_again.waits_for_again(door.viewer, now=door.now),
        "is_officer": bool(sealed_again.officer_of(door.viewer)),
        "sees_trials": bool(everybody),
        "overdue": sum(one.is_overdue(door.now) for one in everybody),
    }


def _said(row: Any) -> str:
    return common.word(words.STATES, queries.state_of(row))


@page()
def how(door: Door) -> HttpResponse:
    """What sealing is, what it does not hide, and by which scripts it is done."""
    archive = queries.archive_key(door.viewer)
    context = {
        "scripts": scripts.published(),
        "archive": rules.fingerprint(archive.public) if archive else "",
    }
    return render(door.request, "sealed/how.html", context)


def own_or_404(door: Door, debrief_id: uuid.UUID) -> Any:
    """The viewer's copy of one that is sealed to her."""
    found = queries.hers_to_read(door.viewer, debrief_id)
    if found is None:
        raise Http404
    return found


def unlocking(door: Door, key: Any) -> dict[str, Any]:
    """By what a key of hers is opened, for the page's script and for its buttons."""
    found = queries.wraps_of(door.viewer, key)
    told = [{"credential": one.credential, "wrapped": one.wrapped} for one in found]
    passkeys = [one for one in found if one.credential]
    return {"wraps": json.dumps(told), "wrapped_by": passkeys}


@page()
def read(door: Door, debrief_id: uuid.UUID) -> HttpResponse:
    """One debrief, still sealed: the browser opens it."""
    found = own_or_404(door, debrief_id)
    row = found.debrief
    opened(ReadKind.CONCERN, what=row.ref, whose=row.author_id)
    context = {
        "one": row,
        "is_kept": queries.has_text(door.viewer, debrief_id),
        "who": people.names([row.author_id], to=door.viewer).get(row.author_id, "?"),
        "state": _said(found),
        "is_opened": found.opened_at is not None,
        "is_answered": found.answered_at is not None,
        "signers": json.dumps(queries.signer_of(door.viewer, [row.author_id])),
        **unlocking(door, found.key),
    }
    return render(door.request, "sealed/read.html", context)


@require_POST
@page()
def text(door: Door, debrief_id: uuid.UUID) -> HttpResponse:
    """The sealed file, as it came; that it was handed over is written down first."""
    own_or_404(door, debrief_id)
    content = queries.text_of(door.viewer, debrief_id)
    if content is None:
        raise Http404
    _come(door, debrief_id, SealState.DELIVERED)
    return HttpResponse(content, content_type="application/octet-stream")


ACTS = {"opened": SealState.OPENED, "answered": SealState.ANSWERED}


@require_POST
@page()
def act(door: Door, debrief_id: uuid.UUID) -> HttpResponse:
    """That it was opened, by the page's script; that it was answered, by a button."""
    state = ACTS.get(door.request.POST.get("act", ""))
    own_or_404(door, debrief_id)
    if state is None:
        raise Http404
    try:
        said = _come(door, debrief_id, state)
    except Refused as refused:
        messages.error(door.request, str(refused))
        return redirect("sealed-read", debrief_id=debrief_id)
    if state is SealState.OPENED:
        return JsonResponse({"sentence": said})
    messages.success(door.request, said)
    return redirect("sealed")


def _come(door: Door, debrief_id: uuid.UUID, state: SealState) -> str:
    return come_to(
        debrief_id=debrief_id,
        state=state,
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )
