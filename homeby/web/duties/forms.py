"""Forms of the calendar: a duty, its time, who is asked, who goes, one's own time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby import instants
from homeby.readiness.rules.duty_planning import NOTE_MAX, WHAT_MAX, Attended
from homeby.readiness.rules.protection import REASON_MOST
from homeby.web import together, words
from homeby.web.duties import said

Choices = Sequence[tuple[str, Any]]


def _line(label: Any, help_text: Any = "", *, most: int = WHAT_MAX, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=most, **({"required": False} | more)
    )


def _begins() -> forms.CharField:
    return _line(
        gettext_lazy("From"), gettext_lazy("18:30, 22.11. 18:30 or +7h30."), most=60, required=True
    )


def _ends() -> forms.CharField:
    return _line(
        gettext_lazy("To"),
        gettext_lazy("02:00, 23.11. 02:00, or +8h after the beginning."),
        most=60,
        required=True,
    )


class TimesForm(forms.Form):
    """A beginning and an end as people type them; `span` is what they mean."""

    starts = _begins()
    ends = _ends()
    #: What most leave as it is; it stands folded below the others.
    seldom: tuple[str, ...] = ()

    def __init__(self, *args: Any, zone: str, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone, now
        self.span: tuple[dt.datetime, dt.datetime] | None = None

    def usual(self) -> list[forms.BoundField]:
        """What everybody fills in."""
        return [field for field in self if field.name not in self.seldom]

    def rare(self) -> list[forms.BoundField]:
        """What is folded away."""
        return [field for field in self if field.name in self.seldom]

    def is_unfolded(self) -> bool:
        """Whether something that is folded away was changed, or must be."""
        return self.is_bound and any(
            field.errors or field.name in self.changed_data for field in self.rare()
        )

    def clean(self) -> dict[str, Any]:
        """Both times, the end read after the beginning; what overlaps is kept, nothing is lost: of
        an hour that comes twice the later one ends a duty."""
        values = super().clean() or {}
        if not (values.get("starts") and values.get("ends")):
            return values
        begins = instants.parse_typed(values["starts"], self.zone, self.now)
        if isinstance(begins, instants.Problem):
            self.add_error("starts", begins.sentence)
            return values
        ends = instants.parse_typed(values["ends"], self.zone, begins.instant)
        if isinstance(ends, instants.Problem):
            self.add_error("ends", ends.sentence)
            return values
        last = ends.instant
        if ends.kind is instants.Reading.AMBIGUOUS:
            local = last.astimezone(instants.zone_info(self.zone)).replace(tzinfo=None, fold=0)
            last = instants.resolve(local, self.zone, later=True).instant
        self.span = (begins.instant, last)
        return values


def _override() -> forms.CharField:
    return _line(
        gettext_lazy("Override what speaks against it"),
        gettext_lazy("The reason. It stands with your name on the page of whoever it concerns."),
        most=REASON_MOST,
    )


class MoveForm(TimesForm):
    """A new time of a duty, and why; and what becomes of whoever would be moved into her rest."""

    why = _line(
        gettext_lazy("Why"), gettext_lazy("Everybody who was asked reads it."), most=NOTE_MAX
    )
    stands_down = forms.BooleanField(
        label=gettext_lazy("Take whoever must rest then, or is too young for it, off it"),
        required=False,
    )
    override = _override()


class DutyForm(TimesForm):
    """A duty to plan."""

    field_order = ("kind", "what", "starts", "ends", "place", "team", "unit", "is_open")
    seldom = (
        "weeks", "leader", "seats", "fixed", "position", "also", "rank", "mentor", "time_is_fixed",
        *together.FIELDS,
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=words.choices(said.KINDS))
    what = _line(
        gettext_lazy("Name"), gettext_lazy("Night shift, rope training."), required=True,
        error_messages={
            "required": gettext_lazy("Say what it is, such as night shift or rope training.")
        },
    )  # fmt: skip
    place = _line(gettext_lazy("Where"))
    team = forms.ChoiceField(label=gettext_lazy("For which team"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("For which special unit"), required=False)
    weeks = forms.IntegerField(
        label=gettext_lazy("For how many weeks in a row"), initial=1, min_value=1, max_value=52,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
    )  # fmt: skip
    leader = forms.ChoiceField(label=gettext_lazy("Leader, who has a fixed seat"), required=False)
    seats = forms.CharField(
        label=gettext_lazy("Seats"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "A line each: how many, and which position, such as 1 MEDR, or 1 MEDR + DRIV for one "
            "who holds both; Driver: 1 DRIV for a role; 4 alone is four of anybody. Empty: whoever "
            "says yes comes."
        ),
    )  # fmt: skip
    fixed = forms.CharField(
        label=gettext_lazy("Further fixed roles"), required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("A line each: the role, and who has it, such as Deputy: Owl."),
    )  # fmt: skip
    position = forms.ChoiceField(label=gettext_lazy("All of them hold"), required=False)
    also = _line(gettext_lazy("And these, too"), gettext_lazy("Such as MEDR, DRIV."))
    rank = forms.ChoiceField(label=gettext_lazy("From which rank on"), required=False)
    mentor = forms.ChoiceField(label=gettext_lazy("One-to-one with the mentor"), required=False)
    is_open = forms.BooleanField(
        label=gettext_lazy("Whoever fits may sign up herself"), required=False
    )
    time_is_fixed = forms.BooleanField(
        label=gettext_lazy("I could not choose the time"), required=False
    )
    group = together.group_field()
    group_name = together.name_field()

    def offer(self, name: str, choices: Choices) -> None:
        """What a select offers below "none"; without choices it is left out."""
        if not choices:
            del self.fields[name]
            return
        shown: Any = self.fields[name]
        shown.choices = [("", _("none")), *choices]


class PeopleForm(forms.Form):
    """Some of several people."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("Who"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["people"]
        shown.choices = list(people)


class PickForm(PeopleForm):
    """Who goes, and one reason for those who said yes and do not."""

    not_picked = forms.ChoiceField(
        label=gettext_lazy("Why the others who said yes do not go"),
        choices=words.choices(said.NOT_PICKED),
        required=False,
        widget=forms.RadioSelect,
    )
    override = _override()

    def __init__(self, *args: Any, rests: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (rests or self.is_bound):
            del self.fields["override"]


class StandDownForm(forms.Form):
    """Taking somebody off a duty."""

    person = forms.ChoiceField(label=gettext_lazy("Who"))
    stood_down = forms.ChoiceField(
        label=gettext_lazy("Why"), choices=words.choices(said.STOOD_DOWN), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["person"]
        shown.choices = list(people)


class AttendForm(StandDownForm):
    """Whether somebody came; only whoever plans it excuses somebody."""

    stood_down = None  # type: ignore[assignment]
    how = forms.ChoiceField(
        label=gettext_lazy("Was she there?"),
        choices=words.choices(said.ATTENDED),
        initial=Attended.CAME,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, plans: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["how"]
        if not plans:
            shown.choices = [one for one in shown.choices if one[0] != Attended.EXCUSED]


class MinorForm(forms.Form):
    """Approving that a minor is on a duty though a limit speaks against it."""

    person = forms.ChoiceField(label=gettext_lazy("Who"), widget=forms.RadioSelect)
    reason = _line(
        gettext_lazy("Why she may go all the same"),
        gettext_lazy("It is kept with your name."),
        most=NOTE_MAX,
        required=True,
        error_messages={"required": gettext_lazy("Say in a sentence why (500 characters).")},
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["person"]
        shown.choices = list(people)


class OfferForm(forms.Form):
    """Offering one's duty to another."""

    to = forms.ChoiceField(label=gettext_lazy("To whom"))
    for_duty = forms.ChoiceField(label=gettext_lazy("For which of hers"), required=False)
    note = _line(gettext_lazy("What she should know"), most=NOTE_MAX)

    def __init__(self, *args: Any, people: Choices, duties: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = list(people)
        swap: Any = self.fields["for_duty"]
        swap.choices = [("", _("for none: she takes it over")), *duties]
        if not duties:
            del self.fields["for_duty"]


class CallOffForm(forms.Form):
    """Calling a duty off."""

    why = _line(
        gettext_lazy("Why"), most=NOTE_MAX, required=True,
        error_messages={"required": gettext_lazy("Say why: they have kept the time free.")},
    )  # fmt: skip


class OwnTimeForm(TimesForm):
    """Leave, or availability."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[one for one in words.choices(said.OWN_TIMES) if one[0] != "BUSY"],
    )
    field_order = ("kind", "starts", "ends")


class WishForm(forms.Form):
    """With whom she likes to go."""

    other = forms.ChoiceField(
        label=gettext_lazy("With whom"),
        error_messages={"required": gettext_lazy("Choose somebody.")},
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["other"]
        shown.choices = list(people)


class FeedForm(forms.Form):
    """The address of an outside calendar."""

    address = _line(
        gettext_lazy("Address of the calendar (iCal)"),
        gettext_lazy("The secret address that your other calendar gives you. Empty: none is read."),
        most=2000,
    )


class LinkForm(forms.Form):
    """What an own calendar shows elsewhere."""

    shows_all = forms.BooleanField(
        label=gettext_lazy("Show what and where, too; else it says “Duty”"), required=False
    )
