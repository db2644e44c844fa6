"""An app with codes (TOTP), and recovery codes: added, removed, shown once."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from homeby import clock, settings
from homeby.logbook.rules import Refused
from homeby.people.actions import factors
from homeby.people.queries.factors import factors_of
from homeby.web import qr, recheck
from homeby.web.accounts import entering
from homeby.web.accounts.forms import CodeForm
from homeby.web.accounts.views_own import beside, change_own, own_account
from homeby.web.door import Door, page, show, tap_of

_KEY = "new_code_app"


@page()
@sensitive_variables("secret")
def app(door: Door) -> HttpResponse:
    """An app with codes: its square, and the first code as proof that it works."""
    if again := recheck.needed_at_its_strongest(door):
        return again
    account, form = own_account(door), CodeForm(door.request.POST or None)
    secret = _secret(door)
    if form.is_valid() and _added(door, account, form, secret):
        known = factors_of(door.viewer, account)
        return redirect("recovery-codes" if known.codes_left is None else "own-log-in")
    address = get_adapter().build_totp_url(account, secret)
    context = {
        "form": form,
        "square": qr.square(address),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    return render(door.request, "account/app.html", context, status=422 if form.errors else 200)


def _secret(door: Door) -> str:
    """The secret that the page shows until its first code has come, sealed in the session."""
    sealing = get_adapter()
    if _KEY not in door.request.session:
        door.request.session[_KEY] = sealing.encrypt(generate_totp_secret())
    opened: str = sealing.decrypt(door.request.session[_KEY])
    return opened


def _added(door: Door, account: Any, form: CodeForm, secret: str) -> bool:
    try:
        said = factors.add_code_app(
            account_id=account.pk,
            app=factors.NewApp(secret=secret, code=form.cleaned_data["code"]),
            by=door.viewer,
            now=door.now,
            real_now=clock.real_now(),
            tap=tap_of(door.request),
            beside=beside(door, lambda: _("An app with codes was added to your log-in.")),
        )
    except Refused as refused:
        show(form, refused)
        return False
    messages.success(door.request, said)
    del door.request.session[_KEY]
    entering.stay(door.request, account)
    recheck.note_made(door.request)
    return True


@require_POST
@page()
def remove_app(door: Door) -> HttpResponse:
    """Do without codes of an app."""
    return change_own(
        door, factors.remove_code_app, lambda: _("The app with codes was removed from your log-in.")
    )


@page()
@sensitive_variables("made")
def recovery(door: Door) -> HttpResponse:
    """New recovery codes: they stand in this answer and nowhere else."""
    if again := recheck.needed_at_its_strongest(door):
        return again
    account, made = own_account(door), list[str]()
    if door.request.method == "POST":
        try:
            made = _made(door, account)
        except Refused as refused:
            messages.error(door.request, str(refused))
            return redirect("own-log-in")
    context = {
        "codes": [f"{one[:4]} {one[4:8]} {one[8:]}" for one in made],
        "factors": factors_of(door.viewer, account),
        "login": account.login,
        "station": settings.current().station_name,
    }
    return render(door.request, "account/codes.html", context)


def _made(door: Door, account: Any) -> list[str]:
    made = factors.make_recovery_codes(
        account_id=account.pk,
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
        beside=beside(door, lambda: _("New recovery codes were made for your log-in.")),
    )
    entering.stay(door.request, account)
    return made
