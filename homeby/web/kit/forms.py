"""Forms of the kit room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from homeby.readiness.actions.kit import WHY_MAX
from homeby.readiness.rules.kit import COUNT_MAX, LABEL_MAX, NAME_MAX, Part, Returned
from homeby.web import words
from homeby.web.office.forms import Choices, select

RETURNED: words.Words = {
    Returned.AS_IT_WAS: gettext_lazy("as it was"),
    Returned.TO_CLEAN: gettext_lazy("to be cleaned"),
    Returned.DAMAGED: gettext_lazy("damaged"),
}


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class TakeForm(forms.Form):
    """Taking a thing: for which outing, and why all the same where something speaks against it."""

    mission = forms.ChoiceField(label=gettext_lazy("For which mission"), required=False)
    why = forms.CharField(
        label=gettext_lazy("Why all the same"), required=False, max_length=WHY_MAX
    )

    def __init__(self, *args: Any, missions: Choices, asks_why: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if missions:
            shown: Any = self.fields["mission"]
            shown.choices = [("", gettext_lazy("no mission, for a day")), *missions]
        else:
            del self.fields["mission"]
        if not (asks_why or self.data.get("why")):
            self.fields["why"].widget = forms.HiddenInput()


class CountsForm(forms.Form):
    """A number for each line of a set; the fields are `count-0`, `count-1` and so on."""

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        for number, part in enumerate(parts):
            field = forms.IntegerField(
                label=self.label_of(part),
                min_value=0,
                max_value=COUNT_MAX,
                required=False,
                initial=self.start_of(part),
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
            )
            self.fields[f"count-{number}"] = field
        self.order_fields([*(f"count-{n}" for n in range(len(parts))), *self.declared_fields])

    def label_of(self, part: Part) -> str:
        """What stands before a number."""
        return part.name

    def start_of(self, part: Part) -> int | None:
        """What stands in the field first."""
        return None

    def counts(self) -> dict[str, int]:
        """The numbers that were given, by the names of their lines."""
        found = {}
        for number, part in enumerate(self.parts):
            value = self.cleaned_data.get(f"count-{number}")
            if value is not None:
                found[part.name] = int(value)
        return found


class ReturnForm(CountsForm):
    """Bringing a thing back: how it is, and what was used up."""

    how = forms.ChoiceField(
        label=gettext_lazy("How is it?"),
        choices=words.choices(RETURNED),
        initial=Returned.AS_IT_WAS,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("What should be known about it"), required=False, max_length=WHY_MAX
    )


class CheckForm(CountsForm):
    """Looking a thing through: how many of each are in it now."""

    inspected = forms.BooleanField(
        label=gettext_lazy("It was inspected, and is in order"), required=False
    )
    mended = forms.BooleanField(label=gettext_lazy("It was damaged, and is mended"), required=False)
    why = forms.CharField(
        label=gettext_lazy("It may go although something speaks against it, because"),
        required=False,
        max_length=WHY_MAX,
    )

    def __init__(self, *args: Any, asks_inspection: bool, asks_mended: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_inspection:
            del self.fields["inspected"]
        if not asks_mended:
            del self.fields["mended"]

    def label_of(self, part: Part) -> str:
        """The name and how many there should be."""
        return f"{part.name} ({part.wanted})"

    def start_of(self, part: Part) -> int | None:
        """What is believed to be in it."""
        return part.there


class KitForm(forms.Form):
    """What is said of a thing."""

    label = forms.CharField(
        label=gettext_lazy("Label"),
        max_length=LABEL_MAX,
        help_text=gettext_lazy("What stands on it and what its code says, such as FA-3."),
    )
    name = forms.CharField(label=gettext_lazy("What it is"), max_length=NAME_MAX)
    place = forms.CharField(
        label=gettext_lazy("Where it belongs"), max_length=NAME_MAX, required=False
    )
    contents = forms.CharField(
        label=gettext_lazy("What should be in it"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One line each: 4 bandages (2027-05-31). The date may be left out."),
    )
    issued_to = forms.ChoiceField(
        label=gettext_lazy("Issued to"),
        required=False,
        help_text=gettext_lazy("Empty: it belongs to the pool."),
    )
    team = forms.ChoiceField(
        label=gettext_lazy("Whose team it is"),
        required=False,
        help_text=gettext_lazy(
            "Empty: the pool of everybody. Anybody may bring it back all the same."
        ),
    )
    is_controlled = forms.BooleanField(
        label=gettext_lazy("Controlled: whoever has it is asked until it is in its place"),
        required=False,
    )
    may_leave = forms.BooleanField(
        label=gettext_lazy("It may leave with a mission"), required=False, initial=True
    )
    expires_date = _day(gettext_lazy("Good until"), gettext_lazy("That day included."))
    inspect_days = forms.IntegerField(
        label=gettext_lazy("Inspected every so many days"), required=False, min_value=1
    )
    inspected_date = _day(gettext_lazy("Last inspected"))

    def __init__(self, *args: Any, people: Choices, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("issued_to", self, people)
        select("team", self, teams)
