"""My programs: personal tokens and webhooks, made, shown once, watched, revoked."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from homeby.comms.actions import credentials, webhooks
from homeby.comms.queries import webhooks as hooks
from homeby.comms.queries.webhooks import WebhookLine
from homeby.logbook.rules import KINDS, Refused
from homeby.people import queries as people
from homeby.people.actions import tokens
from homeby.people.queries import tokens as kept
from homeby.people.queries.tokens import TokenLine
from homeby.people.rules import Right, hash_of
from homeby.web import recheck
from homeby.web.door import Door, act, page, show, tap_of
from homeby.web.office.program_forms import RIGHTS, TokenForm, WebhookForm


@page()
def programs(door: Door) -> HttpResponse:
    """The tokens and webhooks of the viewer; of everybody for an administrator."""
    return _page(door)


@require_POST
@page()
@sensitive_variables("token")
def make_token(door: Door) -> HttpResponse:
    """Make a token and show it, once: it stands in this answer and nowhere else."""
    if again := recheck.needed_at_its_strongest(door):
        return again
    form, token, tap = (
        TokenForm(door.request.POST, auto_id="token_%s"),
        tokens.new_token(),
        tap_of(door.request),
    )

    def make() -> str:
        given = form.cleaned_data
        rights = tuple(Right(one) for one in given["rights"])
        fields = tokens.TokenFields(name=given["name"], rights=rights, days=given["days"])
        key_hash = hash_of(token)
        by, now = door.viewer, door.now
        _and_told(
            door,
            lambda: tokens.make_token(fields=fields, key_hash=key_hash, by=by, now=now, tap=tap),
            lambda: _("A token was made by which a program acts as you."),
        )
        return token if kept.token_of_key(key_hash, now=door.now) else ""

    return _page(door, token_form=form, token=_made(door, form, make))


@require_POST
@page()
@sensitive_variables("secret")
def add_webhook(door: Door) -> HttpResponse:
    """Add a webhook and show the secret with which it is signed, once."""
    if again := recheck.needed_at_its_strongest(door):
        return again
    form, secret, tap = (
        WebhookForm(door.request.POST, auto_id="webhook_%s"),
        webhooks.new_secret(),
        tap_of(door.request),
    )

    def make() -> str:
        before = {one.id for one in hooks.webhooks(door.viewer)}
        given = form.cleaned_data
        fields = webhooks.WebhookFields(
            name=given["name"],
            address=given["address"],
            kinds=tuple(given["kinds"]),
            secret=secret,
        )
        by, now = door.viewer, door.now
        _and_told(
            door,
            lambda: webhooks.add_webhook(fields=fields, by=by, now=now, tap=tap),
            lambda: _("A webhook was added that is told what you may read."),
        )
        return "" if tap.entry_id in before else secret

    return _page(door, webhook_form=form, secret=_made(door, form, make))


def _and_told(door: Door, make: Callable[[], str], said: Callable[[], str]) -> None:
    assert door.viewer.person_id is not None, "the page needs a log-in"
    credentials.done(
        door.viewer.person_id, make, said, by=door.viewer, now=door.now, tap=tap_of(door.request)
    )


def _made(door: Door, form: forms.Form, make: Callable[[], str]) -> str:
    """What is shown once, "" where nothing was made; the sentences stand in the form then."""
    if not form.is_valid():
        return ""
    try:
        made = make()
    except Refused as refused:
        show(form, refused)
        return ""
    if not made:  # the page was sent twice; it stood on the first answer
        messages.error(door.request, _("It was shown once already. Revoke it and make a new one."))
    return made


@require_POST
@page()
def act_on(door: Door, item: uuid.UUID) -> HttpResponse:
    """Revoke a token, end a webhook."""
    tap = tap_of(door.request)
    match door.request.POST.get("act"):
        case "revoke":
            return act(
                door,
                lambda: tokens.revoke_token(token_id=item, by=door.viewer, now=door.now, tap=tap),
                to="programs",
            )
        case "end":
            return act(
                door,
                lambda: webhooks.end_webhook(
                    webhook_id=item, by=door.viewer, now=door.now, tap=tap
                ),
                to="programs",
            )
        case _:
            raise Http404


def _page(
    door: Door,
    *,
    token_form: TokenForm | None = None,
    webhook_form: WebhookForm | None = None,
    token: str = "",
    secret: str = "",
) -> HttpResponse:
    wrong = any(form is not None and form.errors for form in (token_form, webhook_form))
    found = hooks.webhooks(door.viewer)
    names = people.names([one.person_id for one in found], to=door.viewer)
    context = {
        "tokens": [_token(one, door) for one in kept.tokens(door.viewer, now=door.now)],
        "webhooks": [_webhook(one, names.get(one.person_id, ""), door) for one in found],
        "token_form": token_form if token_form and not token else TokenForm(),
        "webhook_form": webhook_form if webhook_form and not secret else WebhookForm(),
        "token": token,
        "secret": secret,
    }
    return render(door.request, "account/programs.html", context, status=422 if wrong else 200)


def _token(one: TokenLine, door: Door) -> dict[str, Any]:
    said = dict(RIGHTS)
    mine = one.person_id == door.viewer.person_id
    return {
        "line": one,
        "whose": "" if mine else one.person,
        "rights": ", ".join(str(said[right]) for right in one.rights),
    }


def _webhook(one: WebhookLine, person: str, door: Door) -> dict[str, Any]:
    mine = one.person_id == door.viewer.person_id
    return {
        "line": one,
        "whose": "" if mine else person,
        "kinds": ", ".join(KINDS[kind].said for kind in one.kinds if kind in KINDS),
    }
