"""Pausing the watch: ask, agree, let it go on; and what was paused before."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from homeby import settings
from homeby.watch import queries as watch
from homeby.watch.actions import pausing
from homeby.watch.queries import pauses
from homeby.watch.queries.pauses import PauseSheet
from homeby.watch.rules import PauseState
from homeby.web.context import OFFICE_ROLES
from homeby.web.door import Door, act, page, tap_of
from homeby.web.office.timed import TimedForm, typed_field
from homeby.web.office.views import saved

TWO, ALONE = "TWO", "ALONE"
_SHOWN_OVER = 10


class PauseForm(TimedForm):
    """Why, until when, and who stands behind it."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("Such as: exercise until noon. Everybody who is out reads it."),
    )
    until = typed_field(
        gettext_lazy("Until"), gettext_lazy("Such as 14:30 or +2h. Then it ends by itself.")
    )
    behind = forms.ChoiceField(
        label=gettext_lazy("Who stands behind it?"),
        choices=[
            (TWO, gettext_lazy("two people: it begins when a second one agrees")),
            (ALONE, gettext_lazy("I alone: it begins in 24 hours, and everybody is told now")),
        ],
        initial=TWO,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        """Understand the end."""
        values = super().clean() or {}
        values["until_at"] = self.instant("until", later=False)
        return values

    def wish(self) -> pausing.Wish:
        """The pause that was typed."""
        typed = self.cleaned_data
        return pausing.Wish(
            reason=typed["reason"],
            until_at=typed["until_at"],
            with_notice=typed["behind"] == ALONE,
        )


def _may_be_here(door: Door) -> None:
    if not door.viewer.has(*OFFICE_ROLES) and not watch.holds_watch(door.viewer, now=door.now):
        raise Http404


@page()
def office_pause(door: Door) -> HttpResponse:
    """The page, and the form that asks."""
    _may_be_here(door)
    sent = door.request.POST if door.request.method == "POST" else None
    form = PauseForm(sent, zone=door.zone, now=door.now)
    if sent is not None and form.is_valid() and _asked(door, form):
        return redirect("office-pause")
    status = 422 if form.errors else 200
    return render(door.request, "office/pause.html", _shown(door) | {"form": form}, status=status)


def _asked(door: Door, form: PauseForm) -> bool:
    def ask() -> str:
        return pausing.ask_pause(
            wish=form.wish(), by=door.viewer, now=door.now, tap=tap_of(door.request)
        )

    return saved(door, form, ask)


@require_POST
@page()
def office_pause_act(door: Door, item: uuid.UUID) -> HttpResponse:
    """Agree to a pause, or end it."""
    _may_be_here(door)
    acts = {"agree": pausing.agree, "end": pausing.end_pause}
    wanted = acts.get(door.request.POST.get("act", ""))
    if wanted is None:
        raise Http404

    def do() -> str:
        return wanted(pause_id=item, by=door.viewer, now=door.now, tap=tap_of(door.request))

    return act(door, do, to="office-pause")


def _shown(door: Door) -> dict[str, Any]:
    found = pauses.pause_sheets(door.viewer, now=door.now, over=_SHOWN_OVER)
    open_ones = [one for one in found if one.facts.state is not PauseState.OVER]
    return {
        "open": [_line(one, door) for one in open_ones],
        "over": [_line(one, door) for one in found if one not in open_ones],
        "hours_max": settings.current().pause_hours_max,
    }


def _line(one: PauseSheet, door: Door) -> dict[str, Any]:
    facts = one.facts
    mine = facts.asked_by_id == door.viewer.person_id
    return {
        "id": one.id,
        "state": str(facts.state),
        "reason": one.reason,
        "asked_by": one.asked_by,
        "agreed_by": one.agreed_by,
        "from_at": facts.from_at,
        "until_at": facts.until_at,
        "ended_at": one.ended_at,
        "ended_by": one.ended_by,
        "began": facts.is_agreed or (one.ended_at or door.now) >= facts.from_at > facts.asked_at,
        "mine": mine,
        "may_agree": facts.state is PauseState.ASKED and not mine,
    }
