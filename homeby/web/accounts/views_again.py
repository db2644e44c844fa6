"""Proving once more who sits there, before an act that opens doors (`web.recheck`)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from homeby import clock, settings
from homeby.logbook.rules import Refused
from homeby.people.actions import factors
from homeby.people.queries.factors import Factors, factors_of
from homeby.people.rules_log_ins import Proof
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
    """The page that asks; it leads back to where she was. Where the strongest proof is wanted, it
    asks for what is lacking of it, one thing after the other."""
    account, query = own_account(door), {**door.request.GET.dict(), **door.request.POST.dict()}
    asked, strongest = ours(query.get("next", "")), _why(query.get("strongest", ""))
    known, problem = factors_of(door.viewer, account), ""
    if door.request.method == "POST":
        proof, problem = _problem(door, account, known)
        if not problem:
            recheck.prove(door.request, proof)
            return redirect(
                _onward(asked, strongest if recheck.lacking(door, why=strongest) else "")
            )
    wanted = recheck.lacking(door, why=strongest) if strongest else known.proofs
    if strongest and not wanted and not problem and recheck.is_fresh(door.request):
        return redirect(asked)  # all of it was proved already
    context = {
        "factors": known,
        "passkey": Proof.PASSKEY in wanted,
        "password": PasswordForm() if Proof.PASSWORD in wanted else None,
        "code": CodeForm() if Proof.APP in wanted else None,
        "next": asked,
        "strongest": strongest,
        "for_glass": strongest == recheck.FOR_GLASS,
        "problem": problem,
        "demonstration": settings.current().demonstration,
    }
    return render(door.request, "account/again.html", context, status=422 if problem else 200)


def _why(said: str) -> str:
    """For what the strongest proof is asked; "" where any proof will do."""
    return said if said in ("", recheck.FOR_GLASS) else recheck.FOR_DOORS


def _onward(asked: str, strongest: str) -> str:
    """Where she goes after a good proof: on, or to what is lacking still of the strongest."""
    more = urlencode({"next": asked, "strongest": strongest})
    return f"{reverse('again')}?{more}" if strongest else asked


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


def _problem(door: Door, account: Any, known: Factors) -> tuple[Proof, str]:
    """What was sent, and why it proves nothing, "" when it does."""
    if "demonstration" in door.request.POST and settings.current().demonstration:
        return Proof.DOOR, ""  # anybody may enter a demonstration as anybody
    guessed = f"again:{account.login}"
    if throttle.is_slowed(guessed):
        return Proof.PASSWORD, _("Too many wrong answers. Wait a minute, then try again.")
    proof, problem = _judged(door, account, known)
    if problem:
        throttle.failed(guessed)
    else:
        throttle.forget(guessed)
    return proof, problem


def _judged(door: Door, account: Any, known: Factors) -> tuple[Proof, str]:
    form = sent(door.request, "password")
    if form is not None:
        right = known.has_password and account.check_password(form["password"])
        return Proof.PASSWORD, "" if right else _("This is not your present password.")
    if sent(door.request, "code") is not None:
        return Proof.APP, _judged_code(door, account)
    try:
        found = passkeys.proven(door.request.POST.get("credential", ""), account=account)
    except Refused as refused:
        return Proof.PASSKEY, str(refused)
    factors.note_used(factor_id=found.pk, now=door.now)
    return Proof.PASSKEY, ""


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
