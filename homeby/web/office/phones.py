"""Duty phones as pages show them: who is proven, and the hour of one's own weekly test."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.watch.queries import exercises
from homeby.watch.rules import FIRST_HOUR, LAST_HOUR
from homeby.web.door import Door

OFFICE_HOURS = gettext_lazy("office hours, Monday to Friday")


class TestHourForm(forms.Form):
    """The hour of one's weekly test; nobody is tested at night."""

    __test__ = False  # no test of ours, though its name begins so

    hour = forms.TypedChoiceField(
        label=gettext_lazy("At which hour"),
        help_text=gettext_lazy("An hour that you choose counts on every day of the week."),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", OFFICE_HOURS),
            *((hour, f"{hour:02d}:00") for hour in range(FIRST_HOUR, LAST_HOUR + 1)),
        ],
    )


def lines(door: Door) -> list[dict[str, Any]]:
    """The rows of `office/_phones.html`. Three queries."""
    return [
        {
            "id": one.person_id,
            "name": one.name,
            "proven_at": one.facts.proven_at,
            "unproven_since": one.unproven_since,
            "since_at": one.facts.since_at,
            "hour": _hour(one.facts.hour),
        }
        for one in exercises.duty_phones(door.viewer, now=door.now)
    ]


def _hour(hour: int | None) -> str:
    return str(OFFICE_HOURS) if hour is None else _("at %02d:00") % hour


def unproven(door: Door) -> dict[uuid.UUID, dt.datetime]:
    """Who of the watch bill is unproven, and since when. Three queries."""
    seen = exercises.duty_phones(door.viewer, now=door.now)
    return {one.person_id: one.unproven_since for one in seen if one.unproven_since is not None}


def own_test(door: Door) -> dict[str, Any] | None:
    """The viewer's own duty phone, None where she does not stand on the watch bill."""
    seen = exercises.duty_phones(door.viewer, now=door.now)
    mine = next((one for one in seen if one.person_id == door.viewer.person_id), None)
    if mine is None:
        return None
    return {
        "form": TestHourForm(initial={"hour": mine.facts.hour}),
        "proven_at": mine.facts.proven_at,
        "unproven_since": mine.unproven_since,
    }
