"""The page that asks for the password once more (`homeby.web.recheck`)."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from homeby.people import queries as people
from homeby.web import recheck
from homeby.web.door import Door, page
from homeby.web.office import throttle


class AgainForm(forms.Form):
    """The present password."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def _is_hers(door: Door, password: str) -> bool:
    """Whether it is the viewer's password; after five wrong ones none is looked at for a minute."""
    assert door.viewer.person_id is not None, "the page needs a log-in"
    account = people.account_of(door.viewer, door.viewer.person_id)
    if account is None or throttle.is_slowed(account.login):
        return False
    if account.check_password(password):
        return True
    throttle.failed(account.login)
    return False


@sensitive_post_parameters()
@page()
def again(door: Door) -> HttpResponse:
    """Right: on to where she was going."""
    wanted = door.request.GET.get("next", "")
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    sent = door.request.POST if door.request.method == "POST" else None
    form = AgainForm(sent)
    if sent is not None and form.is_valid():
        if _is_hers(door, form.cleaned_data["password"]):
            recheck.prove(door.request)
            return redirect(wanted if safe else "account")
        form.add_error("password", _("This is not your password."))
    context = {
        "title": _("Prove that it is you"),
        "intro": _("What comes next opens what is closed: your password once more."),
        "submit": _("Go on"),
        "form": form,
        "back_url": "/me/",
        "back_label": _("My page"),
    }
    return render(door.request, "office/form.html", context, status=422 if form.errors else 200)
