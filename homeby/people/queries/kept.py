"""What people keep with us for a bad day, still sealed: whose there is, for whoever may know."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.db import models

from homeby.people.models import Health, Home, Membership, Person, WhereIWouldBe
from homeby.people.models_private import Kept as KeptRow
from homeby.people.rules import Role, Viewer
from homeby.people.rules_private import Kept, KeptFacts

TABLES: dict[Kept, type[KeptRow]] = {
    Kept.HOME: Home,
    Kept.HEALTH: Health,
    Kept.WHERE: WhereIWouldBe,
}
OPENED_BY_GLASS = (Kept.HOME, Kept.HEALTH)


def _own(kept: Kept) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        rows = TABLES[kept]._default_manager.all()
        if viewer is not None and viewer.is_station:
            return rows
        if viewer is None or viewer.person_id is None:
            return rows.none()
        return rows.filter(person_id=viewer.person_id)

    return visible


visible_homes = _own(Kept.HOME)
visible_wheres = _own(Kept.WHERE)
_own_health = _own(Kept.HEALTH)


def visible_health(viewer: Viewer | None) -> models.QuerySet[Health]:
    """Her own; a medic's are those of the teams she holds the role for, or everybody's."""
    own: models.QuerySet[Health] = _own_health(viewer)
    if viewer is None or viewer.person_id is None:
        return own
    others = Health.objects.exclude(person_id__in=viewer.apart)
    if viewer.has(Role.MEDIC):
        return others
    return own | others.filter(person__in=mates_of_medic(viewer))


def mates_of_medic(viewer: Viewer) -> models.QuerySet[Any, Any]:
    """The members of the teams for which the viewer is a medic, to be put into a filter."""
    mates = Membership.objects.filter(team__in=viewer.teams(Role.MEDIC), to_at__isnull=True)
    return mates.values("person")


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Home: visible_homes,
    Health: visible_health,
    WhereIWouldBe: visible_wheres,
}


def own_kept(viewer: Viewer | None) -> dict[Kept, KeptFacts]:
    """What the viewer keeps herself. Three queries."""
    if viewer is None or viewer.person_id is None:
        return {}
    return _of(viewer.person_id, VISIBLE, viewer)


def kept_for_search(person_id: uuid.UUID) -> dict[Kept, KeptFacts]:
    """All that somebody keeps, for the search for her: `watch.actions.searching` has judged who
    asks, and written it down. Three queries."""
    return _of(person_id, {}, None)


def kept_for_check(person_id: uuid.UUID) -> list[KeptFacts]:
    """Where somebody lives and where she would be, for the welfare check on her: its act has judged
    who asks, and written it down. Three queries."""
    found = kept_for_search(person_id)
    return [found[one] for one in (Kept.WHERE, Kept.HOME) if one in found]


def kept_by_glass(viewer: Viewer, person_id: uuid.UUID) -> dict[Kept, KeptFacts]:
    """Home and health of somebody whom a broken glass opens to the viewer; never where she would
    be, which is for a search. Two queries."""
    if person_id not in viewer.opened:
        return {}
    found = {}
    for kept in OPENED_BY_GLASS:
        row = TABLES[kept]._default_manager.filter(person_id=person_id).first()
        if row is not None:
            found[kept] = _facts(kept, row)
    return found


def _of(
    person_id: uuid.UUID, filters: dict[type[models.Model], Any], viewer: Viewer | None
) -> dict[Kept, KeptFacts]:
    found = {}
    for kept, table in TABLES.items():
        rows = filters[table](viewer) if filters else table._default_manager.all()
        row = rows.filter(person_id=person_id).first()
        if row is not None:
            found[kept] = _facts(kept, row)
    return found


def _facts(kept: Kept, row: KeptRow) -> KeptFacts:
    return KeptFacts(
        kept=kept,
        person_id=row.person_id,
        sealed=bytes(row.sealed),
        written_at=row.written_at,
    )


def health_of(viewer: Viewer | None, person_id: uuid.UUID) -> KeptFacts | None:
    """What somebody says of her health, for a medic and for herself. Three queries."""
    row = visible_health(viewer).filter(person_id=person_id).first()
    return _facts(Kept.HEALTH, row) if row is not None else None


def in_care(viewer: Viewer | None) -> list[tuple[uuid.UUID, str]]:
    """Of whose health a medic may read, by callsign. Two queries."""
    if viewer is None or not viewer.has_somewhere(Role.MEDIC):
        return []
    rows = Person.objects.filter(pk__in=visible_health(viewer).values("person"), is_active=True)
    return sorted(((row.pk, row.shown_as) for row in rows), key=lambda one: one[1].lower())
