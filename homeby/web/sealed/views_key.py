"""A reader's own key: made, opened by one more thing, ended. The browser does the work; the station
is given a public half and wraps."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeby.logbook.rules import Refused
from homeby.missions.actions.reader_keys import Wrap, add_reader_key, add_wraps, end_reader_key
from homeby.missions.queries import sealed as queries
from homeby.missions.rules import sealed as rules
from homeby.people.queries.factors import factors_of
from homeby.web import recheck
from homeby.web.accounts import adapters
from homeby.web.accounts.views_own import own_account
from homeby.web.door import Door, page, tap_of
from homeby.web.sealed.views import unlocking

_MOST = 100_000


@page()
def key(door: Door) -> HttpResponse:
    """The viewer's key, by what it is opened, and how to make one."""
    if not queries.may_have_a_key(door.viewer):
        raise Http404
    if again := recheck.needed_at_its_strongest(door):
        return again
    act = ACTS.get(door.request.POST.get("act", "")) if door.request.method == "POST" else None
    if act is not None and _done(door, act):
        return redirect("sealed-key")
    own = queries.own_key(door.viewer)
    works = adapters.works_here(door.request)
    known = factors_of(door.viewer, own_account(door)).passkeys if works else ()
    context: dict[str, Any] = {
        "own": own,
        "sign": rules.fingerprint(own.public) if own else "",
        "passkeys": known,
        "works": works,
    }
    if own is not None:
        found = unlocking(door, own)
        held = {one.credential for one in found["wrapped_by"]}
        context |= found | {"passkeys": [one for one in known if one.credential not in held]}
    return render(door.request, "sealed/key.html", context)


def _done(door: Door, act: Callable[[Door, dict[str, Any]], str]) -> bool:
    at: dict[str, Any] = {"by": door.viewer, "now": door.now, "tap": tap_of(door.request)}
    try:
        messages.success(door.request, act(door, at))
    except Refused as refused:
        messages.error(door.request, str(refused))
        return False
    return True


def _make(door: Door, at: dict[str, Any]) -> str:
    return add_reader_key(public=door.request.POST.get("public", ""), wraps=_wraps(door), **at)


def _add(door: Door, at: dict[str, Any]) -> str:
    return add_wraps(wraps=_wraps(door), **at)


ACTS: dict[str, Callable[[Door, dict[str, Any]], str]] = {
    "make": _make,
    "add": _add,
    "end": lambda door, at: end_reader_key(**at),
}


def _wraps(door: Door) -> list[Wrap]:
    """The wraps that the page's script put into the form."""
    try:
        found = json.loads(door.request.POST.get("wraps", "")[:_MOST])
        return [
            Wrap(
                wrapped=str(one["wrapped"]),
                credential=str(one.get("credential") or ""),
                label=str(one.get("label") or "")[:100],
            )
            for one in found
        ]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Refused(
            _("The key did not come sealed, so nothing of it was kept. Try once more.")
        ) from None
