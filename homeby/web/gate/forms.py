"""The forms of a gate act and of the first report; the phone's pages use them too."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeby.missions import queries as missions
from homeby.missions.rules import PARTY_MAX, How, Hurt, Link
from homeby.people.rules import Viewer

HOW = [
    (How.SEEN, _("seen: they stand here")),
    (How.TOLD, _("told: somebody says so")),
]

LINKS = [
    (Link.RADIO, _("radio")),
    (Link.PHONE, _("phone")),
    (Link.SATELLITE, _("satellite")),
    (Link.IN_PERSON, _("in person")),
]

HURT = [
    (Hurt.NO, _("No")),
    (Hurt.YES, _("Yes")),
    (Hurt.WILL_NOT_SAY, _("Will not say")),
]


def happened_field() -> forms.CharField:
    """When it was so, where that is not now."""
    return forms.CharField(
        label=_("When it happened"),
        required=False,
        max_length=60,
        help_text=_("Leave empty for now. Else such as 17:40, 21.11. 17:40 or 20 min ago."),
    )


def how_field() -> forms.ChoiceField:
    """How sure an act for somebody else is."""
    return forms.ChoiceField(
        label=_("How do you know?"),
        choices=HOW,
        widget=forms.RadioSelect,
        initial=How.SEEN,
    )


class ActForm(forms.Form):
    """What may be said about a gate act: how sure, by which link, when it happened, who and how
    many. A view names the fields it asks for; the others are left out."""

    person = forms.MultipleChoiceField(label=_("Who"), required=False)
    heads = forms.IntegerField(
        label=_("2. Several come together? Count the heads"),
        required=False,
        min_value=1,
        max_value=PARTY_MAX,
    )
    gate = forms.ChoiceField(label=_("At which gate"))
    how = how_field()
    link = forms.ChoiceField(
        label=_("Heard by"), choices=LINKS, widget=forms.RadioSelect, initial=Link.RADIO
    )
    note = forms.CharField(label=_("What was said"), required=False, max_length=500)
    happened = happened_field()
    anyway = forms.BooleanField(label=_("Sign out anyway"), required=False)
    has_left = forms.BooleanField(label=_("They have left already"), required=False)

    def __init__(self, *args: Any, asks: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {name: self.fields[name] for name in asks}
        self.says_against = False  # whether a sentence beside it speaks against leaving

    @property
    def shows_left(self) -> bool:
        """Whether it is asked for those who have left already: once a sentence has said what speaks
        against it, and of no party before."""
        return "has_left" in self.fields and (
            self.says_against or bool(self["has_left"].errors) or bool(self["has_left"].value())
        )

    def offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        """Set what can be chosen in a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField), "only a field of choices offers some"
        field.choices = [(str(value), label) for value, label in choices]

    def chosen(self) -> list[uuid.UUID]:
        """The people who are ticked."""
        return [uuid.UUID(key) for key in self.cleaned_data.get("person", [])]

    def how_sure(self) -> How:
        """How sure an act for somebody else is."""
        return How(self.cleaned_data.get("how") or How.SEEN)


class UnknownForm(forms.Form):
    """Somebody who is on no tile: a person who was not out, or somebody nobody knows."""

    person = forms.ChoiceField(label=_("Who, if they are known"), required=False)
    who = forms.CharField(label=_("Or who they say they are"), required=False, max_length=200)
    how = how_field()
    happened = happened_field()

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Set who can be chosen."""
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField), "a person is chosen"
        field.choices = [("", _("nobody on this list")), *choices]

    def clean(self) -> dict[str, Any]:
        """Nothing is refused but an empty form."""
        found = super().clean() or {}
        if not found.get("person") and not str(found.get("who", "")).strip():
            self.add_error("who", _("Choose somebody, or write who it is as they say it."))
        return found


class ReportForm(forms.Form):
    """The first report, one minute. Only "are you hurt?" must be answered; refusing counts."""

    hurt = forms.ChoiceField(
        label=_("Are you hurt?"),
        choices=HURT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Answer this one; “will not say” is an answer.")},
    )
    still_out = forms.CharField(
        label=_("Is anybody still out there? Who, and where?"), required=False, max_length=1000
    )
    urgent = forms.CharField(
        label=_("Anything that cannot wait until tomorrow?"), required=False, max_length=1000
    )
    danger = forms.CharField(label=_("Any danger to others?"), required=False, max_length=1000)
    kit_missing = forms.CharField(label=_("Kit missing?"), required=False, max_length=1000)
    delay_reason = forms.ChoiceField(label=_("What delayed you?"), required=False)

    def __init__(self, *args: Any, viewer: Viewer, late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [(str(row.pk), row.label) for row in missions.reasons(viewer)] if late else []
        if not reasons:
            del self.fields["delay_reason"]
            return
        field = self.fields["delay_reason"]
        assert isinstance(field, forms.ChoiceField), "a reason is chosen"
        field.choices = [("", _("no reason given")), *reasons]
