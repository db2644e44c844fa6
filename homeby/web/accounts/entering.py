"""Letting somebody in, whatever she proved herself with: one door, one fresh session."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, update_session_auth_hash
from django.contrib.auth import login as log_in
from django.core.cache import cache
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeby import clock
from homeby.logbook.rules import Refused
from homeby.output import Word
from homeby.people import queries as people
from homeby.people.actions import log_ins
from homeby.people.rules_log_ins import Proof
from homeby.web import recheck
from homeby.web.accounts import lasting
from homeby.web.office.views_language import entered

BACKEND = "homeby.web.accounts.sessions.Known"
#: A log-in says at most so often that it is at work: a page is no reason to write.
SEEN_EVERY_SECONDS = 300
#: How long a session of somebody who is only half in is kept (ASVS 5.0, 6.5.5).
HALFWAY_SECONDS = 600
logger = logging.getLogger(__name__)


def refuse_who_left(account: Any) -> None:
    """Only people who are still with the organisation come in. Raises Refused."""
    if not account.is_active or is_gone(account):
        raise Refused(_("This account is not in use any more. Ask an administrator."))


def is_gone(account: Any) -> bool:
    """Whether the person of this account is no longer with the organisation."""
    return people.viewer_for(account.person_id, now=clock.now()).person_id is None


def enter(request: HttpRequest, account: Any, to: str, *, by: By) -> HttpResponse:
    """Log somebody in, who has just proved herself, and go to a page in her own language: to what
    she had typed when her last log-in ended, if that was here."""
    log_in(request, account, backend=BACKEND)
    request.session.set_expiry(None)  # no longer that of somebody who is half in
    recheck.prove(request, by.proof, *([by.too] if by.too else []))
    wrong = noted(request, account, by)
    if wrong:
        messages.warning(request, _wrong_tries(wrong))
    if lasting.has_typed(request, account):
        to = "typed"
    viewer = people.viewer_for(account.person_id, now=clock.now())
    found = people.person(viewer, account.person_id) if viewer.person_id else None
    return entered(request, redirect(to), code=found.language if found else "")


@dataclass(frozen=True, kw_only=True)
class By:
    """With what she proved herself, and with what else, where one thing was not enough."""

    proof: Proof
    too: Proof | None = None


def noted(request: HttpRequest, account: Any, by: By, *, succeeded: bool = True) -> int:
    """Keep the list of log-ins that were tried; gives how many wrong ones there were since the last
    good one. A list that cannot be written keeps nobody out."""
    came = log_ins.Came(
        person_id=account.person_id,
        proof=by.proof,
        proof_too=by.too,
        browser=request.headers.get("User-Agent", ""),
        succeeded=succeeded,
    )
    if succeeded:
        kind = f"{by.proof}+{by.too}" if by.too else str(by.proof)
        logger.info("logged in: %(proof)s", {"proof": Word(kind)})
    try:
        return log_ins.note_try(came, now=clock.now())
    except Error:
        logger.warning("a log-in could not be listed", exc_info=True)
        return 0


def _wrong_tries(wrong: int) -> str:
    said: str = ngettext(
        "Since the last log-in somebody was turned away %d time. See My log-in.",
        "Since the last log-in somebody was turned away %d times. See My log-in.",
        wrong,
    )
    return said % wrong


def stay(request: HttpRequest, account: Any) -> None:
    """After a change that ends all log-ins of an account: this browser goes on, in a session with
    a new key."""
    account.refresh_from_db()
    update_session_auth_hash(request, account)


def note_seen(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Keep the list of log-ins: each request in a session says that it is at work."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.session.accessed and SESSION_KEY in request.session:
            _note(request)
        return response

    return middleware


def _note(request: HttpRequest) -> None:
    key = request.session.session_key
    account_id = request.user.pk
    if (
        key is None
        or account_id is None
        or not cache.add(lasting.seen(key), True, SEEN_EVERY_SECONDS)
    ):
        return
    seen = log_ins.Seen(
        account_id=account_id,
        session_key=key,
        browser=request.headers.get("User-Agent", ""),
    )
    try:
        log_ins.note_seen(seen, now=clock.now())
    except Error:  # a list that is a little old is no reason to refuse a page
        logger.warning("a log-in could not be noted", exc_info=True)
        cache.delete(lasting.seen(key))
