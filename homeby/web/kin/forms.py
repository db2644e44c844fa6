"""The forms of kin, and of those who speak to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from homeby.people.rules import Role
from homeby.watch import texts_kin
from homeby.watch.actions.kin_care import SPEAKER_MOST
from homeby.watch.actions.kin_worry import SAID_MOST
from homeby.watch.rules.kin import SearchStep
from homeby.web.intake.reading import NOT_WHOLE

#: Who speaks to kin.
SPEAK = (Role.DUTY_OFFICER, Role.LEADER)


class _Said(forms.CharField):
    """What somebody says must not fail by its length, nor by a sign that cannot be kept."""

    def to_python(self, value: Any) -> str:
        found = super().to_python(NOT_WHOLE.sub(" ", str(value or ""))) or ""
        return found[: self.max_length]


class WorryForm(forms.Form):
    """ "I am worried", ticked by a person, and what she adds."""

    worried = forms.BooleanField(
        label=gettext_lazy("I am worried"),
        error_messages={"required": gettext_lazy("Tick it first; then the watch is told at once.")},
    )
    said = _Said(
        label=gettext_lazy("How we reach you, or what you know"),
        max_length=SAID_MOST,
        required=False,
    )


class CalledForm(forms.Form):
    """Who called, or was called, about whom of the party, and what was said."""

    person = forms.ChoiceField(label=gettext_lazy("About whom"))
    said = _Said(label=gettext_lazy("Who it was, how to reach them, and what they said"))

    def __init__(self, *args: Any, party: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = list(party)  # type: ignore[attr-defined]
        self.fields["said"].max_length = SAID_MOST  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """Which search step is taken, in the agreed sentences."""

    step = forms.ChoiceField(label=gettext_lazy("What we do now"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.value, texts_kin.step_words(one)) for one in SearchStep]
        self.fields["step"].choices = choices  # type: ignore[attr-defined]


class HoldForm(forms.Form):
    """Who speaks with the family."""

    speaker = forms.CharField(
        label=gettext_lazy("Who will call them"),
        max_length=SPEAKER_MOST,
        help_text=gettext_lazy("By the name that they shall read."),
    )
