"""Forms for what a person keeps for a bad day, and the words for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.people.opening import opened
from homeby.people.rules import Purpose
from homeby.people.rules_private import BLOOD_GROUPS, FIELDS, LENGTH_MAX, Kept, KeptFacts
from homeby.web.words import Words, word

KEPT: Words = {
    Kept.HOME: gettext_lazy("Where I live"),
    Kept.HEALTH: gettext_lazy("My health"),
    Kept.WHERE: gettext_lazy("Where I would be"),
}
WHO_READS: Words = {
    Kept.HOME: gettext_lazy(
        "Read by a duty officer who searches for you, and by whoever breaks the glass of your "
        "party; you are told of either."
    ),
    Kept.HEALTH: gettext_lazy(
        "Read by your medic, by a duty officer who searches for you, and by whoever breaks the "
        "glass of your party; you read who did."
    ),
    Kept.WHERE: gettext_lazy(
        "Where somebody who knows you well would look first. Read only by a duty officer who "
        "searches for you; you are told of it."
    ),
}
#: The same as a searcher and a medic read them.
TITLES: Words = {
    Kept.HOME: gettext_lazy("Home"),
    Kept.HEALTH: gettext_lazy("Health"),
    Kept.WHERE: gettext_lazy("Where she would be"),
}
#: The labels of the fields, for those who write and for those who read them.
LABELS: Words = {
    "address": gettext_lazy("Address"),
    "way_in": gettext_lazy("What whoever rings there must know"),
    "conditions": gettext_lazy("Conditions"),
    "medication": gettext_lazy("Medication"),
    "allergies": gettext_lazy("Allergies"),
    "blood_group": gettext_lazy("Blood group"),
    "note": gettext_lazy("Look there first"),
}


def lines(facts: KeptFacts, purpose: Purpose) -> list[tuple[str, str]]:
    """Label and text of each field that was filled in."""
    values = opened(facts, purpose=purpose)
    if not values:
        return [(word(KEPT, facts.kept), _("(cannot be opened any more)"))]
    return [(word(LABELS, name), text) for name, text in values.items() if text]


class KeptForm(forms.Form):
    """The fields of one kind; every one may stay empty."""

    def __init__(self, *args: Any, kept: Kept, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FIELDS[kept]:
            self.fields[name] = _field(name)


def _field(name: str) -> forms.Field:
    label: Any = LABELS[name]
    if name == "blood_group":
        groups = [("", gettext_lazy("not known")), *((one, one) for one in BLOOD_GROUPS)]
        return forms.ChoiceField(label=label, choices=groups, required=False)
    return forms.CharField(
        label=label,
        max_length=LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
