"""Forms of special units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from homeby.readiness.actions.special_units import Approval
from homeby.readiness.rules.special_units import (
    BEGINS,
    CALLSIGN_MAX,
    ENDS,
    NAME_MAX,
    REFUSES,
    Place,
    Reason,
)
from homeby.web import words
from homeby.web.office.forms import Choices, select
from homeby.web.path.forms import why_field

PLACES: words.Words = {
    Place.MEMBER: gettext_lazy("member"),
    Place.KEEPER: gettext_lazy("keeps the unit"),
    Place.INFORMED: gettext_lazy("knows of it"),
}
REASONS: words.Words = {
    Reason.ASKED: gettext_lazy("she asked for it"),
    Reason.NEEDED: gettext_lazy("she is needed there"),
    Reason.RETURN: gettext_lazy("she comes back"),
    Reason.OWN_WISH: gettext_lazy("her own wish"),
    Reason.OTHER_DUTY: gettext_lazy("another duty"),
    Reason.REST: gettext_lazy("rest"),
    Reason.REQUIREMENT: gettext_lazy("something that is required is missing"),
    Reason.CONDUCT: gettext_lazy("rules of the organisation"),
    Reason.NOT_TAKEN: gettext_lazy("she said no"),
}


def reasons(*offered: Reason) -> Choices:
    """These reasons as choices."""
    return [(one, str(REASONS[one])) for one in offered]


class UnitForm(forms.Form):
    """What is said of a special unit."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_MAX)
    callsign = forms.CharField(
        label=gettext_lazy("Callsign"), max_length=CALLSIGN_MAX, required=False
    )
    is_secret = forms.BooleanField(
        label=gettext_lazy("Secret: only whoever stands in it, or is asked, knows of it"),
        required=False,
    )
    requires = forms.MultipleChoiceField(
        label=gettext_lazy("What it requires"),
        required=False,
        help_text=gettext_lazy(
            "Everybody who knows of the unit sees what of it she lacks herself."
        ),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )

    def __init__(self, *args: Any, requires: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requires"].choices = requires  # type: ignore[attr-defined]


class LetInForm(forms.Form):
    """Whether one has spoken with her, and why she may join although something lacks."""

    spoken = forms.BooleanField(label=gettext_lazy("I have spoken with her"), required=False)
    why = why_field(gettext_lazy("Why, where something lacks"))

    @property
    def approval(self) -> Approval:
        """What it says."""
        said = self.cleaned_data
        return Approval(spoken=said["spoken"], why=said["why"])


class WishForm(LetInForm):
    """Answering somebody who asked for a place."""

    refuses = forms.ChoiceField(label=gettext_lazy("If you refuse: for what"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["refuses"]
        shown.choices = [("", ""), *reasons(*REFUSES)]


class JoinForm(LetInForm):
    """Asking somebody to take a place."""

    person = forms.ChoiceField(label=gettext_lazy("Whom"))
    place = forms.ChoiceField(label=gettext_lazy("As what"), choices=words.choices(PLACES))
    reason = forms.ChoiceField(label=gettext_lazy("Why"))
    callsign = forms.CharField(
        label=gettext_lazy("What she is called there"), max_length=CALLSIGN_MAX, required=False
    )
    field_order = ("person", "place", "reason", "callsign", "spoken", "why")

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("person", self, people)
        self.fields["reason"].choices = reasons(*BEGINS)  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """Ending a place."""

    place = forms.ChoiceField(label=gettext_lazy("Whose place"))
    reason = forms.ChoiceField(label=gettext_lazy("Why"))

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("place", self, places)
        self.fields["reason"].choices = reasons(*ENDS)  # type: ignore[attr-defined]
