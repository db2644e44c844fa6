"""A gate's screen that strangers can see: it shows no name, face or unit, before an act and after.

Whoever keeps the gate says so of the screen before her; it is kept in that browser, for a gate may
have a tablet in the open and a desk behind a door. There one types a callsign, which is hidden as a
password is, and the answer is the same for everybody. What needs a look at names (a party that is
ticked, a first report) leads to where nobody else looks. To show names there again she proves once
more who she is: any stranger could touch the button.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django import forms
from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.logbook import queries as logbook
from homeby.logbook.rules import Refused
from homeby.missions import rules
from homeby.missions.actions.gate import AtGate
from homeby.missions.actions.heard import Said, heard
from homeby.missions.rules import MemberState, Word
from homeby.people.queries.callsigns import called
from homeby.people.rules import WATCHERS
from homeby.web import recheck
from homeby.web.door import Door, page, show, tap_of
from homeby.web.gate import acts, tiles
from homeby.web.gate.acts import Recorded
from homeby.web.gate.here import Here, gate_or_404, sheet_or_404
from homeby.web.open_screens import COOKIE, is_seen

_KEPT_SECONDS = 400 * 24 * 3600  # as long as a browser keeps anything
_PLANS_MAX = 20

P = ParamSpec("P")
_WORDS = {"in": Word.BACK, "check-in": Word.FINE}


class CallsignForm(forms.Form):
    """Whose act it is, by a callsign that nobody beside them reads."""

    callsign = forms.CharField(
        label=gettext_lazy("Callsign"),
        max_length=100,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("It is hidden while it is typed, and nothing is shown of them."),
        error_messages={"required": gettext_lazy("Write the callsign.")},
    )


def no_names(
    view: Callable[Concatenate[Door, P], HttpResponse],
) -> Callable[Concatenate[Door, P], HttpResponse]:
    """A page with names on it does not open on such a screen: it leads to the gate at rest. What is
    sent from one that was opened before counts, as everything that somebody says at a gate."""

    @wraps(view)
    def inner(door: Door, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not is_seen(door.request):
            return view(door, *args, **kwargs)
        if door.request.method == "POST":
            view(door, *args, **kwargs)
            return nameless(door, str(kwargs["key"]))
        messages.info(door.request, _not_on_this_screen())
        return redirect("gate", str(kwargs["key"]))

    return inner


def nameless(door: Door, key: str) -> HttpResponse:
    """The answer to what was just sent from a page that was opened before strangers could see the
    screen: whether it is recorded, and nothing of what that page would show or say."""
    list(messages.get_messages(door.request))  # read here, they are shown nowhere
    recorded = acts.already(door)
    if recorded is None:
        messages.error(door.request, _not_on_this_screen())
    else:
        messages.success(door.request, _answer(recorded))
    return redirect("gate", key)


@page(*WATCHERS)
def switch(door: Door, key: uuid.UUID) -> HttpResponse:
    """Strangers can see this screen, or not any more."""
    here = gate_or_404(door.viewer, key)
    if door.request.method != "POST":
        return redirect("gate", here.key)
    on = door.request.POST.get("seen") == "on"
    if not on and is_seen(door.request) and (again := recheck.needed(door)):
        return again
    answer = redirect("gate", here.key)
    if on:
        answer.set_cookie(
            COOKIE,
            "1",
            max_age=_KEPT_SECONDS,
            secure=django_settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        answer.delete_cookie(COOKIE)
    return answer


def by_callsign(door: Door, here: Here, act: str) -> HttpResponse:
    """What `gate-pick` is on such a screen: a callsign, and an answer that names nobody."""
    form = CallsignForm(door.request.POST if door.request.method == "POST" else None)
    if door.request.method == "POST":
        try:
            recorded = acts.already(door)
            if recorded is None and form.is_valid():
                recorded = _record(door, here, act, form.cleaned_data["callsign"])
            if recorded is not None:
                messages.success(door.request, _answer(recorded))
                return redirect("gate", here.key)
        except Refused:
            show(form, Refused(callsign=_not_on_this_screen()))
    context = {"gate": here, "zone": here.zone, "act": act, "form": form, "glass_held": ()}
    status = 422 if form.errors else 200
    return render(door.request, "gate/seen.html", context, status=status)


def _record(door: Door, here: Here, act: str, callsign: str) -> Recorded:
    """Raises Refused."""
    if act == "out":
        return _leave(door, here, callsign)
    at, tap = AtGate(gate_id=here.key), tap_of(door.request)
    said = Said(word=_WORDS[act], callsign=callsign, at=at)
    answer = heard(said=said, by=door.viewer, now=door.now, tap=tap)
    return Recorded(entry_id=tap.entry_id, answer=answer)


def _leave(door: Door, here: Here, callsign: str) -> Recorded:
    """By the one plan on which they may leave now. Raises Refused."""
    who = set(called(callsign))
    text = callsign.strip()[:60]
    found = tiles.tiles(door.viewer, "out", text=text, exact=False, now=door.now)[:_PLANS_MAX]
    sheets = [sheet_or_404(door, one.mission_id) for one in found] if who else []
    going = [(one, key) for one in sheets for key in one.ids(MemberState.PLANNED) if key in who]
    if len(going) != 1:
        raise Refused(callsign=_not_on_this_screen())
    ((sheet, person_id),) = going
    return acts.sign_one(door, sheet, "out", person_id, gate_id=here.key)


def _answer(recorded: Recorded) -> str:
    """The same for everybody, and whether it fits: of whom that is, nobody beside them has read."""
    given = logbook.given_before([recorded.entry_id]).get(recorded.entry_id)
    if given is not None and given.kind == rules.ENTRY_UNMATCHED:
        return _("Recorded. It fits nothing that is out; the duty officer sees it.")
    return _("Recorded.")


def _not_on_this_screen() -> str:
    return _(
        "This cannot be done here, for strangers can see this screen. Do it by the phone of "
        "whoever it is about, or on a screen that only you see."
    )
