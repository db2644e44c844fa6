"""Forms of log-ins: a code, a passkey, a password to prove oneself once more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

NAME_MAX = 80


class RenameForm(forms.Form):
    """What its person calls a passkey."""

    name = forms.CharField(
        label=gettext_lazy("What I call it"),
        max_length=NAME_MAX,
        help_text=gettext_lazy("By which I know it again, such as: my phone."),
    )


class PasskeyForm(RenameForm):
    """A new passkey. What the browser says is put in by a script."""

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


class InvitedForm(forms.Form):
    """What whoever was invited chooses: a name to log in by, and a passkey, or a password."""

    login = forms.CharField(
        label=gettext_lazy("Log-in name"),
        max_length=150,
        help_text=gettext_lazy("By which you will log in; capitals do not count."),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least ten characters; a short sentence is a good one."),
    )
    credential = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_first:
            del self.fields["login"]


def sent(request: Any, name: str) -> Any:
    """What was posted, if it was the form with this field; each form of a page is for itself."""
    return request.POST if request.method == "POST" and name in request.POST else None
