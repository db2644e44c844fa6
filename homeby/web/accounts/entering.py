"""Letting somebody in, whatever she proved herself with: one door, one fresh session."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY, update_session_auth_hash
from django.contrib.auth import login as log_in
from django.core.cache import cache
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from homeby import clock
from homeby.logbook.rules import Refused
from homeby.people import queries as people
from homeby.people.actions import log_ins
from homeby.web import recheck
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


def enter(request: HttpRequest, account: Any, to: str) -> HttpResponse:
    """Log somebody in, who has just proved herself, and go to a page in her own language."""
    log_in(request, account, backend=BACKEND)
    request.session.set_expiry(None)  # no longer that of somebody who is half in
    recheck.prove(request)
    viewer = people.viewer_for(account.person_id, now=clock.now())
    found = people.person(viewer, account.person_id) if viewer.person_id else None
    return entered(request, redirect(to), code=found.language if found else "")


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
    if key is None or account_id is None or not cache.add(f"seen:{key}", True, SEEN_EVERY_SECONDS):
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
        cache.delete(f"seen:{key}")
