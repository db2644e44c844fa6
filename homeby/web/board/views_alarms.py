"""Alarms: all of them, one of them, and what a person does with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeby.logbook.rules import Refused, Tap
from homeby.missions.actions.unmatched import stand_help_down
from homeby.people.rules import Viewer
from homeby.watch import queries as watch
from homeby.watch.actions import alarms as actions
from homeby.watch.rules import AlarmKind
from homeby.watch.rules.unplaced import is_unplaced
from homeby.web.board import alarm_page
from homeby.web.board.forms import DistressForm, HandOverForm, StandDownForm
from homeby.web.choosing import watchers
from homeby.web.door import Door, page, show, tap_of


@page()
def alarms(door: Door) -> HttpResponse:
    """The alarms the viewer may see, most urgent first, and those that ended last."""
    return render(door.request, "alarms/list.html", alarm_page.lists(door.viewer, now=door.now))


@page()
def alarms_rows(door: Door) -> HttpResponse:
    """The live part of the list."""
    return render(door.request, "alarms/_list.html", alarm_page.lists(door.viewer, now=door.now))


def _found(door: Door, alarm_id: uuid.UUID) -> Any:
    found = watch.alarm(door.viewer, alarm_id)
    if found is None:
        raise Http404
    return found


def _context(door: Door, found: Any) -> dict[str, Any]:
    return alarm_page.alarm_page(door.viewer, found, zone=door.zone, now=door.now)


@page()
def alarm(door: Door, alarm_id: uuid.UUID) -> HttpResponse:
    """One alarm: where it stands, who was told, what happened to each message, what to do."""
    found = _found(door, alarm_id)
    return render(door.request, "alarms/alarm.html", _context(door, found) | _forms(door, found))


@page()
def alarm_rows(door: Door, alarm_id: uuid.UUID) -> HttpResponse:
    """The live part of an alarm's page."""
    return render(door.request, "alarms/_alarm.html", _context(door, _found(door, alarm_id)))


def _forms(door: Door, found: Any, act: str = "") -> dict[str, Any]:
    """The three forms of the page; the one that was sent holds what was typed."""

    def typed(name: str) -> Any:
        return door.request.POST if act == name else None

    return {
        "hand_over_form": HandOverForm(
            typed("hand_over"),
            choices=watchers(but=_not_offered(door.viewer), now=door.now),
            auto_id="hand_over_%s",
        ),
        "stand_down_form": StandDownForm(
            typed("stand_down"),
            zone=found.subject.zone,
            now=door.now,
            out=_somebody_is_out(found),
            auto_id="stand_down_%s",
        ),
        "distress_form": DistressForm(typed("distress"), auto_id="distress_%s"),
    }


def _not_offered(viewer: Viewer) -> frozenset[uuid.UUID]:
    """Herself, and whom she is kept away from."""
    own = () if viewer.person_id is None else (viewer.person_id,)
    return viewer.apart.union(own)


def _take(door: Door, alarm_id: uuid.UUID, form: Any, tap: Tap) -> str:
    return actions.acknowledge(alarm_id=alarm_id, by=door.viewer, now=door.now, tap=tap)


def _hand_over(door: Door, alarm_id: uuid.UUID, form: Any, tap: Tap) -> str:
    return actions.hand_over(
        alarm_id=alarm_id, to=form.person_id, by=door.viewer, now=door.now, tap=tap
    )


def _somebody_is_out(alarm: Any) -> bool:
    """Whether the watch asks again once this is stood down; not for an act, nor for HELP that fits
    no mission."""
    subject = alarm.subject
    return bool(subject.party) and not subject.wanted and alarm.kind != AlarmKind.DURESS


def _stand_down(door: Door, alarm_id: uuid.UUID, form: Any, tap: Tap) -> str:
    reason = form.cleaned_data["reason"]
    if is_unplaced(_found(door, alarm_id).subject.ref):
        return stand_help_down(
            alarm_id=alarm_id, reason=reason, by=door.viewer, now=door.now, tap=tap
        )
    return actions.stand_down(
        alarm_id=alarm_id,
        reason=reason,
        again_at=form.cleaned_data.get("again_at"),
        by=door.viewer,
        now=door.now,
        tap=tap,
    )


def _distress(door: Door, alarm_id: uuid.UUID, form: Any, tap: Tap) -> str:
    return actions.raise_to_distress(
        alarm_id=alarm_id,
        why=form.cleaned_data["reason"],
        by=door.viewer,
        now=door.now,
        tap=tap,
    )


Act = Callable[[Door, uuid.UUID, Any, Tap], str]
ACTS: dict[str, tuple[Act, str]] = {
    "take": (_take, ""),
    "hand_over": (_hand_over, "hand_over_form"),
    "stand_down": (_stand_down, "stand_down_form"),
    "distress": (_distress, "distress_form"),
}


@require_POST
@page()
def alarm_act(door: Door, alarm_id: uuid.UUID) -> HttpResponse:
    """Take, hand over, stand down, raise. A refusal is shown beside what was typed."""
    found = _found(door, alarm_id)
    act = door.request.POST.get("act", "")
    if act not in ACTS:
        messages.error(door.request, _("Choose one of the buttons."))
        return redirect("alarm", alarm_id)
    do, name = ACTS[act]
    all_forms = _forms(door, found, act)
    form = all_forms.get(name)
    shown = form is not None and getattr(alarm_page.may(door.viewer, found), act)
    done = _done(lambda: do(door, alarm_id, form, tap_of(door.request)), form, shown, door)
    if not done and shown:
        context = _context(door, found) | all_forms
        return render(door.request, "alarms/alarm.html", context, status=422)
    return redirect("alarm", alarm_id)


def _done(do: Callable[[], str], form: forms.Form | None, shown: bool, door: Door) -> bool:
    """Do an act and say its answer on the next page; a refusal stands beside the fields, or on the
    next page where the viewer has no such form."""
    if form is not None and not form.is_valid():
        return False
    try:
        messages.success(door.request, do())
    except Refused as refused:
        if form is not None and shown:
            show(form, refused)
        else:
            messages.error(door.request, str(refused))
        return False
    return True
