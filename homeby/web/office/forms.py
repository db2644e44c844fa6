"""Forms of the office: people and how they are reached, teams, places, the organisation."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby import instants, settings
from homeby.comms import channels
from homeby.comms.actions.deliver import channel_settings
from homeby.people.rules import ChannelName, MayKnow
from homeby.web import words

Choices = Sequence[tuple[str, str]]


def select(field: str, form: forms.Form, choices: Choices) -> None:
    """Offer these choices in a field, below an empty one that asks to choose."""
    chosen: Any = form.fields[field]
    chosen.choices = [("", _("Choose …")), *choices]


class MembershipForm(forms.Form):
    """A team to belong to from now on."""

    team = forms.ChoiceField(label=gettext_lazy("Team"))

    def __init__(self, *args: Any, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("team", self, teams)


class AccountForm(forms.Form):
    """A log-in for somebody."""

    login = forms.CharField(label=gettext_lazy("Log-in name"), max_length=150)
    password = forms.CharField(
        label=gettext_lazy("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least ten characters. They change it on their own page."),
    )


class NewPasswordForm(forms.Form):
    """A new password, set by an administrator for somebody who forgot theirs."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least ten characters. Their other log-ins end."),
    )


class OwnPasswordForm(forms.Form):
    """A new password of one's own: the present one proves who asks."""

    present = forms.CharField(
        label=gettext_lazy("Present password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=gettext_lazy("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least ten characters; a short sentence is a good one."),
    )


class HoursForm(forms.Form):
    """Local hours in which somebody wants to be written to; both empty means always."""

    from_time = forms.TimeField(
        label=gettext_lazy("Not before"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    to_time = forms.TimeField(
        label=gettext_lazy("Not after"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=gettext_lazy("A message about a person in danger comes at any hour."),
    )

    def clean(self) -> dict[str, Any]:
        """Hours come in pairs."""
        values = super().clean() or {}
        first, last = values.get("from_time"), values.get("to_time")
        if (first is None) != (last is None):
            self.add_error("to_time", _("Give both hours, or leave both empty for always."))
        return values


class AddressForm(HoursForm):
    """A way to reach somebody: the channel judges the address, nothing is sent yet."""

    channel = forms.ChoiceField(label=gettext_lazy("By which channel"))
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=1500,
        help_text=gettext_lazy(
            "E-mail: an address. SMS: +43 664 1234567. ntfy: https://ntfy.sh/a-long-topic. "
            "Apprise: an address such as tgram://… Webhook: https://…"
        ),
    )
    field_order: tuple[str, ...] = ("channel", "address", "from_time", "to_time")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["channel"]
        shown.choices = channel_choices()

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with the address before anything is kept."""
        values = super().clean()
        name, address = values.get("channel"), values.get("address", "")
        if name:
            channel = channels.channel(name, channel_settings())
            if unready := channel.unready():
                self.add_error("channel", unready)
            elif address and (problem := channel.problem_with(address)):
                self.add_error("address", problem)
        return values


def channel_choices() -> Choices:
    """The channels people may choose by hand; the console is for demonstrations and tests, and a
    browser brings its own address."""
    shown = [(code, str(word)) for code, word in words.choices(words.CHANNELS)]
    if settings.current().demonstration:
        return [one for one in shown if one[0] != ChannelName.WEBPUSH]
    return [one for one in shown if one[0] not in (ChannelName.CONSOLE, ChannelName.WEBPUSH)]


class CodeForm(forms.Form):
    """The code that was sent to a contact point."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        help_text=gettext_lazy("Six digits; they stand in the message that was just sent there."),
    )

    def clean_code(self) -> str:
        """The digits without spaces."""
        return "".join(str(self.cleaned_data["code"]).split())


class KinForm(AddressForm):
    """Somebody who waits for a person, and the most they may be told."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    relation = forms.CharField(
        label=gettext_lazy("Who they are to you"), max_length=100, required=False
    )
    may_know = forms.ChoiceField(
        label=gettext_lazy("What they may be told"),
        choices=words.choices(words.MAY_KNOW),
        initial=MayKnow.NOTHING,
        widget=forms.RadioSelect,
    )
    looks_in = forms.BooleanField(
        label=gettext_lazy("They may be asked to look in on you"),
        required=False,
        help_text=gettext_lazy(
            "Where you were hurt, or long overdue, you are asked after sleeping whether you are "
            "well. If you do not say so, they hear that you have not, and never why."
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Their language"),
        choices=words.LANGUAGES,
        initial="en",
        required=False,
        help_text=gettext_lazy("Whoever calls them sees it; messages use it where they can."),
    )
    field_order = (
        "name",
        "relation",
        "may_know",
        "looks_in",
        "channel",
        "address",
        "language",
        "from_time",
        "to_time",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("channel", "address"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """An address is needed where something may be told."""
        values = super().clean()
        if values.get("may_know") != MayKnow.NOTHING and not values.get("address"):
            self.add_error("address", _("Give an address, or choose that nothing may be told."))
        return values


class TeamForm(forms.Form):
    """A team's names."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    callsign = forms.CharField(label=gettext_lazy("Callsign"), max_length=60, required=False)


class SiteForm(forms.Form):
    """A place people leave from and come home to."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        help_text=gettext_lazy("Such as Europe/Zurich."),
    )


class GateForm(forms.Form):
    """A gate of a site."""

    site = forms.ChoiceField(label=gettext_lazy("Site"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    is_by_phone = forms.BooleanField(
        label=gettext_lazy("Not a gate, but a telephone: people sign out and in by calling"),
        required=False,
    )

    def __init__(self, *args: Any, sites: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("site", self, sites)


class ReasonForm(forms.Form):
    """A plain reason for coming back late."""

    label = forms.CharField(label=gettext_lazy("What people read"), max_length=200)
    code = forms.SlugField(
        label=gettext_lazy("Short code"),
        max_length=40,
        help_text=gettext_lazy("Letters, digits and hyphens; it stands in figures."),
    )
    is_trouble = forms.BooleanField(
        label=gettext_lazy("This is trouble: it raises a flag that a named person must clear"),
        required=False,
    )


class ReasonChangeForm(ReasonForm):
    """The same for a reason that is there: its code stays."""

    code = None  # type: ignore[assignment]


class MissionKindForm(forms.Form):
    """A kind of mission."""

    name = forms.CharField(label=gettext_lazy("What people read"), max_length=200)
    code = forms.CharField(
        label=gettext_lazy("Short code"),
        max_length=40,
        help_text=gettext_lazy(
            "Rules for minors and qualifications name the kind by it, such as CAVE_RESCUE."
        ),
    )
    is_exercise = forms.BooleanField(
        label=gettext_lazy("An exercise: what only a real mission counts for does not count"),
        required=False,
    )


class MissionKindChangeForm(MissionKindForm):
    """The same for a kind that is there: its code stays."""

    code = None  # type: ignore[assignment]


class RankForm(forms.Form):
    """A rank of this organisation."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    short = forms.CharField(
        label=gettext_lazy("Beside the callsign"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("A short form; empty: the name."),
    )
    place = forms.IntegerField(
        label=gettext_lazy("Place in the order"),
        min_value=1,
        max_value=1000,
        initial=1,
        help_text=gettext_lazy("1 is the highest."),
    )


class DebriefItemForm(forms.Form):
    """One thing that a debrief asks for."""

    text = forms.CharField(label=gettext_lazy("What is asked"), max_length=200)
    place = forms.IntegerField(
        label=gettext_lazy("Place in the order"),
        min_value=1,
        max_value=999,
        initial=1,
        help_text=gettext_lazy("The lowest is asked first."),
    )


class SettleForm(forms.Form):
    """What somebody found out about an entry that fits nothing."""

    how = forms.CharField(
        label=gettext_lazy("What you found"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def minutes_field(label: Any, help_text: Any = "", *, least: int = 1, most: int = 1440) -> Any:
    """A number of minutes."""
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=help_text,
        error_messages={
            "min_value": gettext_lazy("At least %(limit_value)s."),
            "max_value": gettext_lazy("At most %(limit_value)s."),
            "invalid": gettext_lazy("Write a whole number."),
        },
    )


class OrganisationForm(forms.Form):
    """The organisation's name and limits."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        help_text=gettext_lazy("Such as Europe/Zurich."),
    )
    grace_minutes = minutes_field(
        gettext_lazy("Grace, minutes"),
        gettext_lazy("From expected back to the call-out time, where nobody gave another."),
        least=0,
    )
    grace_minutes_solo = minutes_field(gettext_lazy("Grace for one alone, minutes"), least=0)
    grace_minutes_max = minutes_field(
        gettext_lazy("Longest grace anybody may give, minutes"), least=0
    )
    check_in_minutes_solo = minutes_field(
        gettext_lazy("Check-ins of one alone, minutes apart at most"), least=5
    )
    acknowledge_minutes = minutes_field(
        gettext_lazy("An alarm that was taken comes back after, minutes"), least=5, most=120
    )
    rest_hours = minutes_field(gettext_lazy("Rest before the debrief, hours"), least=0, most=168)

    def clean_zone(self) -> str:
        """A zone that exists."""
        return known_zone(self.cleaned_data["zone"])

    def clean(self) -> dict[str, Any]:
        """No grace is longer than the longest."""
        values = super().clean() or {}
        most = values.get("grace_minutes_max")
        for name in ("grace_minutes", "grace_minutes_solo"):
            if most is not None and (values.get(name) or 0) > most:
                self.add_error(name, _("This is more than the longest grace, %d min.") % most)
        return values


def known_zone(typed: str) -> str:
    """The name of a time zone; a sentence for one that does not exist."""
    try:
        instants.zone_info(typed.strip())
    except instants.TimeProblem as problem:
        raise forms.ValidationError(str(problem)) from problem
    return typed.strip()


def chosen(form: forms.Form, name: str) -> uuid.UUID | None:
    """The id chosen in a field, None where nothing was."""
    value = form.cleaned_data.get(name)
    return uuid.UUID(value) if value else None
