"""The quarterly trial of keys and envelopes, and what to do when something is lost: each leads
through it step by step."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeby.logbook.rules import Refused
from homeby.missions.actions.archive_openings import ask_opening
from homeby.missions.actions.key_trials import key_tried
from homeby.missions.queries import key_trials as queries
from homeby.missions.queries import sealed as sealed_queries
from homeby.missions.queries import sealed_again
from homeby.missions.rules import sealed
from homeby.missions.rules.openings import Why
from homeby.people import queries as people
from homeby.web.door import Door, page, tap_of
from homeby.web.sealed import trials


@page()
def trial(door: Door) -> HttpResponse:
    """What the viewer has to try, with a test file for each; for administrators and leaders also
    whose trial is due."""
    if door.request.method == "POST" and _tried(door):
        return redirect("sealed-trial")
    mine, everybody = queries.own_trials(door.viewer), queries.trials(door.viewer)
    if not mine and not everybody:
        raise Http404
    names = queries.named(door.viewer, everybody)
    context = {
        "mine": [_own(door, one) for one in mine],
        "everybody": [
            {
                "name": names.get(one.person_id, "?"),
                "one": one,
                "is_overdue": one.is_overdue(door.now),
                "is_due": one.is_due(door.now),
            }
            for one in everybody
        ],
    }
    return render(door.request, "sealed/trial.html", context)


def _own(door: Door, one: queries.Trial) -> dict[str, Any]:
    own = sealed_queries.own_key(door.viewer) if one.envelope is None else None
    wraps = sealed_queries.wraps_of(door.viewer, own) if own is not None else []
    paper = next((wrap.wrapped for wrap in wraps if not wrap.credential), "")
    return {
        "one": one,
        "is_due": one.is_due(door.now),
        "sign": sealed.fingerprint(one.public),
        "file": trials.test_file(one.public),
        "wrapped": paper,
        "number": (one.envelope or 0) + 1,
    }


def _tried(door: Door) -> bool:
    public = trials.opened_by(door.request.POST.get("found", ""))
    try:
        if not public:
            raise Refused(_("The test file was not opened, or an hour has passed. Try once more."))
        said = key_tried(public=public, by=door.viewer, now=door.now, tap=tap_of(door.request))
    except Refused as refused:
        messages.error(door.request, str(refused))
        return False
    messages.success(door.request, said)
    return True


@page()
def lost(door: Door) -> HttpResponse:
    """What to do when a phone, a paper or both are lost; how far a new key has come."""
    if not sealed_queries.may_have_a_key(door.viewer):
        raise Http404
    if door.request.method == "POST" and _asked(door):
        return redirect("sealed-lost")
    own = sealed_queries.own_key(door.viewer)
    held = [one for one in sealed_again.places(door.viewer, now=door.now) if _is_hers(door, one)]
    old = [one for one in held if one.key.ended_at is not None]
    asked = {row.key_id: row for row in sealed_again.openings(door.viewer, now=door.now)}
    archive = sealed_queries.archive_key(door.viewer)
    officers = [uuid.UUID(one) for one in archive.officers] if archive else []
    names = people.names(officers, to=door.viewer)
    context = {
        "own": own,
        "sign": sealed.fingerprint(own.public) if own else "",
        "old": [
            {
                "place": one,
                "asked": asked.get(one.key.pk),
                "by_url": _again_url(one, own),
            }
            for one in old
        ],
        "officers": [names.get(one, "?") for one in officers],
    }
    return render(door.request, "sealed/lost.html", context)


def _is_hers(door: Door, place: sealed_again.Place) -> bool:
    return place.key.person_id == door.viewer.person_id


def _again_url(place: sealed_again.Place, own: Any) -> str:
    """The words behind the address of sealing again, from the old key to the new one."""
    if own is None or place.by is None:
        return ""
    return f"old={place.key.pk}&by={place.by.pk}&new={own.pk}"


def _asked(door: Door) -> bool:
    try:
        said = ask_opening(
            key_id=uuid.UUID(door.request.POST.get("key", "")),
            why=Why.LOST,
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        )
    except (ValueError, Refused) as trouble:
        messages.error(door.request, str(trouble))
        return False
    messages.success(door.request, said)
    return True
