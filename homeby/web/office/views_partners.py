"""Partner stations: when each was heard, what it said; pair with one, end a partnership."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from homeby.logbook.rules import Refused
from homeby.people.rules import Role
from homeby.watch.actions.partners import ending, pairing
from homeby.watch.queries import partners
from homeby.watch.queries.partners import PartnerSheet
from homeby.watch.rules import partners as rules
from homeby.web.context import OFFICE_ROLES
from homeby.web.door import Door, page, show, tap_of


class CodeForm(forms.Form):
    """The code that a person at the other station has shown."""

    code = forms.CharField(
        label=gettext_lazy("Pairing code of the other station"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("It begins with HOMEBY1- and lasts ten minutes."),
    )


class EndForm(forms.Form):
    """Why a partnership ends."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=ending.REASON_MAX,
        help_text=gettext_lazy("Those who keep the watch of both stations read it."),
    )


@page(*OFFICE_ROLES)
def office_partners(door: Door) -> HttpResponse:
    """The page, and the form that takes a code."""
    sent = door.request.POST if door.request.method == "POST" else None
    form = CodeForm(sent)
    if sent is not None and _may_pair(door) and form.is_valid():
        code = form.cleaned_data["code"]
        tap = tap_of(door.request)
        if _done(
            door, form, lambda: pairing.accept(code=code, by=door.viewer, now=door.now, tap=tap)
        ):
            return redirect("office-partners")
    return _page(door, form=form)


@require_POST
@page(Role.ADMINISTRATOR)
def office_partner_invite(door: Door) -> HttpResponse:
    """Show a fresh pairing code, once."""
    try:
        code = pairing.invite(by=door.viewer, now=door.now, tap=tap_of(door.request))
    except Refused as refused:
        messages.error(door.request, str(refused))
        return redirect("office-partners")
    if not code:  # the page was sent twice; the code stood on the first answer
        messages.error(door.request, _("That code was shown once already. Make a new one."))
        return redirect("office-partners")
    return _page(door, form=CodeForm(), code=code)


@page(Role.ADMINISTRATOR)
def office_partner_end(door: Door, partner_id: uuid.UUID) -> HttpResponse:
    """End a partnership, with a reason."""
    found = partners.sheet(door.viewer, partner_id)
    if found is None:
        raise Http404
    form = EndForm(door.request.POST or None)
    if form.is_bound and form.is_valid():
        reason, tap = form.cleaned_data["reason"], tap_of(door.request)

        def end() -> str:
            return ending.end(
                partner_id=partner_id, reason=reason, by=door.viewer, now=door.now, tap=tap
            )

        if _done(door, form, end):
            return redirect("office-partners")
    context = {"partner": found, "form": form}
    return render(
        door.request, "office/partner_end.html", context, status=422 if form.errors else 200
    )


def _may_pair(door: Door) -> bool:
    return door.viewer.has(Role.ADMINISTRATOR)


def _done(door: Door, form: forms.Form, act: Callable[[], str]) -> bool:
    try:
        messages.success(door.request, act())
    except Refused as refused:
        show(form, refused)
        return False
    return True


def _page(door: Door, *, form: CodeForm, code: str = "") -> HttpResponse:
    found = partners.sheets(door.viewer, ended=True)
    context = {
        "partners": [_shown(one, door.now) for one in found if one.ended_at is None],
        "ended": [one for one in found if one.ended_at is not None],
        "form": form if _may_pair(door) else None,
        "code": code,
        "code_until_at": door.now + rules.CODE_LASTS if code else None,
    }
    return render(door.request, "office/partners.html", context, status=422 if form.errors else 200)


def _shown(one: PartnerSheet, now: dt.datetime) -> dict[str, Any]:
    """A partner station as the page shows it."""
    silent = now - (one.heard_at or one.paired_at) > rules.SILENT_AFTER
    well = "green" if one.heard_at else "amber"
    return {
        "sheet": one,
        "silent": silent,
        "level": "red" if silent or one.troubles else well,
        "troubles": [rules.sentence(trouble) for trouble in one.troubles],
    }
