"""Proving again who sits there, before an act that opens doors: `needed(door)` first in its view.

A log-in lasts for days, and a phone on a table is soon somebody else's. Ten minutes is the longest
life that ASVS 5.0 (6.5.5) gives to a proof that was made out of sight; allauth's own default for
this is five. It is measured by the machine's clock: a demonstration that runs sixty times as fast
makes nobody type sixty times as often.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from homeby import clock, settings
from homeby.people import queries as people
from homeby.people.queries.factors import factors_of, proofs_of
from homeby.people.rules_log_ins import Proof, still_to_prove
from homeby.web.accounts.how_long import ENTERED
from homeby.web.door import Door

VALID = dt.timedelta(minutes=10)
#: Two processes of one machine may be a little apart; a clock set back proves nothing.
_APART = dt.timedelta(seconds=5)
_KEY = "proved_at"
#: For what the strongest proof is asked, as the page that asks is told: for a broken glass, or for
#: a change of how her own log-in is opened, or of what opens doors to others.
FOR_GLASS, FOR_DOORS = "1", "doors"
#: When she proved herself with what: the kind of proof, and the time.
_WITH = "proved_with"
#: When she made a new way in, for which her strongest proof until then was asked.
_MADE = "made_way_in"


def prove(request: HttpRequest, *proofs: Proof) -> None:
    """Note in the session that she has proved herself just now, and with what."""
    now = clock.real_now().isoformat()
    request.session[_KEY] = now
    request.session[_WITH] = request.session.get(_WITH, {}) | {str(one): now for one in proofs}
    request.session[ENTERED] = clock.now().isoformat()  # her days begin anew


def note_made(request: HttpRequest) -> None:
    """Note that she has just made a passkey, or an app with codes: what belongs to it, recovery
    codes above all, follows without asking for it at once. A broken glass asks for it."""
    request.session[_MADE] = clock.real_now().isoformat()


def is_fresh(request: HttpRequest) -> bool:
    """Whether she proved herself within the last ten minutes."""
    return _counts(request.session.get(_KEY))


def _counts(noted: Any) -> bool:
    if not noted:
        return False
    age = clock.real_now() - dt.datetime.fromisoformat(noted)
    return -_APART <= age < VALID


def proved_with(request: HttpRequest) -> frozenset[Proof]:
    """With what she proved herself within the last ten minutes."""
    noted = request.session.get(_WITH, {})
    return frozenset(Proof(one) for one, at in noted.items() if _counts(at))


def needed(door: Door) -> HttpResponse | None:
    """The way to the page that asks, from which she comes back to where she was; None while the
    last proof is fresh."""
    if is_fresh(door.request):
        return None
    return redirect(f"{reverse('again')}?{urlencode({'next': _back(door.request)})}")


def needed_at_its_strongest(door: Door, *, why: str = FOR_DOORS) -> HttpResponse | None:
    """The same before what nothing weaker opens: by a passkey, where she has one, whatever else she
    has proved. Who has none is asked for all that she has: at night nobody can add one. So nobody
    comes by a stronger proof than he holds: a new way into a log-in asks for the best there is."""
    if is_fresh(door.request) and not lacking(door, why=why):
        return None
    query = {"next": _back(door.request), "strongest": why}
    return redirect(f"{reverse('again')}?{urlencode(query)}")


def lacking(door: Door, *, why: str = FOR_DOORS) -> frozenset[Proof]:
    """What is lacking of the strongest proof that she can give."""
    if why != FOR_GLASS and _counts(door.request.session.get(_MADE)):
        return frozenset()
    return still_to_prove(proofs_of(door.viewer), proved_with(door.request))


def needed_for_others(door: Door) -> HttpResponse | None:
    """The same before an act that opens doors to other people: a new invitation opens a log-in anew
    without its passkeys. Where the organisation asks for more than a password there
    (`second_factor_office`), whoever has no more is led to where she adds it."""
    if again := needed_at_its_strongest(door):
        return again
    if not settings.current().second_factor_office or _has_more(door):
        return None
    sentence = _(
        "Whoever opens doors to others needs a passkey or an app with codes: add one first."
    )
    messages.warning(door.request, sentence)
    return redirect("own-log-in")


def _has_more(door: Door) -> bool:
    assert door.viewer.person_id is not None, "asked of whoever is logged in"
    account = people.account_of(door.viewer, door.viewer.person_id)
    found = factors_of(door.viewer, account) if account is not None else None
    return found is not None and (found.asks_for_more or found.has_provider)


def needed_for_script(door: Door) -> HttpResponse | None:
    """The same for a request that a script makes: a sentence to show."""
    if is_fresh(door.request) and not lacking(door):
        return None
    sentence = _("Too much time has passed. Reload this page and prove who you are once more.")
    return JsonResponse({"sentence": sentence}, status=403)


def _back(request: HttpRequest) -> str:
    """A page that can be opened: this one, or the one whose button was pressed."""
    if request.method == "GET":
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host()
    if not is_ours or not came_from.path:
        return reverse("account")
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
