"""Invitations: those that an administrator made, and the one whose secret somebody holds."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from homeby.people.models import Account, Invitation
from homeby.people.queries import VISIBLE
from homeby.people.rules import Viewer, hash_of


@dataclass(frozen=True, kw_only=True)
class InvitationLine:
    """An invitation that still opens something."""

    id: uuid.UUID
    made_at: dt.datetime
    expires_at: dt.datetime
    replaces: bool


def open_invitations(
    viewer: Viewer | None, person_id: uuid.UUID, *, now: dt.datetime
) -> list[InvitationLine]:
    """The invitations of a person that still open something, the newest first."""
    rows = VISIBLE[Invitation](viewer).filter(person_id=person_id, expires_at__gt=now)
    return [
        InvitationLine(
            id=row.pk, made_at=row.made_at, expires_at=row.expires_at, replaces=row.replaces
        )
        for row in rows.filter(used_at=None, revoked_at=None).order_by("-made_at")
    ]


@dataclass(frozen=True, kw_only=True)
class Invited:
    """Whom a secret invites: her name, and her account where it exists. `is_good` while the
    secret opens something; `was_used` once it did."""

    account: Account
    name: str
    is_first: bool
    is_good: bool
    was_used: bool


def invited_by(secret: str, *, now: dt.datetime) -> Invited | None:
    """What the secret of an invitation opens; None for one that was never given out."""
    row = Invitation.objects.select_related("person").filter(secret_hash=hash_of(secret)).first()
    if row is None:
        return None
    account = Account.objects.filter(person_id=row.person_id).first()
    is_over = row.used_at is not None or row.revoked_at is not None or row.expires_at <= now
    return Invited(
        account=account or Account(id=row.pk, person_id=row.person_id),
        name=row.person.shown_as,
        is_first=account is None,
        is_good=not is_over and row.person.is_active,
        was_used=row.used_at is not None,
    )
