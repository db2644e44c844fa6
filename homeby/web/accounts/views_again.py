"""Proving once more who sits there, before an act that opens doors (`web.recheck`)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from homeby import clock, settings
from homeby.logbook.rules import Refused
from homeby.people.actions import factors
from homeby.people.queries.factors import Factors, factors_of
from homeby.web import recheck
from homeby.web.accounts import lasting, passkeys
from homeby.web.accounts.forms import CodeForm, PasswordForm, sent
from homeby.web.accounts.views_own import own_account
from homeby.web.door import Door, page
from homeby.web.office import throttle
from homeby.web.office.views_language import ours


@sensitive_post_parameters("password", "code")
@page()
def again(door: Door) -> HttpResponse:
    """The page that asks; it leads back to where she was."""
    account, asked = (
        own_account(door),
        door.request.POST.get("next") or door.request.GET.get("next"),
    )
    known, problem = factors_of(door.viewer, account), ""
    if door.request.method == "POST":
        problem = _problem(door, account, known)
        if not problem:
            recheck.prove(door.request)
            return redirect(ours(asked or ""))
    context = {
        "factors": known,
        "password": PasswordForm() if known.has_password else None,
        "code": CodeForm() if known.has_app else None,
        "next": ours(asked or ""),
        "problem": problem,
        "demonstration": settings.current().demonstration,
    }
    return render(door.request, "account/again.html", context, status=422 if problem else 200)


@page()
def typed(door: Door) -> HttpResponse:
    """What somebody had sent when her log-in ended: one tap sends it now."""
    kept = lasting.typed_of(door.request, own_account(door))
    if kept is None:
        return redirect("home")
    fields = [one for one in kept["fields"] if one[0] != _MARK]
    kept["fields"] = [*fields, (_MARK, get_token(door.request))]
    sentence = _(
        "Your log-in had ended, so what you sent was not recorded. Nothing of it is lost: send it "
        "now."
    )
    return render(door.request, "trouble.html", {"sentence": sentence, "again": kept})


_MARK = "csrfmiddlewaretoken"


def _problem(door: Door, account: Any, known: Factors) -> str:
    """Why what was sent proves nothing, "" when it does."""
    if "demonstration" in door.request.POST and settings.current().demonstration:
        return ""  # anybody may enter a demonstration as anybody
    guessed = f"again:{account.login}"
    if throttle.is_slowed(guessed):
        return _("Too many wrong answers. Wait a minute, then try again.")
    problem = _judged(door, account, known)
    if problem:
        throttle.failed(guessed)
    else:
        throttle.forget(guessed)
    return problem


def _judged(door: Door, account: Any, known: Factors) -> str:
    form = sent(door.request, "password")
    if form is not None:
        right = known.has_password and account.check_password(form["password"])
        return "" if right else _("This is not your present password.")
    if sent(door.request, "code") is not None:
        return _judged_code(door, account)
    try:
        found = passkeys.proven(door.request.POST.get("credential", ""), account=account)
    except Refused as refused:
        return str(refused)
    factors.note_used(factor_id=found.pk, now=door.now)
    return ""


def _judged_code(door: Door, account: Any) -> str:
    fits = factors.use_code(
        account_id=account.pk,
        code=door.request.POST["code"][:40],
        now=door.now,
        real_now=clock.real_now(),
        beside=None,
    )
    return "" if fits is not factors.CodeFits.NO else _("This is not the code that your app shows.")


@require_POST
@page()
def options(door: Door) -> HttpResponse:
    """What the browser is asked for: a passkey of whoever is logged in."""
    return JsonResponse(passkeys.asked_to_prove(own_account(door)))
