"""Kin as the office and their own person see them. Names and addresses stay sealed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from homeby.logbook.reading import ReadKind, opened
from homeby.people.models import Kin, PersonKey
from homeby.people.queries import reach_of, visible_kin
from homeby.people.rules import MayKnow, Reach, Viewer, hash_of


@dataclass(frozen=True, kw_only=True)
class KinFacts:
    """Somebody a person named; name and address are sealed. The office sees number and measure."""

    id: uuid.UUID
    person_id: uuid.UUID
    may_know: MayKnow
    language: str
    reach: Reach
    looks_in: bool
    sealed: bytes
    link_sealed: bytes | None = None
    link_at: dt.datetime | None = None
    is_kept_from: bool = False  # somebody the person is kept away from: hers alone to read


def kin_named(viewer: Viewer | None, person_id: uuid.UUID) -> list[KinFacts]:
    """Whom a person named to be told, in her order. One query."""
    opened(ReadKind.KIN, what=f"person:{person_id}", whose=person_id)
    rows = visible_kin(viewer).filter(person_id=person_id).order_by("rank", "pk")
    return [
        KinFacts(
            id=row.pk,
            person_id=row.person_id,
            may_know=MayKnow(row.may_know),
            language=row.language,
            reach=reach_of(row),
            looks_in=row.looks_in,
            sealed=bytes(row.sealed),
            link_sealed=None if row.link_sealed is None else bytes(row.link_sealed),
            link_at=row.link_at,
            is_kept_from=row.kept_from_at is not None,
        )
        for row in rows
    ]


def waited_for(viewer: Viewer | None, person_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Of these people, those who named somebody who waits for them: that alone, for whoever keeps
    the watch. One query."""
    if viewer is None or not viewer.keeps_watch:
        return set()
    rows = Kin.objects.filter(person_id__in=list(person_ids))
    return set(rows.values_list("person_id", flat=True))


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One of the kin as their page knows them: no name, no address; whose kin, and what measure
    was agreed."""

    kin_id: uuid.UUID
    person_id: uuid.UUID
    may_know: MayKnow
    language: str


def kin_by_link(secret: str) -> Waiting | None:
    """Whose page a secret link opens. The secret itself is the permission; removed kin, those who
    may be told nothing, those who are kept away, those of somebody whose key was destroyed, and a
    link that was renewed or withdrawn, are not found. Two queries."""
    told = Kin.objects.exclude(may_know=MayKnow.NOTHING).filter(kept_from_at__isnull=True)
    row = told.filter(link_hash=hash_of(secret)).first()
    if row is None:
        return None
    if not PersonKey.objects.filter(person_id=row.person_id, wrapped__isnull=False).exists():
        return None
    return Waiting(
        kin_id=row.pk,
        person_id=row.person_id,
        may_know=MayKnow(row.may_know),
        language=row.language,
    )


def kin_hear_something() -> bool:
    """Whether anybody named kin who are written to, or have a page. One query; tells of nobody."""
    return Kin.objects.exclude(may_know=MayKnow.NOTHING).exists()
