"""Personal tokens: whose a key is, and the list on the own page."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from homeby.people.models import PersonalToken
from homeby.people.queries import VISIBLE
from homeby.people.rules import Right, Viewer


@dataclass(frozen=True, kw_only=True)
class TokenLine:
    """A token as lists show it: never the token, nor its hash. `works` until it is revoked, has
    expired, or its person has left."""

    id: uuid.UUID
    person_id: uuid.UUID
    person: str
    name: str
    rights: tuple[Right, ...]
    made_at: dt.datetime
    expires_at: dt.datetime
    used_at: dt.datetime | None
    revoked_at: dt.datetime | None
    flooded_at: dt.datetime | None
    works: bool


def token_of_key(key_hash: str, *, now: dt.datetime) -> TokenLine | None:
    """The token with this hash, whether it works or not. Asked at every request and kept nowhere:
    a revoked token stops working with the commit that revoked it. One query."""
    row = PersonalToken.objects.filter(key_hash=key_hash).select_related("person").first()
    return _line(row, now) if row else None


def tokens(viewer: Viewer | None, *, now: dt.datetime) -> list[TokenLine]:
    """The tokens that the viewer may see, those that work first, the newest first among them; an
    administrator sees everybody's. One query."""
    rows = VISIBLE[PersonalToken](viewer).select_related("person").order_by("-made_at", "pk")
    return sorted((_line(row, now) for row in rows), key=lambda one: not one.works)


def _line(row: PersonalToken, now: dt.datetime) -> TokenLine:
    return TokenLine(
        id=row.pk,
        person_id=row.person_id,
        person=row.person.shown_as,
        name=row.name,
        rights=tuple(right for right in Right if right in row.rights),
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        flooded_at=row.flooded_at,
        works=row.revoked_at is None and row.expires_at > now and row.person.is_active,
    )
