"""Forms of qualifications: the catalogue, task books, papers, positions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.readiness.actions.holdings import PAPER_MAX, WHY_MAX
from homeby.readiness.rules.entries_of_files import CHARACTERS_MAX
from homeby.web.office.forms import Choices, select


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ReadForm(forms.Form):
    """A catalogue as a file, or as text; the field is called as refusals name it."""

    file = forms.FileField(label=gettext_lazy("A file of the catalogue"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Or its text"),
        required=False,
        max_length=CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy("In TOML, as the file to take along is written."),
    )

    def to_read(self) -> tuple[str, str] | None:
        """What is to be read, by its name; None where neither was given, and then it says so."""
        sent = self.cleaned_data.get("file")
        if sent is None:
            typed: str = self.cleaned_data["text"]
            if not typed.strip():
                self.add_error("text", _("Choose a file, or write something here."))
                return None
            return _("your text"), typed
        if sent.size > CHARACTERS_MAX:
            self.add_error("file", _("This file is too long to be a catalogue."))
            return None
        try:
            return str(sent.name)[:80], sent.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("This file is not UTF-8 text; save it as such."))
            return None


class ChangeForm(forms.Form):
    """One qualification as text."""

    text = forms.CharField(
        label=gettext_lazy("What it says"),
        max_length=CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "In TOML: needs, tasks, how long it is valid or stays current. The key stays as it is."
        ),
    )


class TowardForm(forms.Form):
    """For which qualification somebody asks what is missing."""

    toward = forms.ChoiceField(label=gettext_lazy("What is missing for"), required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("toward", self, choices)


class GoForm(forms.Form):
    """As what somebody would go."""

    go = forms.ChoiceField(label=gettext_lazy("Can I go as"), required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["go"]
        shown.choices = [("", _("anything that I hold")), *choices]


class OpenBookForm(forms.Form):
    """For what a task book is opened."""

    qualification = forms.ChoiceField(label=gettext_lazy("A task book for"))

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("qualification", self, choices)


class PaperForm(forms.Form):
    """A paper that a leader has seen."""

    qualification = forms.ChoiceField(label=gettext_lazy("A paper for"))
    from_date = day_field(gettext_lazy("Valid from"))
    expires_date = day_field(
        gettext_lazy("Valid through"),
        gettext_lazy("That day included; empty where none stands on it."),
        required=False,
    )
    paper = forms.CharField(
        label=gettext_lazy("Issued by, number"), required=False, max_length=PAPER_MAX
    )
    why = forms.CharField(
        label=gettext_lazy("Why without a task book"),
        help_text=gettext_lazy("Only for a position, a rank, and what has tasks to show."),
        required=False,
        max_length=WHY_MAX,
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("qualification", self, choices)


class WithdrawForm(forms.Form):
    """Why something counts no more."""

    holding = forms.ChoiceField(label=gettext_lazy("What is withdrawn"))
    why = forms.CharField(label=gettext_lazy("Why"), max_length=WHY_MAX)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("holding", self, choices)


class SignForm(forms.Form):
    """Signing a task, or the final evaluation: when it was shown, and on which mission."""

    task = forms.ChoiceField(label=gettext_lazy("What was shown"))
    on_date = day_field(gettext_lazy("On which day"))
    mission = forms.ChoiceField(
        label=gettext_lazy("On which mission"),
        required=False,
        help_text=gettext_lazy("Of those you were on or answer for."),
    )

    def __init__(
        self, *args: Any, tasks: Choices, missions: Choices, today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        select("task", self, tasks)
        shown: Any = self.fields["mission"]
        shown.choices = [("", _("in an exercise")), *missions]
        self.fields["on_date"].initial = today


class CertifyForm(forms.Form):
    """The last signature; a reason goes past what is missing beside the book."""

    why = forms.CharField(
        label=gettext_lazy("Why all the same"), required=False, max_length=WHY_MAX
    )

    def __init__(self, *args: Any, asks_why: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (asks_why or self.data.get("why")):
            self.fields["why"].widget = forms.HiddenInput()


#: A mission asks for so many qualifications at most.
NEEDS_MAX = 6


class PositionForm(forms.Form):
    """Who had which position."""

    person = forms.ChoiceField(label=gettext_lazy("Who"))
    qualification = forms.ChoiceField(label=gettext_lazy("As what"))
    mission_kind = forms.ChoiceField(label=gettext_lazy("Kind of mission"), required=False)
    as_trainee = forms.BooleanField(
        label=gettext_lazy("On the way to it, beside somebody who holds it"), required=False
    )
    is_exercise = forms.BooleanField(label=gettext_lazy("It was an exercise"), required=False)

    def __init__(
        self,
        *args: Any,
        people: Choices,
        choices: Choices,
        kinds: Sequence[str] | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        select("person", self, people)
        select("qualification", self, choices)
        if kinds is None:  # the mission itself says both
            del self.fields["mission_kind"], self.fields["is_exercise"]
            return
        shown: Any = self.fields["mission_kind"]
        shown.choices = [("", _("none of these")), *((one, one) for one in kinds)]
