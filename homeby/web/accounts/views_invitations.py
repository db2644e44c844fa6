"""Invitations: made by the office, opened by whom they are for."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from homeby import settings
from homeby.comms.actions import credentials
from homeby.logbook.rules import Refused
from homeby.people import queries as people
from homeby.people.actions import invitations, log_ins
from homeby.people.actions.factors import NewPasskey
from homeby.people.queries.invitations import Invited, invited_by, open_invitations
from homeby.people.rules import PersonKind, Role, hash_of
from homeby.people.rules_log_ins import Proof
from homeby.web import qr, recheck
from homeby.web.accounts import adapters, browsers, entering, passkeys
from homeby.web.accounts.forms import InvitedForm
from homeby.web.accounts.lost_passwords import refuse_lost
from homeby.web.accounts.provider import from_invitation
from homeby.web.accounts.way_out import with_way_out
from homeby.web.door import Door, at_door, page, show, tap_of


@page(Role.ADMINISTRATOR)
@sensitive_variables("link")
def office(door: Door, person_id: uuid.UUID) -> HttpResponse:
    """The log-in of somebody: invite her, let her begin anew, end what is open."""
    person = people.person(door.viewer, person_id)
    if person is None or person.kind != PersonKind.HUMAN:
        raise Http404
    if again := recheck.needed_for_others(door):
        return again
    link = _done(door, person_id) if door.request.method == "POST" else ""
    account = people.account_of(door.viewer, person_id)
    context = {
        "person": {"id": person_id, "callsign": person.shown_as},
        "login": account.login if account else "",
        "link": link,
        "square": qr.square(link) if link else "",
        "invitations": open_invitations(door.viewer, person_id, now=door.now),
    }
    return render(door.request, "office/log_in.html", context)


def _done(door: Door, person_id: uuid.UUID) -> str:
    """Do what a button of that page says; a new link is what it gives, to be shown once."""
    try:
        match door.request.POST.get("act"):
            case "invite":
                return _invited(door, person_id)
            case "revoke":
                _revoked(door)
            case "end":
                _ended(door, person_id)
            case _:
                raise Http404
    except Refused as refused:
        messages.error(door.request, str(refused))
    return ""


def _invited(door: Door, person_id: uuid.UUID) -> str:
    secret = secrets.token_urlsafe(32)
    said = invitations.make_invitation(
        person_id=person_id,
        secret_hash=hash_of(secret),
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
        beside=credentials.told(
            person_id,
            lambda: _("An administrator made a link by which your log-in can be begun anew."),
        ),
    )
    found = invited_by(secret, now=door.now)
    if found is None:  # the page was sent twice; the link stood on the first answer
        raise Refused(_("It was shown once already. Revoke it and make a new one."))
    messages.success(door.request, said)
    return f"{settings.current().public_url}/invitation/{secret}/"


def _revoked(door: Door) -> None:
    try:
        wanted = uuid.UUID(door.request.POST.get("invitation", ""))
    except ValueError:
        raise Refused(_("There is no such invitation.")) from None
    said = invitations.revoke_invitation(
        invitation_id=wanted,
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )
    messages.success(door.request, said)


def _ended(door: Door, person_id: uuid.UUID) -> None:
    account = people.account_of(door.viewer, person_id)
    if account is None:
        raise Refused(_("This person has no account yet."))
    said = log_ins.end_log_ins(
        account_id=account.pk,
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
        beside=credentials.told(person_id, lambda: _("An administrator ended all your log-ins.")),
    )
    messages.success(door.request, said)


@sensitive_post_parameters("password")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """A link to open one's own log-in: looking at it uses nothing up, choosing does."""
    found = invited_by(secret, now=at_door(request).now)
    if found is None or not found.is_good:
        over = {"used": bool(found and found.was_used)}
        return render(request, "account/invitation_over.html", over, status=404)
    form = InvitedForm(request.POST or None, is_first=found.is_first)
    by_provider = request.POST.get("without") == "provider"
    if form.is_valid() and by_provider:
        return from_invitation(request, secret, form.cleaned_data.get("login", ""))
    if form.is_valid() and (account := _opened(request, secret, form)):
        return entering.enter(request, account, "account", by=_by(request))
    context = {
        "form": form,
        "invited": found,
        "secret": secret,
        "works": adapters.works_here(request),
        "provider": settings.current().oidc_label,
    }
    status = 422 if form.errors else 200
    return with_way_out(render(request, "account/invitation.html", context, status=status))


def _by(request: HttpRequest) -> entering.By:
    """What lets her in: the link, and what she has just chosen, which she has proved by that."""
    chosen = Proof.PASSWORD if "without" in request.POST else Proof.PASSKEY
    return entering.By(proof=Proof.INVITATION, too=chosen)


def _opened(request: HttpRequest, secret: str, form: InvitedForm) -> Any:
    """The account that was opened; None where what was chosen cannot be used."""
    door, given = at_door(request), form.cleaned_data
    invited = invited_by(secret, now=door.now)
    assert invited is not None, "looked at before"
    told = credentials.told(
        invited.account.person_id, lambda: _("Your log-in was opened by a link of the office.")
    )
    try:
        return invitations.use_invitation(
            secret_hash=hash_of(secret), chosen=_chosen(request, given), now=door.now,
            tap=tap_of(request), beside=told,
        )  # fmt: skip
    except Refused as refused:
        show(form, refused)
        return None


def _chosen(request: HttpRequest, given: dict[str, Any]) -> invitations.Chosen:
    login = given.get("login", "")
    if "without" not in request.POST:
        name = browsers.said(request.headers.get("User-Agent", ""))
        passkey = NewPasskey(name=name, credential=passkeys.made(given["credential"]))
        return invitations.Chosen(login=login, passkey=passkey)
    if not given["password"]:
        raise Refused(password=_("Choose a password, or make a passkey."))
    refuse_lost(request, given["password"])
    return invitations.Chosen(login=login, password=given["password"])


@require_POST
def options(request: HttpRequest, secret: str) -> HttpResponse:
    """What the browser is asked for: a passkey of whoever was invited."""
    found = invited_by(secret, now=at_door(request).now)
    if found is None or not found.is_good:
        sentence = _("This link has lapsed or was revoked. Ask for a new one.")
        return JsonResponse({"sentence": sentence}, status=403)
    request.session.set_expiry(entering.HALFWAY_SECONDS)
    return JsonResponse(passkeys.asked_to_make(_holder(request, found), anew=True))


def _holder(request: HttpRequest, found: Invited) -> Any:
    """Whose passkey it will be: a browser shows it under the log-in name that was typed."""
    if found.is_first:
        found.account.login = request.POST.get("login", "").strip().lower()[:150] or found.name
    return found.account
