"""Forms in which people type times: a role, a watch of the bill, where an imported mission is."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby import instants
from homeby.people.rules import Role
from homeby.watch.rules import Watch
from homeby.web import words
from homeby.web.office.forms import Choices, chosen, select


class TimedForm(forms.Form):
    """A form that knows the reader's zone and the present, to understand what is typed."""

    def __init__(self, *args: Any, zone: str, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone, now

    def instant(self, name: str, *, later: bool = False, past: bool = False) -> dt.datetime | None:
        """The instant typed in a field, None where nothing was; a sentence beside it where it is
        not understood. `later` chooses the later of two readings (the end of a watch: overlap,
        never gap); `past` reads when something happened."""
        typed = str(self.cleaned_data.get(name) or "").strip()
        if not typed:
            return None
        parse = instants.parse_past if past else instants.parse_typed
        found = parse(typed, self.zone, self.now)
        if isinstance(found, instants.Problem):
            self.add_error(name, found.sentence)
            return None
        if later and found.kind is instants.Reading.AMBIGUOUS:
            wall = found.instant.astimezone(instants.zone_info(self.zone)).replace(tzinfo=None)
            return instants.resolve(wall, self.zone, later=True).instant
        return found.instant


def typed_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """A field for a time as people type it."""
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=60)


class RoleForm(TimedForm):
    """A role from now on, for one team or for the whole organisation, for a time or for good."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=words.choices(words.ROLES))
    team = forms.ChoiceField(
        label=gettext_lazy("Team"),
        required=False,
        help_text=gettext_lazy("Empty: for the whole organisation."),
    )
    to_at = typed_field(
        gettext_lazy("Until"),
        gettext_lazy("Such as 22.11. 18:00; empty: until somebody ends it."),
        required=False,
    )

    def __init__(self, *args: Any, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            one for one in words.choices(words.ROLES) if one[0] != Role.MEMBER
        ]
        select("team", self, teams)

    def clean(self) -> dict[str, Any]:
        """Understand until when."""
        values = super().clean() or {}
        values["to_at"] = self.instant("to_at", later=True)
        return values


class WatchForm(TimedForm):
    """A watch: who, who stands in, from when to when."""

    duty = forms.ChoiceField(label=gettext_lazy("Has the watch"))
    deputy = forms.ChoiceField(
        label=gettext_lazy("Deputy"),
        help_text=gettext_lazy("Has the watch at once when the first is not fit."),
    )
    from_at = typed_field(
        gettext_lazy("From"),
        gettext_lazy("Such as 18:00 or 22.11. 18:00; empty: now."),
        required=False,
    )
    to_at = typed_field(
        gettext_lazy("To"),
        gettext_lazy("Empty: the standing watch, which counts whenever no other does."),
        required=False,
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("duty", self, people)
        select("deputy", self, people)

    def clean(self) -> dict[str, Any]:
        """Understand both times."""
        values = super().clean() or {}
        values["from_at"] = self.instant("from_at") or self.now
        values["to_at"] = self.instant("to_at", later=True)
        return values

    def watch(self) -> Watch:
        """The watch that was typed."""
        duty = chosen(self, "duty")
        assert duty is not None, "a required field"
        return Watch(
            person_id=duty,
            deputy_id=chosen(self, "deputy"),
            from_at=self.cleaned_data["from_at"],
            to_at=self.cleaned_data["to_at"],
        )


OUT, HOME = "OUT", "HOME"


class WhereForm(TimedForm):
    """Where the party of an imported mission is: out until when, or home since when."""

    where = forms.ChoiceField(
        label=gettext_lazy("Where are they?"),
        choices=[
            (OUT, gettext_lazy("still out: the watch begins now")),
            (HOME, gettext_lazy("home: somebody saw or heard it")),
        ],
        widget=forms.RadioSelect,
    )
    due = typed_field(
        gettext_lazy("Out: expected back"), gettext_lazy("Such as 18:30 or +7h30."), required=False
    )
    call_out = typed_field(
        gettext_lazy("Out: call-out time"),
        gettext_lazy("Empty: the organisation's grace decides."),
        required=False,
    )
    back = typed_field(
        gettext_lazy("Home: back since"), gettext_lazy("Such as 21.11. 17:40."), required=False
    )

    def clean(self) -> dict[str, Any]:
        """The time that belongs to the answer."""
        values = super().clean() or {}
        values["due"] = self.instant("due")
        values["call_out"] = self.instant("call_out")
        values["back"] = self.instant("back", past=True)
        if values.get("where") == OUT and not values["due"] and "due" not in self.errors:
            self.add_error("due", _("Say when they are expected back."))
        if values.get("where") == HOME and not values["back"] and "back" not in self.errors:
            self.add_error("back", _("Say since when they are home."))
        return values


def key_of(text: str) -> uuid.UUID | None:
    """The id in an address, None where it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
