"""Forms of log-ins: a code, a passkey, a password to prove oneself once more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

NAME_MAX = 80


class PasskeyForm(forms.Form):
    """A new passkey: what its person calls it. What the browser says is put in by a script."""

    name = forms.CharField(
        label=gettext_lazy("What I call it"),
        max_length=NAME_MAX,
        help_text=gettext_lazy("By which I know it again, such as: my phone."),
    )
    credential = forms.CharField(required=False, widget=forms.HiddenInput())


class CodeForm(forms.Form):
    """Six digits of an app."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PasswordForm(forms.Form):
    """The present password."""

    password = forms.CharField(
        label=gettext_lazy("Present password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def sent(request: Any, name: str) -> Any:
    """What was posted, if it was the form with this field; each form of a page is for itself."""
    return request.POST if request.method == "POST" and name in request.POST else None
