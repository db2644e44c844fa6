"""People as programs read them, page by page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from homeby.logbook.reading import ReadKind, opened
from homeby.people.models import Person
from homeby.people.queries import visible_people
from homeby.people.rules import PersonKind, Role, Viewer


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """A person or a unit; `name` is "" for whoever reads callsigns only, as on the pages."""

    id: uuid.UUID
    callsign: str
    name: str
    is_unit: bool
    is_active: bool


def people_after(
    viewer: Viewer | None, *, after: uuid.UUID | None, limit: int
) -> list[PersonFacts]:
    """The people whom the viewer may see, behind this id, in the order of their ids, by callsign:
    a list names nobody. One query."""
    opened(ReadKind.PEOPLE, what="people")
    rows = visible_people(viewer).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return [_facts(row) for row in rows[:limit]]


def person_facts(viewer: Viewer | None, person_id: uuid.UUID) -> PersonFacts | None:
    """One of them, None when the viewer may not see her. One query."""
    row = visible_people(viewer).filter(pk=person_id).first()
    if row is None:
        return None
    opened(ReadKind.PERSON, what=f"person:{person_id}", whose=person_id)
    office = viewer is not None and viewer.has(Role.ADMINISTRATOR, Role.LEADER)
    return _facts(row, name=row.name if office else "")


def unseen(viewer: Viewer | None, person_ids: set[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these ids that are nobody whom the viewer may see. One query."""
    found = visible_people(viewer).filter(pk__in=person_ids).values_list("pk", flat=True)
    return person_ids - set(found)


def _facts(row: Person, *, name: str = "") -> PersonFacts:
    return PersonFacts(
        id=row.pk,
        callsign=row.shown_as,
        name=name,
        is_unit=row.kind == PersonKind.UNIT,
        is_active=row.is_active,
    )
