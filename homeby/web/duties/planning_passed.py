"""Who plans a duty, on its page: taken over, handed over, "I have it"."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms as fields
from django.utils.translation import gettext_lazy

from homeby.readiness.actions import duty_planners
from homeby.readiness.queries.duty_planners import could_plan
from homeby.web.door import Door, tap_of


class PlannerForm(fields.Form):
    """To whom the planning is handed."""

    planner = fields.ChoiceField(
        label=gettext_lazy("To whom"),
        error_messages={"required": gettext_lazy("Choose who plans it from now on.")},
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["planner"]
        shown.choices = people


def forms(door: Door, duty: Any, data: Callable[[str], Any]) -> dict[str, Any]:
    """The form to hand it over, where there is somebody who could have it."""
    others = [(str(key), name) for key, name in could_plan(door.viewer, duty, now=door.now)]
    if not others:
        return {}
    return {"hand_on": PlannerForm(data("hand_on"), people=others, auto_id="planner-%s")}


def _tap(door: Door) -> dict[str, Any]:
    return {"by": door.viewer, "now": door.now, "tap": tap_of(door.request)}


def _take_on(door: Door, key: uuid.UUID, _form: Any) -> str:
    return duty_planners.take_over(duty_id=key, **_tap(door))


def _hand_on(door: Door, key: uuid.UUID, form: Any) -> str:
    to_id = uuid.UUID(form.cleaned_data["planner"])
    return duty_planners.hand_over(duty_id=key, to_id=to_id, **_tap(door))


def _have_it(door: Door, key: uuid.UUID, _form: Any) -> str:
    return duty_planners.say_have_it(duty_id=key, **_tap(door))


ACTS: dict[str, Callable[[Door, uuid.UUID, Any], str]] = {
    "take_on": _take_on,
    "hand_on": _hand_on,
    "have_it": _have_it,
}
