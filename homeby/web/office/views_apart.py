"""Whom I am to be kept away from: a page that one fills in alone, and that nobody else reads."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.comms.actions import credentials
from homeby.logbook.rules import Refused
from homeby.people import queries as people
from homeby.people.actions.apart import end_stay_away, file_stay_away
from homeby.people.queries.apart import apart_from, stay_aways
from homeby.people.queries.callsigns import called
from homeby.people.rules import Role
from homeby.people.rules_callsigns import ERASED_NAME
from homeby.web import recheck
from homeby.web.door import Door, act, page, show, tap_of


class StayAwayForm(forms.Form):
    """Who is kept away from whom, by callsigns; `for_whom` is a welfare officer's alone."""

    for_whom = forms.CharField(
        label=gettext_lazy("For whom"),
        help_text=gettext_lazy("A callsign; empty: for yourself."),
        max_length=200,
        required=False,
    )
    callsign = forms.CharField(
        label=gettext_lazy("To be kept away"),
        help_text=gettext_lazy("The callsign, as lists and messages show it."),
        max_length=200,
    )

    def __init__(self, *args: Any, door: Door, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.door = door
        if not door.viewer.has(Role.WELFARE_OFFICER):
            del self.fields["for_whom"]

    def clean(self) -> dict[str, Any]:
        """Understand for whom."""
        values = super().clean() or {}
        values["person_id"] = self.door.viewer.person_id
        if typed := str(values.get("for_whom") or "").strip():
            found = called(typed)
            values["person_id"] = found[0] if len(found) == 1 else None
            if len(found) != 1:
                self.add_error("for_whom", _("Nobody, or more than one, is called so."))
        return values


@page()
def stay_away(door: Door) -> HttpResponse:
    """Those that hold, and a form for one more; whoever holds her phone reads none of it."""
    if again := recheck.needed(door):
        return again
    sent = door.request.POST if door.request.method == "POST" else None
    if sent is not None and "end" in sent:
        return _ended(door, sent["end"])
    form = StayAwayForm(sent, door=door)
    if sent is not None and form.is_valid() and _filed(door, form):
        return redirect("account-stay-away")
    rows = [
        {
            "id": row.pk,
            "whom": row.other.shown_as if row.other is not None else ERASED_NAME,
            "for_whom": row.person.shown_as if row.person_id != door.viewer.person_id else "",
            "at": row.filed_at,
        }
        for row in stay_aways(door.viewer)
    ]
    context = {"form": form, "rows": rows}
    status = 422 if form.errors else 200
    return render(door.request, "account/stay_away.html", context, status=status)


def _filed(door: Door, form: StayAwayForm) -> bool:
    try:
        answer = file_stay_away(
            person_id=form.cleaned_data["person_id"],
            callsign=form.cleaned_data["callsign"],
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        )
    except Refused as refused:
        show(form, refused)
        return False
    messages.success(door.request, answer)
    return True


def _welfare_officers(door: Door, row: Any) -> list[uuid.UUID]:
    """Those who could read it: neither of the two, nor who is kept away from one of them."""
    pair = (row.person_id, row.other_id)
    away = frozenset().union(*apart_from(pair).values())
    found = people.holders(Role.WELFARE_OFFICER, now=door.now)
    return [key for key in found if key not in away and key not in pair]


def _ended_for(who: str) -> tuple[str, str]:
    text = _("It was filed for %(who)s. If she did not wish it, file it again with her.")
    return _("A stay-away record was ended"), text % {"who": who}


def _ended(door: Door, key: str) -> HttpResponse:
    def end() -> str:
        try:
            wanted = uuid.UUID(key)
        except ValueError:
            raise Refused(_("It has ended already.")) from None
        tap = tap_of(door.request)
        row = next((one for one in stay_aways(door.viewer) if one.pk == wanted), None)

        def end_it() -> str:
            return end_stay_away(stay_away_id=wanted, by=door.viewer, now=door.now, tap=tap)

        if row is None:
            return end_it()
        return credentials.done(
            row.person_id,
            end_it,
            lambda: _("A record of whom you are kept away from was ended."),
            by=door.viewer,
            now=door.now,
            tap=tap,
            others=_welfare_officers(door, row),
            to_others=partial(_ended_for, row.person.shown_as),
        )

    return act(door, end, to="account-stay-away")
