"""The editor of an escalation plan: its own fields, and its steps as rows that can be added, taken
out and moved without JavaScript."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.watch.actions.plans import PlanFields
from homeby.watch.queries import PlanSheet
from homeby.watch.rules import STEPS_MAX, Anchor, DeadlineKind, Step, Target
from homeby.web import words
from homeby.web.office.forms import minutes_field

BEFORE, AFTER = "BEFORE", "AFTER"


class PlanForm(forms.Form):
    """What a plan is for, and how its last step repeats."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Used when"),
        choices=words.choices(words.DEADLINES),
        widget=forms.RadioSelect,
        initial=DeadlineKind.RETURN,
    )
    is_default = forms.BooleanField(
        label=gettext_lazy("This is the standing plan of its kind: every new mission follows it"),
        required=False,
    )
    repeat_minutes = minutes_field(
        gettext_lazy("The last step is repeated after, minutes"), most=240
    )
    repeat_minutes_max = minutes_field(
        gettext_lazy("Slower each time, but at the slowest every, minutes")
    )
    two_must_take = forms.BooleanField(
        label=gettext_lazy("Two must take it: the steps go on until a second person has taken it"),
        required=False,
    )


class StepForm(forms.Form):
    """One step: when, whom it tells, how long the next one waits."""

    ORDER = forms.IntegerField(
        label=gettext_lazy("Place"), required=False, widget=forms.NumberInput(attrs={"min": 1})
    )
    offset_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=-7 * 24 * 60,
        max_value=7 * 24 * 60,
        error_messages={
            "min_value": gettext_lazy("A week before at most."),
            "max_value": gettext_lazy("A week after at most."),
        },
    )
    counted_from = forms.ChoiceField(
        label=gettext_lazy("Counted from"),
        choices=words.choices(words.ANCHORS),
        initial=Anchor.DUE,
    )
    tell = forms.MultipleChoiceField(
        label=gettext_lazy("Tell"),
        choices=words.choices(words.TARGETS),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("This step tells nobody; choose at least one.")},
    )
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Named people"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    wait_minutes = forms.IntegerField(
        label=gettext_lazy("The next waits, minutes"), min_value=0, max_value=240, initial=5
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["people"]
        chosen.choices = people

    def step(self) -> Step:
        """The step that was typed."""
        typed = self.cleaned_data
        return Step(
            anchor=Anchor(typed["counted_from"]),
            offset_minutes=typed["offset_minutes"],
            targets=tuple(Target(code) for code in typed["tell"]),
            wait_minutes=typed["wait_minutes"],
            people=tuple(uuid.UUID(key) for key in typed["people"]),
        )


class Steps(BaseFormSet):  # type: ignore[type-arg]  # not subscriptable at run time
    """The steps of a plan, in the order of their places."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """The set's own field, in our words."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = gettext_lazy("Take this step out")

    def sent_count(self) -> int:
        """How many rows were sent, those beyond the limit too."""
        return self.management_form.cleaned_data.get("TOTAL_FORMS") or 0

    def kept(self) -> list[StepForm]:
        """The rows that are not taken out, in order; a row without a place comes last. A further
        row that was left empty is none."""
        rows = [
            row
            for row in self.forms
            if (row.has_changed() or not row.empty_permitted) and not row.cleaned_data["DELETE"]
        ]
        return sorted(rows, key=lambda row: row.cleaned_data.get("ORDER") or STEPS_MAX + 1)


_made: Any = formset_factory(
    StepForm, formset=Steps, extra=0, can_delete=True, max_num=STEPS_MAX, absolute_max=STEPS_MAX + 1
)
StepsFormSet: type[Steps] = _made


def steps_of(sheet: PlanSheet | None, people: list[tuple[str, str]], sent: Any) -> Steps:
    """The rows for the steps of a plan, or for what was typed."""
    known = sheet.plan.steps if sheet else ()
    initial = [_typed(step, place) for place, step in enumerate(known, start=1)]
    rows = StepsFormSet(
        sent, prefix="steps", initial=initial or None, form_kwargs={"people": people}
    )
    if sent is None and not initial:
        rows.extra = 1
    return rows


def _typed(step: Step, place: int) -> dict[str, Any]:
    return {
        "ORDER": place,
        "offset_minutes": step.offset_minutes,
        "counted_from": step.anchor,
        "tell": list(step.targets),
        "people": [str(key) for key in step.people],
        "wait_minutes": step.wait_minutes,
    }


def one_more(sent: Any) -> Any:
    """What was typed, with room for one more step."""
    typed = sent.copy()
    try:
        count = int(typed.get("steps-TOTAL_FORMS", "0"))
    except ValueError:
        count = 0
    count = max(0, min(count, STEPS_MAX - 1))
    typed["steps-TOTAL_FORMS"] = str(count + 1)
    typed[f"steps-{count}-wait_minutes"] = "5"
    return typed


def fields_of(form: PlanForm, steps: Steps) -> PlanFields:
    """The plan that was typed."""
    typed = form.cleaned_data
    return PlanFields(
        name=typed["name"],
        kind=DeadlineKind(typed["kind"]),
        steps=tuple(row.step() for row in steps.kept()),
        is_default=typed["is_default"],
        repeat_minutes=typed["repeat_minutes"],
        repeat_minutes_max=typed["repeat_minutes_max"],
        two_must_take=typed["two_must_take"],
    )


def plan_form(sheet: PlanSheet | None, sent: Any) -> PlanForm:
    """The plan's own fields."""
    if sheet is None:
        return PlanForm(sent, initial={"repeat_minutes": 10, "repeat_minutes_max": 60})
    return PlanForm(
        sent,
        initial={
            "name": sheet.plan.name,
            "kind": sheet.kind,
            "is_default": sheet.is_default,
            "repeat_minutes": sheet.plan.repeat_minutes,
            "repeat_minutes_max": sheet.plan.repeat_minutes_max,
            "two_must_take": sheet.plan.two_must_take,
        },
    )


def used_for(sheet: PlanSheet) -> str:
    """When a plan counts, in a sentence."""
    said = words.word(words.DEADLINES, sheet.kind) + "."
    if sheet.is_default:
        said += " " + _("Every new mission follows it.")
    if sheet.plan.two_must_take:
        said += " " + _("Two must take it.")
    return said
