"""Who calls: the personal token of a request, its rights, its pace, and what its body may be."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from homeby import clock, settings
from homeby.logbook import queries as logbook
from homeby.logbook.rules import Tap
from homeby.people.actions import tokens as actions
from homeby.people.queries import tokens
from homeby.people.queries.tokens import TokenLine
from homeby.people.rules import Right, Viewer, hash_of
from homeby.readiness.queries.who import viewer_for
from homeby.web.api.limits import FLOOD, Pace, buckets
from homeby.web.api.problems import Problem, no_token
from homeby.web.reads import reader_is

MOST_BYTES = 64 * 1024
MOST_TOKEN = 200


@dataclass(frozen=True, kw_only=True)
class Caller:
    """One request: whose it is, the instant it counts as, and the token it came with."""

    viewer: Viewer
    now: dt.datetime
    token_id: uuid.UUID

    def tap(self, entry_id: uuid.UUID, happened_at: dt.datetime | None) -> Tap:
        """The tap of an act. Raises Problem where the id is that of somebody else's entry: who can
        read an id must not be told again what its maker was told."""
        taken, actor_id = logbook.actor_of(entry_id)
        if taken and actor_id != self.viewer.person_id:
            sentence = _("Another entry has this id already, so nothing was recorded.")
            raise Problem(409, "ID_TAKEN", sentence, fields=[("body.entry_id", sentence)])
        return Tap(entry_id=entry_id, device=f"token:{self.token_id}", happened_at=happened_at)


def caller_of(request: HttpRequest) -> Caller:
    """The caller of a request that has passed `Token`."""
    return cast(Caller, cast(Any, request).auth)


class Token(HttpBearer):
    """Lets a request in that carries a token with this right, at this pace."""

    def __init__(self, right: Right, pace: Pace) -> None:
        super().__init__()
        self.right, self.pace = right, pace

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """The caller. Raises Problem: 401, 403, 413, 415, 429."""
        now = clock.now()
        found = _working(token, now)
        viewer = viewer_for(found.person_id, now=now)
        if viewer.person_id is None:
            raise no_token(_("Whose token this is, is no longer with us."))
        if self.right not in found.rights:
            sentence = _("This token lacks the right %s.") % self.right
            raise Problem(403, "NO_RIGHT", sentence, fields=[("token", sentence)])
        self._mind_pace(found, now)
        if request.method == "POST":
            _mind_body(request)
        if found.used_at is None or found.used_at <= now - actions.USED_EVERY:
            with suppress(
                DatabaseError
            ):  # who only reads is not stopped by a database that is full
                actions.note_used(token_id=found.id, now=now)
        reader_is(viewer, device=f"token:{found.id}", now=now)
        return Caller(viewer=viewer, now=now, token_id=found.id)

    def _mind_pace(self, found: TokenLine, now: dt.datetime) -> None:
        limited = self.pace is not Pace.NEVER_LIMITED
        size = settings.current().api_per_minute if limited else FLOOD
        wait = buckets.wait_seconds(found.id, self.pace, size=size, seconds=clock.boot_seconds())
        if not wait:
            return
        if not limited:
            _note_flooded(found, now)
            return
        sentence = _("This token asks for more than %d requests a minute.") % size
        raise Problem(429, "TOO_MANY", sentence, retry_after=math.ceil(wait))


def _note_flooded(found: TokenLine, now: dt.datetime) -> None:
    """Write a flood down once an hour; what cannot be written stands in nobody's way home."""
    if found.flooded_at is None or found.flooded_at <= now - actions.FLOODED_EVERY:
        with suppress(DatabaseError):
            actions.note_flooded(token_id=found.id, now=now)


def _working(token: str, now: dt.datetime) -> TokenLine:
    known = len(token) <= MOST_TOKEN and token.startswith(actions.TOKEN_PREFIX)
    found = tokens.token_of_key(hash_of(token), now=now) if known else None
    if found is None:
        raise no_token(_("This is no personal token of this station."))
    if not found.works and found.revoked_at is not None:
        raise no_token(_("This token was revoked."))
    if not found.works:
        raise no_token(_("This token has expired, or its person is no longer with us."))
    return found


def _mind_body(request: HttpRequest) -> None:
    """What is no JSON, or too much of it, is not read."""
    if request.content_type != "application/json":
        raise Problem(415, "WRONG_TYPE", _("The body must be JSON and say so."))
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        length = 0
    if length > MOST_BYTES or len(request.body) > MOST_BYTES:
        raise Problem(413, "TOO_LARGE", _("The body is larger than 64 kB."))
