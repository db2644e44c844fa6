"""Passkeys: added, renamed, removed, and logging in by one alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeby import clock
from homeby.logbook.rules import Refused
from homeby.people.actions import factors
from homeby.people.queries.factors import factors_of
from homeby.people.rules_log_ins import Proof
from homeby.web import recheck
from homeby.web.accounts import adapters, entering, passkeys
from homeby.web.accounts.forms import PasskeyForm, RenameForm
from homeby.web.accounts.views_own import beside, change_own, own_account
from homeby.web.door import Door, page, show, tap_of
from homeby.web.office.views_language import ours


@page()
def add(door: Door) -> HttpResponse:
    """One more passkey of mine."""
    if again := recheck.needed_at_its_strongest(door):
        return again
    account, form = own_account(door), PasskeyForm(door.request.POST or None)
    if form.is_valid() and _added(door, account, form):
        return _after(door, account)
    context = {
        "form": form,
        "works": adapters.works_here(door.request),
        "place": adapters.place(),
        "login": account.login,
    }
    return render(door.request, "account/passkey.html", context, status=422 if form.errors else 200)


def _after(door: Door, account: Any) -> HttpResponse:
    """Recovery codes are shown to whoever may need them: her password asks for more now."""
    known = factors_of(door.viewer, account)
    has_codes = known.codes_left is not None or not known.has_password
    return redirect("own-log-in" if has_codes else "recovery-codes")


def _added(door: Door, account: Any, form: PasskeyForm) -> bool:
    tap = tap_of(door.request)

    def add_it(credential: dict[str, Any]) -> str:
        return factors.add_passkey(
            account_id=account.pk,
            passkey=factors.NewPasskey(name=form.cleaned_data["name"], credential=credential),
            by=door.viewer,
            now=door.now,
            tap=tap,
            beside=beside(door, lambda: _("A passkey was added to your log-in.")),
        )

    try:
        messages.success(door.request, add_it(passkeys.made(form.cleaned_data["credential"])))
    except Refused as refused:
        show(form, refused)
        return False
    entering.stay(door.request, account)
    recheck.note_made(door.request)
    return True


@require_POST
@page()
def add_options(door: Door) -> HttpResponse:
    """What the browser is asked for a new passkey."""
    if again := recheck.needed_for_script(door):
        return again
    return JsonResponse(passkeys.asked_to_make(own_account(door)))


@require_POST
@page()
def remove(door: Door, passkey_id: int) -> HttpResponse:
    """A passkey of mine that opens nothing any more."""
    return change_own(
        door,
        factors.remove_passkey,
        lambda: _("A passkey was removed from your log-in."),
        passkey_id=passkey_id,
    )


@page()
def rename(door: Door, passkey_id: int) -> HttpResponse:
    """What a passkey of mine is called."""
    if again := recheck.needed_at_its_strongest(door):
        return again
    account = own_account(door)
    known = factors_of(door.viewer, account).passkeys
    found = next((one for one in known if one.id == passkey_id), None)
    if found is None:
        messages.error(door.request, _("This passkey is here no more."))
        return redirect("own-log-in")
    form = RenameForm(door.request.POST or None, initial={"name": found.name})
    if form.is_valid() and _renamed(door, account, passkey_id, form):
        return redirect("own-log-in")
    context = {
        "title": _("Rename a passkey"),
        "form": form,
        "back_url": reverse("own-log-in"),
        "back_label": _("My log-in"),
    }
    return render(door.request, "office/form.html", context, status=422 if form.errors else 200)


def _renamed(door: Door, account: Any, passkey_id: int, form: RenameForm) -> bool:
    try:
        said = factors.rename_passkey(
            account_id=account.pk,
            passkey_id=passkey_id,
            name=form.cleaned_data["name"],
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
            beside=beside(door, lambda: _("A passkey of your log-in was renamed.")),
        )
    except Refused as refused:
        show(form, refused)
        return False
    messages.success(door.request, said)
    return True


@require_POST
def log_in_options(request: HttpRequest) -> HttpResponse:
    """What the browser is asked for, before anybody is known: any passkey of this station."""
    if not request.user.is_authenticated:
        request.session.set_expiry(entering.HALFWAY_SECONDS)
    return JsonResponse(passkeys.asked_to_prove())


@require_POST
def log_in(request: HttpRequest) -> HttpResponse:
    """Log in by a passkey alone."""
    try:
        found = passkeys.proven(request.POST.get("credential", ""))
        entering.refuse_who_left(found.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("login")
    factors.note_used(factor_id=found.pk, now=clock.now())
    by = entering.By(proof=Proof.PASSKEY)
    return entering.enter(request, found.user, ours(request.POST.get("next", "")), by=by)
