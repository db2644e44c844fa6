"""Logging in by the provider of the organisation (OpenID Connect, with PKCE).

allauth speaks with it; here is judged what its answer means. Somebody is known by issuer and
subject alone, which she linked herself: while she was logged in, or by an invitation. Whatever else
a provider claims of her, an e-mail above all, opens nothing.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from homeby import settings
from homeby.comms.actions import credentials
from homeby.logbook.rules import Refused, new_tap
from homeby.people.actions import invitations, providers
from homeby.people.queries.factors import account_of_subject
from homeby.people.rules import hash_of
from homeby.people.rules_log_ins import Proof
from homeby.web import recheck
from homeby.web.accounts import entering, more
from homeby.web.accounts.adapters import PROVIDER_ID
from homeby.web.accounts.signed import Signed
from homeby.web.accounts.views_own import beside, change_own, changed, own_account
from homeby.web.door import Door, at_door, page
from homeby.web.office.views_language import ours

logger = logging.getLogger(__name__)


def _leave(request: HttpRequest, **why: str) -> HttpResponse:
    """On to the provider; `why` comes back with its answer, kept here in the session."""
    if not settings.current().oidc_issuer:
        raise Http404
    if not request.user.is_authenticated:
        request.session.set_expiry(entering.HALFWAY_SECONDS)
    try:
        known = get_adapter().get_provider(request, PROVIDER_ID)
        response: HttpResponse = known.redirect(request, process="login", data=why)
    except (RequestException, OSError, ValueError, KeyError) as trouble:
        return refused(request, trouble)
    return response


@require_POST
def log_in(request: HttpRequest) -> HttpResponse:
    """From the log-in page to the provider."""
    return _leave(request, act="log-in", to=ours(request.POST.get("next", "")))


@require_POST
@page()
def link(door: Door) -> HttpResponse:
    """From my log-in to the provider, to link them."""
    if again := recheck.needed_at_its_strongest(door):
        return again
    return _leave(door.request, act="link", account=str(own_account(door).pk))


@require_POST
@page()
def unlink(door: Door) -> HttpResponse:
    """Have the provider open my log-in no more."""
    return change_own(
        door, providers.unlink, lambda: _("The provider was unlinked from your log-in.")
    )


def from_invitation(request: HttpRequest, secret: str, login: str) -> HttpResponse:
    """From an invitation to the provider; what comes back opens the log-in."""
    return _leave(request, act="invitation", hash=hash_of(secret), login=login)


@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """The provider's answer."""
    if provider_id != PROVIDER_ID or not settings.current().oidc_issuer:
        raise Http404
    try:
        view = OAuth2CallbackView.adapter_view(Signed(request, provider_id))
        response: HttpResponseBase = view(request)
    except (RequestException, OSError, ValueError, KeyError) as trouble:
        return refused(request, trouble)
    return response


def refused(request: HttpRequest, why: Exception | None) -> HttpResponse:
    """The provider let nobody in, or said what no provider says."""
    logger.warning("the provider let nobody in: %s", type(why).__name__)
    messages.error(
        request,
        _("The provider did not let you in. Try once more, or log in another way."),
    )
    return redirect("login")


def judged(request: HttpRequest, found: Any) -> HttpResponse:
    """What follows from whom the provider has let in."""
    said, why = found.account.extra_data.get("id_token", {}), found.state.get("data") or {}
    subject = providers.Subject(issuer=str(said.get("iss", "")), name=str(said.get("sub", "")))
    if subject.issuer.rstrip("/") != settings.current().oidc_issuer.rstrip("/"):
        return refused(request, None)
    try:
        match why.get("act"):
            case "link":
                return _linked(request, subject, why["account"])
            case "invitation":
                return _invited(request, subject, why)
            case _:
                return _entered(request, subject, why.get("to", "/"))
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("own-log-in" if request.user.is_authenticated else "login")


def _entered(request: HttpRequest, subject: providers.Subject, to: str) -> HttpResponse:
    account = account_of_subject(subject.issuer, subject.name)
    if account is None:
        raise Refused(
            _(
                "The provider knows you, but no log-in here is linked to it. Log in another way "
                "and link it on My log-in, or ask an administrator for a link."
            )
        )
    entering.refuse_who_left(account)
    return more.ask_or_enter(request, account, to, by=Proof.PROVIDER)


def _linked(request: HttpRequest, subject: providers.Subject, account_id: str) -> HttpResponse:
    door = at_door(request)
    if door.viewer.person_id is None or str(request.user.pk) != account_id:
        raise Refused(_("Log in first."))
    if recheck.lacking(door):
        raise Refused(_("Too much time has passed. Prove once more who you are, then link it."))
    account = own_account(door)
    changed(
        door,
        account,
        lambda: providers.link(
            account_id=account.pk,
            subject=subject,
            by=door.viewer,
            now=door.now,
            tap=new_tap("web"),
            beside=beside(door, lambda: _("A provider was linked to your log-in.")),
        ),
    )
    return redirect("own-log-in")


def _invited(request: HttpRequest, subject: providers.Subject, why: dict[str, str]) -> HttpResponse:
    def tell(page: Any) -> None:
        said = credentials.told(
            page.entry.person_id, lambda: _("Your log-in was opened by a link of the office.")
        )
        said(page)

    account = invitations.use_invitation(
        secret_hash=why["hash"],
        chosen=invitations.Chosen(login=why["login"], subject=subject),
        now=at_door(request).now,
        tap=new_tap("web"),
        beside=tell,
    )
    by = entering.By(proof=Proof.INVITATION, too=Proof.PROVIDER)
    return entering.enter(request, account, "account", by=by)
