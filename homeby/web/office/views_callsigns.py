"""Callsigns by season: which one it is, and beginning the next."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from homeby import instants
from homeby.missions.actions.callsigns import give_due
from homeby.people.actions.seasons import begin_season
from homeby.people.queries.seasons import SeasonFacts, season
from homeby.people.rules import Role
from homeby.people.rules_callsigns import REASON_MOST
from homeby.web import recheck
from homeby.web.door import Door, page, tap_of
from homeby.web.office.views import saved


class SeasonForm(forms.Form):
    """Why everybody is to be called otherwise from now on."""

    reason = forms.CharField(
        label=gettext_lazy("Why now"),
        max_length=REASON_MOST,
        help_text=gettext_lazy("It stands in the logbook: a new year, a list that went astray."),
    )
    with_units = forms.BooleanField(
        label=gettext_lazy("Units too"),
        required=False,
        help_text=gettext_lazy("Crews and vehicles; leave it out where theirs are painted on."),
    )
    is_sure = forms.BooleanField(
        label=gettext_lazy("Everybody gets a new callsign"),
        error_messages={"required": gettext_lazy("Tick this: it cannot be taken back.")},
        help_text=gettext_lazy(
            "Typed ones too. Each is told her own; whoever is out keeps hers until she is in."
        ),
    )


@page(Role.ADMINISTRATOR)
def office_callsigns(door: Door) -> HttpResponse:
    """Which season it is, and the form by which the next one begins."""
    if again := recheck.needed_for_others(door):
        return again
    form = SeasonForm(door.request.POST if door.request.method == "POST" else None)
    if form.is_valid() and saved(door, form, lambda: _begin(door, form)):
        return redirect("office-callsigns")
    context = {
        "title": _("A new season of callsigns"),
        "intro": _said(door, season(door.viewer)),
        "submit": _("Begin the season"),
        "form": form,
        "back_url": "/office/",
        "back_label": _("Office"),
    }
    return render(door.request, "office/form.html", context, status=422 if form.errors else 200)


def _begin(door: Door, form: SeasonForm) -> str:
    answer = begin_season(
        reason=form.cleaned_data["reason"],
        with_units=form.cleaned_data["with_units"],
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )
    give_due(now=door.now)
    return answer


def _said(door: Door, found: SeasonFacts | None) -> str:
    if found is None:
        return _(
            "No season has been begun: callsigns are those that were typed. With the first one "
            "each person gets two words drawn at random, and so does whoever is added without a "
            "callsign."
        )
    said = _("Season %(number)d, since %(when)s. Its callsigns were drawn at random.") % {
        "number": found.number,
        "when": instants.wall(found.begun_at, door.zone, door.now),
    }
    if not found.waiting:
        return said
    text = ngettext(
        "%d is out and gets hers within an hour of coming home.",
        "%d are out and get theirs within an hour of coming home.",
        found.waiting,
    )
    return f"{said} {text % found.waiting}"
