"""What people keep for a bad day: written on one's own page, opened by a medic or in a search.

Opening is a tap of its own: the entry is committed first, and the page that answers it shows what
was opened, once. No list, board or export of ours imports what can open it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from homeby.logbook.rules import Refused
from homeby.people import queries as people
from homeby.people.actions import kept as actions
from homeby.people.opening import opened
from homeby.people.queries import kept as queries
from homeby.people.rules import Purpose, Role
from homeby.people.rules_private import Kept, KeptFacts
from homeby.watch import queries as watch
from homeby.watch.actions.searching import open_for_search
from homeby.watch.queries.searching import may_search
from homeby.web import recheck
from homeby.web.door import Door, page, tap_of
from homeby.web.kit.carried import carried
from homeby.web.office.private_forms import KEPT, TITLES, WHO_READS, KeptForm, lines
from homeby.web.office.timed import key_of
from homeby.web.office.views import saved
from homeby.web.words import word


@page()
def own_private(door: Door) -> HttpResponse:
    """What the viewer keeps for a bad day, in whole, and who may read it."""
    own = queries.own_kept(door.viewer)
    cards = [
        {
            "what": kept.lower(),
            "title": word(KEPT, kept),
            "who_reads": word(WHO_READS, kept),
            "lines": lines(own[kept], Purpose.OWN_PAGE) if kept in own else [],
        }
        for kept in Kept
    ]
    return render(door.request, "account/private.html", {"cards": cards})


@sensitive_post_parameters()
@page()
def own_private_form(door: Door, what: str) -> HttpResponse:
    """Write one of them down, or take it back."""
    kept = _kept(what)
    facts = queries.own_kept(door.viewer).get(kept)
    start = opened(facts, purpose=Purpose.OWN_PAGE) if facts else {}
    sent = door.request.POST if door.request.method == "POST" else None
    form = KeptForm(sent, kept=kept, initial=start)
    if sent is not None and _is_kept(door, kept, form):
        return redirect("account-private")
    context = {
        "title": word(KEPT, kept),
        "intro": word(WHO_READS, kept),
        "form": form,
        "back_url": "/me/private/",
        "back_label": _("For a bad day"),
        "danger": _removal() if facts else None,
    }
    return render(door.request, "office/form.html", context, status=422 if form.errors else 200)


def _kept(what: str) -> Kept:
    try:
        return Kept(what.upper())
    except ValueError:
        raise Http404 from None


def _is_kept(door: Door, kept: Kept, form: KeptForm) -> bool:
    removes = door.request.POST.get("act") == "remove"
    if not removes and not form.is_valid():
        return False
    values = {} if removes else form.cleaned_data
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    return saved(
        door, form, lambda: actions.write_down(kept=kept, values=values, by=by, now=now, tap=tap)
    )


def _removal() -> dict[str, str]:
    return {
        "act": "remove",
        "label": _("Remove it"),
        "sentence": _("Nobody finds it from then on, whoever searches for you neither."),
    }


@page(Role.MEDIC)
def health_list(door: Door) -> HttpResponse:
    """Who has written something of her health for the viewer, a medic; nothing of what."""
    found = [{"id": key, "callsign": name} for key, name in queries.in_care(door.viewer)]
    return render(door.request, "office/health_list.html", {"found": found})


@page(Role.MEDIC)
def health(door: Door, person_id: uuid.UUID) -> HttpResponse:
    """A medic opens what somebody says of her health; the first page only asks."""
    facts = queries.health_of(door.viewer, person_id)
    if facts is None:
        raise Http404

    def open_it() -> str:
        by, now, tap = door.viewer, door.now, tap_of(door.request)
        return actions.open_health(person_id=person_id, by=by, now=now, tap=tap)

    if door.request.method == "POST" and (again := recheck.needed(door)):
        return again
    person = _person(door, person_id)
    if _opened(door, open_it):
        person["cards"] = _cards([facts], Purpose.HEALTH)
    context = {"title": _("Health"), "people": [person]}
    way = {"back_url": "/health/", "back_label": _("Health")}
    return render(door.request, "office/private_open.html", context | way)


def _person(door: Door, person_id: uuid.UUID) -> dict[str, Any]:
    callsign = people.names([person_id], to=door.viewer).get(person_id, "?")
    return {"id": person_id, "callsign": callsign, "cards": None}


def _opened(door: Door, open_it: Callable[[], str]) -> bool:
    """Whether the posted form opens it: only then, and after the commit, it is shown."""
    if door.request.method != "POST":
        return False
    try:
        messages.success(door.request, open_it())
    except Refused as refused:
        messages.error(door.request, str(refused))
        return False
    return True


def _cards(found: Iterable[KeptFacts], purpose: Purpose) -> list[dict[str, Any]]:
    return [{"title": word(TITLES, facts.kept), "lines": lines(facts, purpose)} for facts in found]


@page()
def search(door: Door, alarm_id: uuid.UUID) -> HttpResponse:
    """The missing of an alarm, and what each keeps with us for this day, opened one by one. No
    proof is asked for here: whoever searches opens it at once."""
    alarm = watch.alarm(door.viewer, alarm_id)
    if alarm is None or not may_search(door.viewer, alarm, now=door.now):
        raise Http404
    wanted = str(door.request.POST.get("person", ""))
    missing = [_person(door, uuid.UUID(key)) for key in alarm.subject.party]
    for one in missing:
        if str(one["id"]) == wanted and _opened(door, lambda: _open(door, alarm_id, wanted)):
            found = queries.kept_for_search(one["id"]).values()
            one["cards"] = _cards(found, Purpose.SEARCH_BRIEF)
    kit = _carried(door, alarm.subject.ref)
    context = {"title": _("To find them"), "people": missing, "carried": kit}
    way = {"back_url": f"/alarms/{alarm_id}/", "back_label": str(alarm)}
    return render(door.request, "office/private_open.html", context | way)


def _carried(door: Door, ref: str) -> list[dict[str, Any]]:
    room, _sign, key = ref.partition(":")
    found = key_of(key) if room == "mission" else None
    return carried(door, found) if found is not None else []


def _open(door: Door, alarm_id: uuid.UUID, wanted: str) -> str:
    return open_for_search(
        alarm_id=alarm_id,
        person_id=uuid.UUID(wanted),
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )
