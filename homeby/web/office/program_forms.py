"""The forms of one's programs: a personal token, a webhook."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from homeby.comms.actions import webhooks
from homeby.comms.rules import postings
from homeby.people.actions import tokens
from homeby.people.rules import Right

RIGHTS = (
    (Right.READ_MISSIONS, _("read missions")),
    (Right.READ_PEOPLE, _("read people")),
    (Right.READ_ENTRIES, _("read the logbook")),
    (Right.READ_ALARMS, _("read alarms")),
    (Right.READ_WATCH_BILL, _("read the watch bill")),
    (Right.PLAN, _("plan missions")),
    (Right.GATE, _("sign out, check in, sign in, ask for HELP")),
    (Right.ALARMS, _("take, hand over and stand down alarms")),
)
DAYS = (
    (7, _("a week")),
    (30, _("a month")),
    (90, _("three months")),
    (365, _("a year")),
)


class TokenForm(forms.Form):
    """A token to make."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=tokens.NAME_MAX,
        help_text=_("So that you know later what to revoke."),
    )
    rights = forms.MultipleChoiceField(
        label=_("What it may do, as you"),
        choices=[(str(key), label) for key, label in RIGHTS],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label=_("For how long"), choices=DAYS, coerce=int, initial=90)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"auto_id": "token_%s", **kwargs})  # type: ignore[arg-type]


class WebhookForm(forms.Form):
    """A webhook to add."""

    name = forms.CharField(label=_("What it is for"), max_length=webhooks.NAME_MAX)
    address = forms.CharField(
        label=_("Address"),
        max_length=2000,
        widget=forms.URLInput,
        help_text=_("It begins with https:// and is kept sealed."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of entry"),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Only those entries are posted that you may read yourself."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"auto_id": "webhook_%s", **kwargs})  # type: ignore[arg-type]
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField), "kinds are chosen"
        field.choices = [(kind.name, kind.said) for kind in postings.offered()]
