"""I have seen or heard somebody: the form of a member who says so of another, by their callsign."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeby import instants
from homeby.instants import Problem
from homeby.logbook.rules import Refused
from homeby.missions import queries as missions
from homeby.missions.actions.extend import Wanted
from homeby.missions.actions.gate import AtGate
from homeby.missions.actions.heard import Said, heard
from homeby.missions.rules import How, Link, Word
from homeby.web.door import Door, tap_of
from homeby.web.gate.acts import renamed
from homeby.web.gate.forms import LINKS, happened_field

BY_PHONE = "phone"

HOW = [
    (How.SEEN, _("seen: I see them")),
    (How.TOLD, _("told: somebody else says so")),
    (How.DEVICE, _("device: they say so by radio, phone")),
]


@dataclass(frozen=True, kw_only=True)
class Saying:
    """One thing that can be said, as an address spells it and as the page names it."""

    key: str
    word: Word
    label: str | Promise
    hint: str | Promise
    asks: tuple[str, ...]


SAYINGS = (
    Saying(
        key="in",
        word=Word.BACK,
        label=_("They are back"),
        hint=_("I sign them in"),
        asks=("callsign", "how", "gate", "happened"),
    ),
    Saying(
        key="check-in",
        word=Word.FINE,
        label=_("They are fine"),
        hint=_("Still out; I enter their check-in"),
        asks=("callsign", "link", "happened", "note"),
    ),
    Saying(
        key="more-time",
        word=Word.MORE_TIME,
        label=_("They need more time"),
        hint=_("I ask for it in their name"),
        asks=("callsign", "expected_back", "link", "happened", "note"),
    ),
)


def saying_or_404(key: str) -> Saying:
    """What an address stands for."""
    for one in SAYINGS:
        if one.key == key:
            return one
    raise Http404


class HeardForm(forms.Form):
    """Who, and how it is known. Nothing in it is looked up before it is sent."""

    callsign = forms.CharField(
        label=_("Their callsign"),
        max_length=100,
        help_text=_("As they or others say it. Nothing is shown of them here."),
        error_messages={"required": _("Write the callsign, as they or others say it.")},
    )
    how = forms.ChoiceField(
        label=_("How do you know?"), choices=HOW, widget=forms.RadioSelect, initial=How.SEEN
    )
    gate = forms.ChoiceField(label=_("At which gate"))
    expected_back = forms.CharField(
        label=_("New expected return"),
        max_length=60,
        help_text=_("20:30, 22.11. 20:30, or +2h from now."),
        error_messages={"required": _("Say until when.")},
    )
    link = forms.ChoiceField(
        label=_("Heard by"), choices=LINKS, widget=forms.RadioSelect, initial=Link.RADIO
    )
    happened = happened_field()
    note = forms.CharField(label=_("What was said"), required=False, max_length=300)


def form_for(door: Door, saying: Saying) -> HeardForm:
    """The form of one saying, as it was posted or empty."""
    form = HeardForm(door.request.POST if door.request.method == "POST" else None)
    form.fields = {name: form.fields[name] for name in saying.asks}
    if "gate" in form.fields:
        field = form.fields["gate"]
        assert isinstance(field, forms.ChoiceField), "a gate is chosen"
        gates = [
            (str(row.pk), f"{row.name}, {row.site.name}") for row in missions.gates(door.viewer)
        ]
        field.choices = [(BY_PHONE, _("at no gate: by phone")), *gates]
    return form


def record(door: Door, saying: Saying, form: HeardForm) -> str:
    """Record what is said; the answer tells nothing of whom it was said. Raises Refused."""
    given = form.cleaned_data
    said = Said(
        word=saying.word,
        callsign=given["callsign"],
        at=_at(given),
        link=Link(given.get("link") or Link.IN_PERSON),
        note=given.get("note", ""),
        wanted=_wanted(door, given) if saying.word is Word.MORE_TIME else None,
    )
    tap = tap_of(door.request, happened="happened")
    try:
        return heard(said=said, by=door.viewer, now=door.now, tap=tap)
    except Refused as refused:
        raise renamed(refused, {"due": "expected_back"}) from refused


def _at(given: dict[str, Any]) -> AtGate:
    gate = given.get("gate") or BY_PHONE
    how = How(given.get("how") or How.TOLD)
    return AtGate(gate_id=None if gate == BY_PHONE else uuid.UUID(gate), how=how)


def _wanted(door: Door, given: dict[str, Any]) -> Wanted:
    found = instants.parse_typed(given["expected_back"], door.zone, door.now)
    if isinstance(found, Problem):
        raise Refused(expected_back=found.sentence)
    return Wanted(
        due_at=found.instant, due_typed=found.typed, why=given["note"], link=Link(given["link"])
    )
