"""Forms of the door, of concerns and of welfare checks. The actions say what is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from homeby import instants
from homeby.web import words as common
from homeby.web.care import words as said
from homeby.web.office.forms import Choices
from homeby.web.skills.forms import day_field
from homeby.welfare.actions.steps import OFFICERS
from homeby.welfare.rules.concerns import HERS_ALONE, ConcernKind, NoteKind, Outcome

NOON = dt.time(12)
#: A worry about somebody whom she may not see: whom, her own words say.
UNLISTED = "elsewhere"


def at_noon(day: dt.date | None, zone: str) -> dt.datetime | None:
    """A day as an instant: noon there."""
    if day is None:
        return None
    return instants.resolve(dt.datetime.combine(day, NOON), zone).instant


def leave_of(
    first: dt.date | None, last: dt.date | None, zone: str
) -> tuple[dt.datetime, dt.datetime] | None:
    """From the beginning of a day there to the end of another; None where either is not given, or
    is no day of anybody's."""
    if first is None or last is None or not {first.year, last.year} <= set(range(1970, 2200)):
        return None
    begins = instants.resolve(dt.datetime.combine(first, dt.time()), zone).instant
    after = dt.datetime.combine(last + dt.timedelta(days=1), dt.time())
    return begins, instants.resolve(after, zone, later=True).instant


def _words(label: Any, *, required: bool = False, rows: int = 4) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, widget=area)


class SpeakForm(forms.Form):
    """What somebody says through the door."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), widget=forms.RadioSelect)
    person = forms.ChoiceField(label=gettext_lazy("About whom, if not yourself"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("Which team it is about"), required=False)
    words = _words(gettext_lazy("In your own words"), rows=6)
    not_to = forms.MultipleChoiceField(
        label=gettext_lazy("Who is not to read it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ask_by = day_field(gettext_lazy("By when somebody asks her"), required=False)

    def __init__(
        self, *args: Any, people: Choices, teams: Choices, readers: Choices, notes: bool, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        known: Any = self.fields
        spoken = common.choices(said.SPOKEN)
        known["kind"].choices = spoken if notes else spoken[:2]
        elsewhere = (UNLISTED, gettext_lazy("somebody not in this list, named in my words"))
        known["person"].choices = [("", "—"), *people, elsewhere]
        known["team"].choices = [("", "—"), *teams]
        known["not_to"].choices = readers
        for name, needed in (("team", teams), ("not_to", readers), ("ask_by", notes)):
            if not needed:
                del self.fields[name]
        self.initial.setdefault("kind", ConcernKind.OWN_WORD)


class GraceForm(forms.Form):
    """After how long she wants to be looked for."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes after the start"),
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )


class SayForm(forms.Form):
    """What she says to a concern about herself."""

    words = _words(gettext_lazy("In your own words"))
    step = forms.ChoiceField(
        label=gettext_lazy("What I should like"),
        required=False,
        choices=(("", "—"), *common.choices(said.STEPS)),
    )
    leave_from = day_field(gettext_lazy("Leave from which day"), required=False)
    leave_until = day_field(gettext_lazy("Its last day"), required=False)
    may_ask = forms.BooleanField(
        label=gettext_lazy("Whoever plans for the team may be asked about it"), required=False
    )


class WriteForm(forms.Form):
    """What a welfare officer writes."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[(one, said.NOTES[one]) for one in OFFICERS],
        initial=NoteKind.ASKED,
    )
    step = forms.ChoiceField(
        label=gettext_lazy("Which step"),
        required=False,
        choices=(
            ("", "—"),
            *((one, text) for one, text in said.STEPS.items() if one not in HERS_ALONE),
        ),
    )
    words = _words(gettext_lazy("In words"))


class HandOnForm(forms.Form):
    """To whom it goes."""

    to = forms.ChoiceField(label=gettext_lazy("To whom"), required=False)

    def __init__(self, *args: Any, officers: Choices, **kw: Any) -> None:
        super().__init__(*args, **kw)
        chooser: Any = self.fields["to"]
        chooser.choices = [("", gettext_lazy("back to all of us")), *officers]


class AskForm(forms.Form):
    """Whom a welfare officer asks to explain how she plans, and in which words."""

    person = forms.ChoiceField(label=gettext_lazy("Who plans for the team"))
    words = _words(gettext_lazy("What you ask"), rows=3)
    names_her = forms.BooleanField(
        label=gettext_lazy("Say whom it is about"),
        required=False,
        help_text=gettext_lazy("Without this tick your words are all that is read: name nobody."),
    )

    def __init__(self, *args: Any, organisers: Choices, **kw: Any) -> None:
        super().__init__(*args, **kw)
        chooser: Any = self.fields["person"]
        chooser.choices = [("", "—"), *organisers]


class ExplainForm(forms.Form):
    """What whoever was asked explains."""

    words = _words(gettext_lazy("In your own words"))


class EndForm(forms.Form):
    """How it ends, and when somebody asks again."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How it ended"), choices=common.choices(said.OUTCOMES)
    )
    words = _words(gettext_lazy("In words"))
    next_at = day_field(gettext_lazy("When somebody asks again"), required=False)
    she_says_no = forms.BooleanField(
        label=gettext_lazy("She does not want to be asked again"), required=False
    )


class AgainForm(forms.Form):
    """How it is, when somebody asked again."""

    words = _words(gettext_lazy("How it is"), rows=3)
    she_says_no = forms.BooleanField(
        label=gettext_lazy("She does not want to be asked again"), required=False
    )


class LaterForm(forms.Form):
    """One more follow-up."""

    due = day_field(gettext_lazy("When somebody asks again"))


class StepForm(forms.Form):
    """What came of calling, or of going."""

    words = _words(gettext_lazy("What came of it"), rows=2)


class FoundForm(EndForm):
    """What whoever found her says."""

    field_order = ("how", "at", "where", "words", "outcome", "next_at", "she_says_no")
    how = forms.ChoiceField(
        label=gettext_lazy("How she was"),
        choices=common.choices(said.HOW),
        widget=forms.RadioSelect,
    )
    at = forms.CharField(label=gettext_lazy("When, if not now"), required=False)
    where = forms.CharField(label=gettext_lazy("Where"), required=False)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["words"].label = gettext_lazy("What was agreed")
        outcomes: Any = self.fields["outcome"]
        outcomes.choices = [one for one in outcomes.choices if one[0] != Outcome.LEFT_OUT]
