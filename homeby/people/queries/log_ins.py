"""Where somebody is logged in, and who tried. Each sees her own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from homeby.people.models import Account, LogInTry
from homeby.people.queries import VISIBLE
from homeby.people.rules import Viewer
from homeby.people.rules_log_ins import Proof

LINES_MAX = 50


@dataclass(frozen=True, kw_only=True)
class LogInLine:
    """One log-in: in which browser (as it calls itself), since when, when it was last at work."""

    id: int
    browser: str
    since_at: dt.datetime
    seen_at: dt.datetime
    is_this: bool


def log_ins_of(viewer: Viewer | None, account: Account, *, this: str | None) -> list[LogInLine]:
    """The log-ins of one's own account that are still good, the last seen first; `this` is the
    session that asks."""
    if viewer is None or viewer.person_id is None or viewer.person_id != account.person_id:
        return []
    rows = UserSession.objects.filter(user=account).order_by("-last_seen_at", "-pk")[:LINES_MAX]
    return [
        LogInLine(
            id=row.pk,
            browser=row.user_agent,
            since_at=row.created_at,
            seen_at=row.last_seen_at,
            is_this=row.session_key == this,
        )
        for row in rows
        if _is_good(row.session_key, account)
    ]


@dataclass(frozen=True, kw_only=True)
class TryLine:
    """Somebody at one's own log-in: when, with what, in which browser, how often, and whether she
    got in."""

    at: dt.datetime
    proof: Proof
    proof_too: Proof | None
    browser: str
    succeeded: bool
    times: int


def last_tries(viewer: Viewer | None, *, limit: int) -> list[TryLine]:
    """The last tries at one's own log-in, newest first. One query."""
    return [
        TryLine(
            at=row.at,
            proof=Proof(row.proof),
            proof_too=Proof(row.proof_too) if row.proof_too else None,
            browser=row.browser,
            succeeded=row.succeeded,
            times=row.times,
        )
        for row in VISIBLE[LogInTry](viewer).order_by("-at", "-pk")[:limit]
    ]


def tries_before(instant: dt.datetime) -> int:
    """How many tries are older. One query."""
    return LogInTry.objects.filter(at__lt=instant).count()


def times_of(session_key: str) -> tuple[dt.datetime, dt.datetime] | None:
    """Since when the session that asks is listed, and when it was last at work; None where no list
    knows it. One query."""
    found = UserSession.objects.filter(session_key=session_key)
    times: tuple[dt.datetime, dt.datetime] | None = found.values_list(
        "created_at", "last_seen_at"
    ).first()
    return times


def _is_good(session_key: str, account: Account) -> bool:
    return bool(SessionStore(session_key).get(HASH_SESSION_KEY) == account.get_session_auth_hash())
