"""When a log-in ends by itself (`people.rules_log_ins` says when), and what was being typed then.

A log-in is looked at once in five minutes at most: whoever was at work here just now is not idle.
A form that comes in a log-in which is over is kept, sealed, until its person has logged in again in
this browser; nobody else is shown it. Mostly a live part of a page is the first to ask and ends the
log-in: whose it was stays known, sealed, and the form that comes after it is kept as well, in
whatever order requests and answers pass each other. In a
demonstration no log-in ends: its clock runs fast.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth import logout as log_out
from django.contrib.sessions.backends.base import CreateError
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from homeby import clock, settings
from homeby.keys import KeyProblem
from homeby.people import private
from homeby.people import queries as people
from homeby.people.queries.log_ins import times_of
from homeby.people.rules_log_ins import WHOSE, Over, why_over
from homeby.web.accounts.how_long import ENTERED, lasts
from homeby.web.accounts.sessions import SessionStore
from homeby.web.middleware import what_was_sent

_OVER, _TYPED = "over", "typed"
#: How long what was typed is kept; whoever logs in later begins anew.
_KEPT_SECONDS = 3600
_LENGTH_MAX = 200_000
_WRONG = 400


def seen(session_key: str) -> str:
    """The name under which this process remembers that a log-in was at work just now."""
    return f"seen:{session_key}"


def ends(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """End a log-in whose time is over, before anything of it is asked."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        _find_successor(request)
        over = _over(request)
        if over is not None:
            _end(request, *over)
        elif not _has_ended(request):
            response = get_response(request)
            _drop_when_done(request, response)
            return response
        kept = what_was_sent(request=request)
        response = get_response(request)
        if kept is not None and _asks_to_log_in(response):
            _keep(request, kept)
        return response

    return middleware


def _end(request: HttpRequest, why: Over, account_id: str) -> None:
    key = str(request.session.session_key)
    log_out(request)
    values = {_OVER: str(why)}
    with suppress(KeyProblem):  # then nothing is kept, and the way to log-in stands open
        values[WHOSE] = private.seal_log_in_secret(account_id)
    with suppress(CreateError):  # another part of the page was sooner: what it has stands
        SessionStore().begin_as(_successor(key), values, seconds=_KEPT_SECONDS)
    request.session = SessionStore(_successor(key))


def _successor(session_key: str) -> str:
    """The key of the session of nobody that follows on a log-in that ended by itself. It is the
    same for every request that still carries the old key: the parts of a page ask side by side,
    their answers come in any order, and none of them may take away what another has kept."""
    return salted_hmac(__name__, session_key, algorithm="sha256").hexdigest()[:32]


def _find_successor(request: HttpRequest) -> None:
    """Go on in the session that followed on the one that this request names and that is gone."""
    key = request.COOKIES.get(django_settings.SESSION_COOKIE_NAME)
    if not key or SESSION_KEY in request.session or request.session.session_key is not None:
        return
    found = SessionStore(_successor(key))
    if WHOSE in found or _OVER in found:
        request.session = found


def _has_ended(request: HttpRequest) -> bool:
    """Whether nobody is logged in here since a log-in ended by itself."""
    if request.method != "POST" or django_settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return WHOSE in request.session and SESSION_KEY not in request.session


def _over(request: HttpRequest) -> tuple[Over, str] | None:
    """Why the log-in that asks is over, and whose it was; None while it goes on."""
    if django_settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    session, now = request.session, clock.now()
    if SESSION_KEY not in session or settings.current().demonstration:
        return None
    key = session.session_key
    if key is None or cache.get(seen(key)) or not request.user.is_authenticated:
        return None
    listed = times_of(key)
    began_at, seen_at = listed or (now, now)
    noted = session.get(ENTERED)
    entered_at = dt.datetime.fromisoformat(noted) if noted else began_at
    viewer = people.viewer_for(request.user.person_id, now=now)
    why = why_over(
        entered_at=entered_at,
        seen_at=seen_at,
        now=now,
        lasts=lasts(viewer),
        zone=people.zone(),
    )
    return None if why is None else (why, str(request.user.pk))


def _asks_to_log_in(response: HttpResponseBase) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith(
        django_settings.LOGIN_URL + "?"
    )


def _keep(request: HttpRequest, kept: dict[str, Any]) -> None:
    with suppress(KeyProblem, private.Shredded):
        account_id = private.open_log_in_secret(request.session.get(WHOSE, ""))
        at = clock.real_now().isoformat()
        text = json.dumps({"account": account_id, "at": at, "sent": kept})
        if len(text) <= _LENGTH_MAX:
            request.session[_TYPED] = private.seal_log_in_secret(text)
            request.session.set_expiry(_KEPT_SECONDS)


def _drop_when_done(request: HttpRequest, response: HttpResponseBase) -> None:
    """What was typed goes from here once it was sent again and taken, or its hour is over."""
    if django_settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return
    if _TYPED not in request.session or SESSION_KEY not in request.session:
        return
    kept = typed_of(request, request.user)
    is_again = kept is not None and request.get_full_path() == kept["address"]
    if kept is None or (is_again and request.method == "POST" and response.status_code < _WRONG):
        request.session.pop(_TYPED, None)


def said_over(request: HttpRequest) -> str:
    """On the log-in page: that a log-in has ended by itself, and that nothing is lost by it."""
    match request.session.get(_OVER):
        case Over.IDLE:
            why = _("Nobody had used this log-in for a long time, so it ended.")
        case Over.DAYS:
            why = _("The days of this log-in were over, so it ended.")
        case _:
            return ""
    kept = request.session.get(_TYPED)
    back = (
        _("What you sent is kept: log in, and send it with one tap.")
        if kept
        else _("Log in, and you go on where you were.")
    )
    return f"{why} {back}"


def has_typed(request: HttpRequest, account: Any) -> bool:
    """Whether a form of this account is kept here; that of anybody else goes for good."""
    for ended in (_OVER, WHOSE):
        request.session.pop(ended, None)
    if typed_of(request, account) is None:
        request.session.pop(_TYPED, None)
        return False
    return True


def typed_of(request: HttpRequest, account: Any) -> dict[str, Any] | None:
    """What was typed when the last log-in ended: address, fields, has_file. It stays for an hour,
    or until it was sent: whoever reloads the page before sees it again."""
    sealed = request.session.get(_TYPED)
    if not sealed:
        return None
    try:
        found = json.loads(private.open_log_in_secret(sealed))
    except private.Shredded:
        return None
    age = clock.real_now() - dt.datetime.fromisoformat(found["at"])
    is_hers = found["account"] == str(account.pk)
    if not is_hers or age > dt.timedelta(seconds=_KEPT_SECONDS):
        return None
    sent: dict[str, Any] = found["sent"]
    return sent
