"""Forms of examinations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from homeby.readiness.rules.examinations import WHY_MAX, Part
from homeby.web.office.forms import Choices, select

PASSED, NOT_PASSED = "yes", "no"


def why_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    """A field for a reason."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=WHY_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def day_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class RequestForm(forms.Form):
    """Asking for an examination: for what, whom one asks, who one's mentors are. There is no field
    for why one wants it."""

    what = forms.ChoiceField(label=gettext_lazy("For what"))
    asked = forms.ChoiceField(
        label=gettext_lazy("Whom I ask"),
        help_text=gettext_lazy("Not your mentor, and nobody who refused it before."),
    )
    mentors = forms.MultipleChoiceField(
        label=gettext_lazy("My mentors"),
        required=False,
        help_text=gettext_lazy("They may examine, but not alone."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, what: list[Any], asked: Choices, mentors: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        select("what", self, what)
        select("asked", self, asked)
        self.fields["mentors"].choices = mentors  # type: ignore[attr-defined]
        if not mentors:
            del self.fields["mentors"]


class AnswerForm(forms.Form):
    """Approving or refusing a request."""

    spoken = forms.BooleanField(label=gettext_lazy("I have spoken with her"), required=False)
    why = why_field(
        gettext_lazy("Why"), help_text=gettext_lazy("She reads it. Say what she has still to show.")
    )


class BoardForm(forms.Form):
    """Board, day and parts."""

    examiners = forms.MultipleChoiceField(
        label=gettext_lazy("Who examines"), widget=forms.CheckboxSelectMultiple
    )
    held_date = day_field(gettext_lazy("Day"), required=True)
    parts = forms.CharField(
        label=gettext_lazy("Parts"),
        help_text=gettext_lazy("One a line."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    why = why_field(gettext_lazy("Why these, where nobody holds it yet"))
    despite = forms.BooleanField(
        label=gettext_lazy("It stays, though somebody has something else on that day"),
        required=False,
    )

    def __init__(self, *args: Any, examiners: Choices, asks_why: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["examiners"].choices = examiners  # type: ignore[attr-defined]
        if not asks_why:
            del self.fields["why"]


class MoveForm(BoardForm):
    """Another day, board or parts, and why."""

    parts = forms.CharField(
        label=gettext_lazy("Parts"),
        help_text=gettext_lazy("One a line. Empty: they stay as they are."),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    moved_why = why_field(
        gettext_lazy("Why it is moved"),
        required=True,
        help_text=gettext_lazy("She and the board read it."),
    )
    field_order = ("examiners", "held_date", "parts", "moved_why", "why", "despite")


class ResultForm(forms.Form):
    """How each part went; the fields are `passed-1`, `note-1` and so on."""

    retake_date = day_field(
        gettext_lazy("If something was not passed: again from"),
        gettext_lazy("Empty: at any time."),
    )

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        for part in parts:
            self.fields[f"passed-{part.line}"] = forms.ChoiceField(
                label=part.name,
                choices=[(PASSED, gettext_lazy("passed")), (NOT_PASSED, gettext_lazy("not yet"))],
                widget=forms.RadioSelect,
            )
            self.fields[f"note-{part.line}"] = forms.CharField(
                label=gettext_lazy("What was seen"), required=False, max_length=WHY_MAX
            )
        lines = [name for one in parts for name in (f"passed-{one.line}", f"note-{one.line}")]
        self.order_fields([*lines, "retake_date"])

    def passed(self) -> dict[int, bool]:
        """By its line whether a part was passed."""
        said = self.cleaned_data
        return {one.line: said[f"passed-{one.line}"] == PASSED for one in self.parts}

    def notes(self) -> dict[int, str]:
        """By its line what is said of a part."""
        return {one.line: self.cleaned_data[f"note-{one.line}"] for one in self.parts}


class AppealForm(forms.Form):
    """An appeal against a result."""

    to = forms.ChoiceField(label=gettext_lazy("Who looks at it again"))
    text = why_field(gettext_lazy("What was not right"), required=True)

    def __init__(self, *args: Any, to: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("to", self, to)


class WhyForm(forms.Form):
    """A decision with its reason."""

    why = why_field(gettext_lazy("Why"), required=True, help_text=gettext_lazy("She reads it."))
