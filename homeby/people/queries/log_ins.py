"""Where somebody is logged in. Each sees her own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from homeby.people.models import Account
from homeby.people.rules import Viewer

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


def _is_good(session_key: str, account: Account) -> bool:
    return bool(SessionStore(session_key).get(HASH_SESSION_KEY) == account.get_session_auth_hash())
