"""Between the right password and the inside: what else the log-in asks for.

Whoever has a passkey or an app with codes needs one of them beside the password, or a recovery code
in its place. Until then the session knows only whose password it was, for ten minutes (ASVS 5.0,
6.5.5), and is nobody's log-in.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from homeby import clock
from homeby.comms.actions import credentials
from homeby.logbook.rules import Refused
from homeby.people.actions import factors
from homeby.people.queries import who
from homeby.people.queries.factors import asked_at_log_in
from homeby.people.rules_log_ins import Proof
from homeby.web.accounts import entering, passkeys
from homeby.web.accounts.forms import CodeForm, sent
from homeby.web.office import throttle

_KEY = "half_in"


def ask_or_enter(request: HttpRequest, account: Any, to: str, *, by: Proof) -> HttpResponse:
    """Whoever gave the right password: ask for more where the account has more, or let her in."""
    if not asked_at_log_in(account.pk).asks_for_more:
        return entering.enter(request, account, to, by=entering.By(proof=by))
    request.session.cycle_key()
    request.session.set_expiry(entering.HALFWAY_SECONDS)
    since = clock.real_now().isoformat()
    request.session[_KEY] = {"account": str(account.pk), "since": since, "to": to, "by": by}
    return redirect("log-in-more")


def _half_in(request: HttpRequest) -> Any:
    """The account whose password was given here, None when that is too long ago."""
    kept = request.session.get(_KEY)
    if not kept:
        return None
    age = clock.real_now() - dt.datetime.fromisoformat(kept["since"])
    if not dt.timedelta() <= age < dt.timedelta(seconds=entering.HALFWAY_SECONDS):
        return None
    return who.account_by_id(uuid.UUID(kept["account"]))


@sensitive_post_parameters("code")
def more(request: HttpRequest) -> HttpResponse:
    """The page that asks for more than the password."""
    account, problem = _half_in(request), ""
    if account is None:
        messages.error(request, _("Too much time has passed. Begin with your password again."))
        return redirect("login")
    if request.method == "POST":
        too, problem = _problem(request, account)
        if not problem:
            kept = request.session.pop(_KEY)
            by = entering.By(proof=Proof(kept.get("by", Proof.PASSWORD)), too=too)
            return entering.enter(request, account, kept["to"], by=by)
    known = asked_at_log_in(account.pk)
    with_code = known.has_app or known.codes_left
    context = {
        "factors": known,
        "code": CodeForm() if with_code else None,
        "problem": problem,
    }
    return render(request, "account/more.html", context, status=422 if problem else 200)


@require_POST
def more_options(request: HttpRequest) -> HttpResponse:
    """What the browser is asked for: a passkey of the account whose password was given."""
    account = _half_in(request)
    if account is None:
        sentence = _("Too much time has passed. Begin with your password again.")
        return JsonResponse({"sentence": sentence}, status=403)
    return JsonResponse(passkeys.asked_to_prove(account))


def _problem(request: HttpRequest, account: Any) -> tuple[Proof, str]:
    """What was sent, and why it does not let her in, "" when it does."""
    with_code = sent(request, "code") is not None
    too = Proof.APP if with_code else Proof.PASSKEY
    try:
        entering.refuse_who_left(account)
    except Refused as refused:
        return too, str(refused)
    guessed = f"more:{account.login}"
    if throttle.is_slowed(guessed):
        return too, _("Too many wrong codes. Wait a minute, then try again.")
    found, problem = _judged_code(request, account) if with_code else _judged(request, account)
    if problem:
        throttle.failed(guessed)
        entering.noted(request, account, entering.By(proof=too), succeeded=False)
    else:
        throttle.forget(guessed)
    return found, problem


def _judged(request: HttpRequest, account: Any) -> tuple[Proof, str]:
    try:
        found = passkeys.proven(request.POST.get("credential", ""), account=account)
    except Refused as refused:
        return Proof.PASSKEY, str(refused)
    factors.note_used(factor_id=found.pk, now=clock.now())
    return Proof.PASSKEY, ""


def _judged_code(request: HttpRequest, account: Any) -> tuple[Proof, str]:
    fits = factors.use_code(
        account_id=account.pk,
        code=request.POST["code"][:40],
        now=clock.now(),
        real_now=clock.real_now(),
        beside=credentials.told(
            account.person_id, lambda: _("A recovery code opened your log-in.")
        ),
    )
    if fits is factors.CodeFits.NO:
        return Proof.APP, _(
            "This code does not count: it is wrong, was used already, or the clock of the phone is "
            "wrong."
        )
    if fits is not factors.CodeFits.RECOVERY:
        return Proof.APP, ""
    _warn_of_paper(request, account)
    return Proof.RECOVERY_CODE, ""


def _warn_of_paper(request: HttpRequest, account: Any) -> None:
    left = asked_at_log_in(account.pk).codes_left or 0
    messages.warning(
        request,
        ngettext(
            "That was a recovery code. %d is left; make new ones on My log-in.",
            "That was a recovery code. %d are left; make new ones on My log-in.",
            left,
        )
        % left,
    )
