"""Forms of the office: who somebody is, and in which language we speak to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.people.rules import PersonKind
from homeby.web import words
from homeby.web.office.forms import Choices


def speak_in(form: forms.Form, now: str) -> None:
    """Offer the languages that this station speaks, and the one that was chosen before."""
    field: Any = form.fields["language"]
    before = [(now, words.said_in(now))] if now and now not in dict(words.SPOKEN) else []
    field.choices = [*words.SPOKEN, *before]


class PersonForm(forms.Form):
    """Who somebody is. The name is for the office; screens and messages show the callsign."""

    callsign = forms.CharField(
        label=gettext_lazy("Callsign"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("What boards and messages say. Without one they say the name."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    rank = forms.ChoiceField(label=gettext_lazy("Rank"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        help_text=gettext_lazy("In which messages and pages speak to them."),
    )

    def __init__(self, *args: Any, ranks: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_in(self, str(self.initial.get("language", "")))
        if ranks:
            self.fields["rank"].choices = [("", _("none")), *ranks]  # type: ignore[attr-defined]
        else:
            del self.fields["rank"]


class NewPersonForm(PersonForm):
    """Somebody new: a person, or a unit (a crew or vehicle with a callsign)."""

    kind = forms.ChoiceField(
        label=gettext_lazy("This is"),
        choices=words.choices(words.PERSON_KINDS),
        initial=PersonKind.HUMAN,
        widget=forms.RadioSelect,
    )
