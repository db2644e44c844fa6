"""Forms of the alarm's pages."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby import instants


class HandOverForm(forms.Form):
    """To whom an alarm is offered: somebody who keeps watch and would hear of it."""

    to = forms.ChoiceField(label=gettext_lazy("To whom"), choices=())

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("Choose …")), *choices]  # type: ignore[attr-defined]

    @property
    def person_id(self) -> uuid.UUID:
        """The chosen person."""
        return uuid.UUID(self.cleaned_data["to"])


class StandDownForm(forms.Form):
    """Why an alarm ends; and when the watch asks again if somebody is still out."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Everybody who was told will read it."),
    )
    again_at = forms.CharField(label=gettext_lazy("Ask again at"), max_length=60, required=False)

    def __init__(self, *args: Any, zone: str, now: dt.datetime, out: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone, now
        self.fields["again_at"].help_text = _(
            "Somebody is still out. The watch asks again then; in an hour if you leave it empty, "
            "in a day at the latest. Write 21:30 or +90 min."
        )
        if not out:
            del self.fields["again_at"]

    def clean_again_at(self) -> dt.datetime | None:
        """The instant that was typed, None for "in an hour"."""
        typed = str(self.cleaned_data["again_at"]).strip()
        if not typed:
            return None
        found = instants.parse_typed(typed, self.zone, self.now)
        if isinstance(found, instants.Problem):
            raise forms.ValidationError(found.sentence)
        if found.instant <= self.now:
            raise forms.ValidationError(_("This time has passed; give one still to come."))
        return found.instant


class DistressForm(forms.Form):
    """Why an alarm is raised."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Every further step then comes without waiting for its hour."),
    )


class CodeForm(forms.Form):
    """The six digits of a message. What cannot be a code is no try: a mail scanner that sends the
    form off does not use up the five tries."""

    code = forms.RegexField(
        regex=r"^\s*(?:\d\s*){6}$",
        label=gettext_lazy("Code from the message"),
        strip=True,
        max_length=20,
        error_messages={
            "required": gettext_lazy("Type the six digits that stand in the message."),
            "invalid": gettext_lazy("A code has six digits; it stands at the end of the message."),
        },
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 20}
        ),
    )

    def clean_code(self) -> str:
        """The digits without the spaces that people type between them."""
        return "".join(str(self.cleaned_data["code"]).split())
