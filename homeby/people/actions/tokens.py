"""Personal tokens: made by their person, shown once, kept as a hash, revoked at once.

Whoever makes the key keeps it: it goes to the person and into no row and no entry. This room is
given its hash.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import rules
from homeby.people.models import Person, PersonalToken
from homeby.people.rules import Right, Role, Viewer

#: So that a token which somebody finds in a note or a repository says what it is.
TOKEN_PREFIX = "homeby-token-"  # noqa: S105 - no secret, but what stands before one
NAME_MAX = 100
TOKENS_MAX = 20
DAYS_MAX = 366
USED_EVERY = dt.timedelta(minutes=1)
FLOODED_EVERY = dt.timedelta(hours=1)


def new_token() -> str:
    """A fresh token: 256 random bits behind a prefix."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


@dataclass(frozen=True, kw_only=True)
class TokenFields:
    """A token to make: what it is for, what it may do, for how many days."""

    name: str
    rights: tuple[Right, ...]
    days: int


@logbook.once
def make_token(
    *, fields: TokenFields, key_hash: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Let a program in as this person, by the token of which this is the hash (`hash_of`). The
    token's id is the tap's. Raises Refused; nobody makes a token for somebody else."""
    if by.person_id is None:
        raise Refused(_("Log in first."))
    _check(fields)
    answer = _("The token works from now on.")
    with logbook.writing(now=now, by=by.person_id) as book:
        # Locked, so that two tokens made at once cannot pass the limit together.
        Person.objects.select_for_update().get(pk=by.person_id)
        working = PersonalToken.objects.filter(
            person_id=by.person_id, revoked_at=None, expires_at__gt=now
        )
        if working.count() >= TOKENS_MAX:
            raise Refused(
                _("You have %d tokens already. Revoke those that are no longer used.") % TOKENS_MAX
            )
        page = book.entry(
            rules.TOKEN_MADE,
            subject=f"token:{tap.entry_id}",
            person=by.person_id,
            facts={"rights": fields.rights, "days": fields.days},
            tap=tap,
            answer=answer,
        )
        page.add(
            PersonalToken(
                id=tap.entry_id,
                person_id=by.person_id,
                name=fields.name.strip(),
                rights=[str(right) for right in Right if right in fields.rights],
                key_hash=key_hash,
                made_at=now,
                expires_at=now + dt.timedelta(days=fields.days),
            )
        )
    return answer


def _check(fields: TokenFields) -> None:
    name = fields.name.strip()
    if not name or len(name) > NAME_MAX:
        raise Refused(name=_("Say what the token is for, in at most %d characters.") % NAME_MAX)
    if not fields.rights:
        raise Refused(rights=_("Tick what it may do; without anything it is of no use."))
    if not 1 <= fields.days <= DAYS_MAX:
        raise Refused(days=_("A token lasts from 1 to %d days.") % DAYS_MAX)


@logbook.once
def revoke_token(*, token_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """From this commit on the token opens nothing. Everybody revokes their own; an administrator
    anybody's. Raises Refused."""
    with logbook.writing(now=now, by=by.person_id) as book:
        row = PersonalToken.objects.select_for_update().filter(pk=token_id).first()
        may = row is not None and (row.person_id == by.person_id or by.has(Role.ADMINISTRATOR))
        if row is None or not may or by.person_id is None:
            raise Refused(_("There is no such token, or it is not yours."))
        answer = _("Revoked: %s opens nothing any more.") % row.name
        page = book.entry(
            rules.TOKEN_REVOKED,
            subject=f"token:{token_id}",
            person=row.person_id,
            tap=tap,
            answer=answer,
        )
        if row.revoked_at is None:
            page.change(row, revoked_at=now, revoked_by_id=by.person_id)
    return answer


def note_used(*, token_id: uuid.UUID, now: dt.datetime) -> None:
    """Note that a token is used, once a minute at most: one statement, no lock held."""
    stale = Q(used_at__isnull=True) | Q(used_at__lte=now - USED_EVERY)
    PersonalToken.objects.filter(stale, pk=token_id).update(used_at=now)


def note_flooded(*, token_id: uuid.UUID, now: dt.datetime) -> None:
    """Write down that a token sends very many acts that are never limited, once an hour at most,
    so that its person and the administrators see it and can revoke it."""
    with logbook.writing(now=now, by=None, device="web") as book:
        row = PersonalToken.objects.select_for_update().get(pk=token_id)
        if row.flooded_at is not None and row.flooded_at > now - FLOODED_EVERY:
            return
        page = book.entry(rules.TOKEN_FLOODED, subject=f"token:{token_id}", person=row.person_id)
        page.change(row, flooded_at=now)
