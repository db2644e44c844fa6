"""Releasing people who are back, one's own rest, and what planners may know of another's."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import Refused
from homeby.missions.queries.duties import hard_missions
from homeby.missions.rules import Hurt
from homeby.people import queries as people
from homeby.readiness.actions import releasing, resting
from homeby.readiness.queries import injuries as injury_queries
from homeby.readiness.queries import releases as releases_of
from homeby.readiness.queries import rest as queries
from homeby.readiness.queries.releases import ToRelease
from homeby.readiness.queries.rest import RELEASERS
from homeby.readiness.queries.rest_known import LOOK_BACK
from homeby.web.door import Door, page, tap_of
from homeby.web.gate.acts import already
from homeby.web.office.views import saved
from homeby.web.rest import words
from homeby.web.rest.curve import own_curve
from homeby.web.rest.forms import OverrideForm, ReleaseForm
from homeby.web.words import word


@page()
def releases(door: Door) -> HttpResponse:
    """Who is back, or whose shift is over, and who was not released, and who is on a shift and may
    go early, for whoever releases them."""
    found = releases_of.may_be_released(door.viewer, now=door.now)
    for one in found:
        opened(ReadKind.STATUS, what=_ref(one), party=[one.person_id])
    context = {
        "found": [one for one in found if not one.goes_on],
        "on_shift": [one for one in found if one.goes_on],
    }
    return render(door.request, "rest/releases.html", context)


def _ref(one: ToRelease) -> str:
    return f"mission:{one.mission_id}" if one.mission_id else f"duty:{one.duty_id}"


@page()
def release(door: Door, from_id: uuid.UUID, person_id: uuid.UUID) -> HttpResponse:
    """Three questions, and she may go, from a mission or a shift. "Yes, hurt" leads on to the
    facts."""
    if before := already(door):
        messages.success(door.request, before.answer)
        return redirect("releases")
    found = [one for one in releases_of.may_be_released(door.viewer, now=door.now)
             if (one.from_id, one.person_id) == (from_id, person_id)]  # fmt: skip
    if not found or person_id == door.viewer.person_id:
        raise Http404
    opened(ReadKind.STATUS, what=_ref(found[0]), party=[person_id])
    sent = door.request.POST if door.request.method == "POST" else None
    form = ReleaseForm(sent, is_shift=found[0].duty_id is not None)
    if sent is not None and form.is_valid() and _released(door, form, found[0]):
        if form.cleaned_data["hurt"] == Hurt.YES:
            return redirect(f"/hurt/?person={person_id}")
        return redirect("releases")
    facts = queries.for_planners(door.viewer, [person_id], now=door.now).get(person_id)
    context = {"one": found[0], "form": form, "tired": facts.tired if facts else ""}
    return render(door.request, "rest/release.html", context, status=422 if form.errors else 200)


def _released(door: Door, form: ReleaseForm, one: ToRelease) -> bool:
    return saved(
        door,
        form,
        lambda: releasing.release(
            from_id=one.from_id,
            person_id=one.person_id,
            fields=form.fields_said,
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        ),
    )


@page()
def rest(door: Door) -> HttpResponse:
    """One's own rest: until when and by which rule, slept since, the curve, where help is."""
    if door.request.method == "POST":
        _say(door)
        return redirect("rest")
    me = door.viewer.person_id
    assert me is not None, "the page needs a log-in"
    own = queries.for_planners(door.viewer, [me], now=door.now)[me]
    row = releases_of.own_release(door.viewer, now=door.now)
    context = {
        "own": own,
        "release": row,
        "stands": word(words.STANDING, row.stands) if row else "",
        "resting": bool(row and row.rest_until_at and row.rest_until_at > door.now),
        "held_until": people.recipients([me])[me].rests_until,
        "curve": own_curve(door.viewer, zone=door.zone, now=door.now),
        "hours": _slept_words(),
        "overrides": _overrides(door, me),
        "injuries": injury_queries.own_injuries(door.viewer),
        "hard": hard_missions(me, since=door.now - LOOK_BACK),
    }
    return render(door.request, "rest/rest.html", context)


def _slept_words() -> list[dict[str, Any]]:
    said = {0: _("not yet"), 3: _("about 3 h"), 6: _("about 6 h"), 8: _("8 h or more")}
    return [{"hours": hours, "label": said[hours]} for hours in resting.HOURS]


def _overrides(door: Door, person_id: uuid.UUID) -> list[dict[str, Any]]:
    rows = releases_of.overrides_of(door.viewer, person_id)
    names = people.names([row.by_id for row in rows], to=door.viewer) if rows else {}
    return [{"at": row.at, "by": names.get(row.by_id, "?"), "reason": row.reason} for row in rows]


def _say(door: Door) -> None:
    """One tap of one's own page: slept, or awake and well."""
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    typed = door.request.POST.get("slept", "")
    try:
        if door.request.POST.get("act") == "awake":
            messages.success(door.request, resting.say_awake(by=by, now=now, tap=tap))
            return
        hours = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else -1
        messages.success(door.request, resting.say_slept(hours=hours, by=by, now=now, tap=tap))
    except Refused as refused:
        messages.error(door.request, str(refused))


@page(*RELEASERS)
def rest_of(door: Door, person_id: uuid.UUID) -> HttpResponse:
    """What whoever plans may know of somebody: what speaks against a duty, until when, by which
    rule, hours awake and on duty; and the word by which it is overridden."""
    seen = people.visible_people(door.viewer).filter(pk=person_id).first()
    facts = queries.for_planners(door.viewer, [person_id], now=door.now).get(person_id)
    if seen is None or facts is None:
        raise Http404
    opened(ReadKind.STATUS, what=f"person:{person_id}", whose=person_id)
    sent = door.request.POST if door.request.method == "POST" else None
    form = OverrideForm(sent)
    if sent is not None and form.is_valid() and _overridden(door, form, person_id):
        return redirect("rest-of", person_id)
    context = {
        "person_id": person_id,
        "callsign": seen.shown_as,
        "facts": facts,
        "form": form if facts.sentences else None,
        "is_own": person_id == door.viewer.person_id,
        "overrides": _overrides(door, person_id),
    }
    return render(door.request, "rest/rest_of.html", context, status=422 if form.errors else 200)


def _overridden(door: Door, form: OverrideForm, person_id: uuid.UUID) -> bool:
    return saved(
        door,
        form,
        lambda: resting.override(
            person_id=person_id,
            reason=form.cleaned_data["reason"],
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        ),
    )
