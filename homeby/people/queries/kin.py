"""Kin as the office and their own person see them. Names and addresses stay sealed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from homeby.people.queries import reach_of, visible_kin
from homeby.people.rules import MayKnow, Reach, Viewer


@dataclass(frozen=True, kw_only=True)
class KinFacts:
    """Somebody a person named; name and address are sealed. The office sees number and measure."""

    id: uuid.UUID
    person_id: uuid.UUID
    may_know: MayKnow
    language: str
    reach: Reach
    sealed: bytes


def kin_named(viewer: Viewer | None, person_id: uuid.UUID) -> list[KinFacts]:
    """Whom a person named to be told, in her order. One query."""
    rows = visible_kin(viewer).filter(person_id=person_id).order_by("rank", "pk")
    return [
        KinFacts(
            id=row.pk,
            person_id=row.person_id,
            may_know=MayKnow(row.may_know),
            language=row.language,
            reach=reach_of(row),
            sealed=bytes(row.sealed),
        )
        for row in rows
    ]
