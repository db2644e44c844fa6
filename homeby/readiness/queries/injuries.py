"""Who was hurt, for medics and for herself. What it is stays sealed here."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.people import queries as people
from homeby.people.queries.kept import mates_of_medic
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import Injury, InjuryNote
from homeby.readiness.rules.injuries import InjuryState, ToldAs


def visible_injuries(viewer: Viewer | None) -> models.QuerySet[Injury]:
    """Her own; a medic's are those of the teams she holds the role for, or everybody's, but for
    those whom she is kept away from. Nobody sees one by being administrator or leader."""
    rows = Injury.objects.all()
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return rows.none()
    if viewer.is_station:
        return rows
    seen = Q(person_id=viewer.person_id)
    if viewer.has(Role.MEDIC):
        return rows.exclude(person_id__in=viewer.apart)
    if viewer.teams(Role.MEDIC):
        seen |= Q(person_id__in=mates_of_medic(viewer)) & ~Q(person_id__in=viewer.apart)
    return rows.filter(seen)


def may_read_of(viewer: Viewer | None, person_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Of which of these people the viewer may read whether they are hurt: herself, and a medic of
    them. One query, for a medic of teams."""
    keys = set(person_ids)
    if viewer is None or viewer.person_id is None:
        return set()
    if viewer.has(Role.MEDIC):
        return keys - (viewer.apart - {viewer.person_id})
    found = {viewer.person_id} & keys
    if viewer.teams(Role.MEDIC):
        mates = mates_of_medic(viewer).filter(person__in=keys)
        found |= set(mates.values_list("person", flat=True)) - viewer.apart
    return found


def hurt_times(
    viewer: Viewer | None, *, people: Collection[uuid.UUID] | None = None
) -> list[tuple[uuid.UUID, dt.datetime, dt.datetime | None]]:
    """Who (of these people) was hurt from when until when (None: still), of those whom the viewer
    may see; never what it is. One query."""
    rows = visible_injuries(viewer).order_by("told_at", "pk")
    rows = rows if people is None else rows.filter(person__in=people)
    return list(rows.values_list("person_id", "told_at", "ended_at"))


def _visible_notes(viewer: Viewer | None) -> models.QuerySet[InjuryNote]:
    """Of injuries that she may see; of her own, what kin said is for medics (`STORY.md` 39)."""
    found = InjuryNote.objects.filter(injury__in=visible_injuries(viewer))
    if viewer is None or viewer.person_id is None:
        return found
    return found.exclude(injury__person_id=viewer.person_id, told_as=ToldAs.KIN)


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Injury: visible_injuries,
    InjuryNote: _visible_notes,
}


@dataclass(frozen=True, kw_only=True)
class InjuryRow:
    """An injury in a list: whose, since when, when somebody looks again; never what it is."""

    row: Injury
    callsign: str
    is_own: bool


def injuries(viewer: Viewer | None) -> list[InjuryRow]:
    """Those that are open and the viewer may see, the next look first. Two queries."""
    rows = list(visible_injuries(viewer).filter(state=InjuryState.OPEN).order_by("check_at", "pk"))
    names = people.names([row.person_id for row in rows]) if rows else {}
    me = viewer.person_id if viewer is not None else None
    return [
        InjuryRow(row=row, callsign=names.get(row.person_id, "?"), is_own=row.person_id == me)
        for row in rows
    ]


def injury(viewer: Viewer | None, injury_id: uuid.UUID) -> InjuryRow | None:
    """One of them, open or ended. Two queries."""
    row = visible_injuries(viewer).filter(pk=injury_id).first()
    if row is None:
        return None
    me = viewer.person_id if viewer is not None else None
    name = people.names([row.person_id]).get(row.person_id, "?")
    return InjuryRow(row=row, callsign=name, is_own=row.person_id == me)


def notes(viewer: Viewer | None, injury_id: uuid.UUID) -> list[InjuryNote]:
    """What was said of it, still sealed, the oldest first. One query."""
    return list(_visible_notes(viewer).filter(injury_id=injury_id).order_by("told_at", "pk"))


def open_of(person_id: uuid.UUID) -> list[Injury]:
    """The open injuries of somebody. No viewer: acts ask it, and nobody is shown it. One query."""
    rows = Injury.objects.filter(person_id=person_id, state=InjuryState.OPEN)
    return list(rows.order_by("told_at", "pk"))


def times_passed(*, now: dt.datetime) -> list[uuid.UUID]:
    """The open injuries that a set time clears by now. No viewer: the station clears them. One
    query."""
    rows = Injury.objects.filter(state=InjuryState.OPEN, clears_at__lte=now)
    return list(rows.order_by("clears_at", "pk").values_list("pk", flat=True))


def told_by_kin(injury_id: uuid.UUID) -> list[dt.datetime]:
    """When kin told of an injury, the oldest first. No viewer: the limit of their word asks it, and
    nobody is shown it. One query."""
    rows = InjuryNote.objects.filter(injury_id=injury_id, told_as=ToldAs.KIN)
    return list(rows.order_by("told_at", "pk").values_list("told_at", flat=True))


def own_injuries(viewer: Viewer | None) -> list[InjuryRow]:
    """The viewer's own, ended ones too, the newest first. Two queries."""
    if viewer is None or viewer.person_id is None:
        return []
    rows = Injury.objects.filter(person_id=viewer.person_id).order_by("-told_at", "pk")[:50]
    return [InjuryRow(row=row, callsign=viewer.name, is_own=True) for row in rows]


def may_tell_of(viewer: Viewer | None, person_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Whether the viewer may say that this person is hurt: somebody on a list of hers; gives the
    callsign, by the id. One query."""
    rows = people.visible_people(viewer).filter(pk=person_id, is_active=True)
    return {row.pk: row.shown_as for row in rows}
