"""What every page does at the door: read the clock once, know the viewer, make the tap.

A view is: `door = at_door(request)`; one query or one action; render. A `Refused` raised by an
action becomes sentences beside the fields, with everything that was typed kept.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from homeby import clock, instants
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.queries import OrganisationFacts
from homeby.people.rules import NOBODY, Role, Viewer
from homeby.readiness.queries.who import viewer_for
from homeby.web.denied import Why, note
from homeby.web.reads import reader_is

P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True)
class Door:
    """One request at the door: the instant it counts as, who looks, the organisation (None before
    there is one) and its zone."""

    request: HttpRequest
    now: dt.datetime
    viewer: Viewer
    zone: str
    organisation: OrganisationFacts | None = None


def at_door(request: HttpRequest) -> Door:
    """The door of a request, made once and kept on it."""
    found: Door | None = getattr(request, "homeby_door", None)
    if found is None:
        now = clock.now()
        user = request.user
        person_id = getattr(user, "person_id", None) if user.is_authenticated else None
        viewer = viewer_for(person_id, now=now) if person_id else NOBODY
        own = people.organisation()
        zone = own.zone if own is not None else "UTC"
        found = Door(request=request, now=now, viewer=viewer, zone=zone, organisation=own)
        request.homeby_door = found  # type: ignore[attr-defined]
        reader_is(viewer, device=str(request.session.get("device") or "web"), now=now)
    return found


View = Callable[Concatenate[Door, P], HttpResponseBase]


DjangoView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def page(*roles: Role) -> Callable[[View[P]], DjangoView[P]]:
    """Make a view of `(door, ...)`: it needs a log-in, and one of the roles, be it for
    one team, if any are named: what the page shows is asked for by what its viewer may see."""

    def wrap(view: View[P]) -> DjangoView[P]:
        @wraps(view)
        def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            door = at_door(request)
            if door.viewer.person_id is None:
                return redirect_to_login(request.get_full_path())
            if roles and not door.viewer.has_somewhere(*roles):
                note(request, Why.NOT_ALLOWED)
                raise Http404
            return view(door, *args, **kwargs)

        return inner

    return wrap


def tap_of(request: HttpRequest, *, happened: str = "", zone: str = "") -> Tap:
    """The tap of a posted form: its entry id was made when the page was drawn, so that posting it
    twice counts once. `happened` names a field with the local time at which it was so, in `zone` or
    else in the station's."""
    try:
        entry_id = uuid.UUID(request.POST.get("entry_id", ""))
    except ValueError:
        entry_id = uuid.uuid4()
    happened_at = None
    typed = request.POST.get(happened, "").strip() if happened else ""
    if typed:
        door = at_door(request)
        happened_at = past_instant(typed, zone or door.zone, now=door.now, field=happened)
    device = request.session.get("device") or "web"
    return Tap(entry_id=entry_id, device=str(device)[:80], happened_at=happened_at)


def past_instant(typed: str, zone: str, *, now: dt.datetime, field: str) -> dt.datetime:
    """What somebody typed for "when it happened", as an instant up to now; a sentence beside the
    field where it is none."""
    found = instants.parse_past(typed, zone, now)
    if isinstance(found, instants.Problem):
        raise Refused(**{field: found.sentence})
    return found.instant


def show(form: forms.BaseForm, refused: Refused) -> None:
    """Put the sentences of a refusal beside the fields of a form, or above it."""
    for name, sentence in refused.problems.items():
        form.add_error(name if name in form.fields else None, sentence)


def act(door: Door, act_now: Callable[[], str], *, to: str, **where: Any) -> HttpResponse:
    """Do one act, say its answer (or why not) on the page that follows."""
    try:
        messages.success(door.request, act_now())
    except Refused as refused:
        messages.error(door.request, str(refused))
    following: HttpResponse = redirect(to, **where)
    return following
