"""Drills: begin one, see how it goes, and how it went beside the one before; the hour of a test."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from homeby.logbook.rules import Refused
from homeby.watch import queries as watch
from homeby.watch.actions import drills, live_tests
from homeby.watch.queries import exercises
from homeby.watch.queries.exercises import DrillReport
from homeby.watch.rules import (
    MINUTES_LEAST,
    MINUTES_MOST,
    MINUTES_USUAL,
    STEPS_MAX,
    DeadlineKind,
    PersonReached,
)
from homeby.web import words
from homeby.web.context import WATCH_PAGE_ROLES
from homeby.web.door import Door, act, page, tap_of
from homeby.web.office.phones import TestHourForm
from homeby.web.office.views import saved

SHOWN = 5


class DrillForm(forms.Form):
    """What somebody wants of a drill."""

    plan = forms.ChoiceField(label=gettext_lazy("By the escalation plan"))
    steps = forms.IntegerField(
        label=gettext_lazy("At most so many steps"),
        help_text=gettext_lazy("Empty: all of them, as far as the time reaches."),
        required=False,
        min_value=1,
        max_value=STEPS_MAX,
    )
    within_minutes = forms.IntegerField(
        label=gettext_lazy("Ends by itself after (minutes)"),
        initial=MINUTES_USUAL,
        min_value=MINUTES_LEAST,
        max_value=MINUTES_MOST,
    )
    announced = forms.BooleanField(
        label=gettext_lazy("Tell the other duty officers beforehand"), required=False
    )

    def __init__(self, *args: Any, plans: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = watch.default_plan(DeadlineKind.RETURN)
        self.fields["plan"].choices = [(name, name) for name in plans]  # type: ignore[attr-defined]
        self.fields["plan"].initial = usual.name if usual else None


@page(*WATCH_PAGE_ROLES)
def office_drill(door: Door) -> HttpResponse:
    """The page: the form, the drill that is on, those before it."""
    sent = door.request.POST if door.request.method == "POST" else None
    form = DrillForm(sent, plans=list(exercises.plans_to_drill()))
    if sent is not None and form.is_valid() and _begun(door, form):
        return redirect("office-drill")
    shown = _shown(door)
    on = any(not one["is_over"] for one in shown["drills"])  # a second one is not begun beside it
    context = shown | {"form": form if form.is_bound or not on else None}
    return render(door.request, "office/drill.html", context, status=422 if form.errors else 200)


@page(*WATCH_PAGE_ROLES)
def office_drill_rows(door: Door) -> HttpResponse:
    """The live part of the page."""
    return render(door.request, "office/_drill.html", _shown(door))


def _begun(door: Door, form: DrillForm) -> bool:
    def save() -> str:
        try:
            return drills.begin(
                wish=drills.Wish(**form.cleaned_data),
                by=door.viewer,
                now=door.now,
                tap=tap_of(door.request),
            )
        except Refused as refused:
            problems = dict(refused.problems)
            if "within" in problems:
                problems["within_minutes"] = problems.pop("within")
            raise Refused(**problems) from refused

    return saved(door, form, save)


def _shown(door: Door) -> dict[str, Any]:
    found = exercises.drill_reports(door.viewer, limit=SHOWN + 1)
    before = [*found, None][1:]  # each beside the one before it
    shown = [_drill(one, last) for one, last in zip(found, before, strict=True)]
    return {"drills": shown[:SHOWN]}


def _drill(one: DrillReport, before: DrillReport | None) -> dict[str, Any]:
    return {
        "began_at": one.began_at,
        "began_by": one.began_by,
        "plan": one.plan,
        "left_out": words.targets(one.left_out) if one.left_out else "",
        "ends_at": one.ends_at,
        "is_over": one.is_over,
        "ended_how": one.ended_how,
        "alarm_id": one.alarm_id,
        "alarm": one.alarm,
        "people": [_person(person) for person in one.people],
        "figures": one.figures,
        "before": before.figures if before is not None else None,
    }


def _person(one: PersonReached) -> dict[str, Any]:
    channels = sorted({words.word(words.CHANNELS, each.channel) for each in one.channels})
    return {
        "name": one.name,
        "channels": ", ".join(channels),
        "handed": one.handed_seconds,
        "received": one.received_seconds,
        "taken": one.taken_seconds,
        "why_not": one.why_not,
    }


@require_POST
@page()
def test_hour(door: Door) -> HttpResponse:
    """The hour of one's own weekly test."""
    form = TestHourForm(door.request.POST)

    def save() -> str:
        if not form.is_valid() or door.viewer.person_id is None:
            raise Refused(_("Choose one of the hours of the list."))
        return live_tests.set_hour(
            person_id=door.viewer.person_id,
            hour=form.cleaned_data["hour"],
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        )

    return act(door, save, to="account")


test_hour.__test__ = False  # type: ignore[attr-defined]
