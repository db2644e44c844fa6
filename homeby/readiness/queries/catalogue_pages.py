"""The catalogue for readers: what there is, one of them with its ladder, what to choose from."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from homeby.people.rules import Viewer
from homeby.readiness.models import PartyPosition
from homeby.readiness.queries import days
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.rules import qualifications as facts
from homeby.readiness.rules.catalogue_text import written
from homeby.readiness.rules.currency import Standing
from homeby.readiness.rules.ladder import Ladder, ladder


@dataclass(frozen=True, kw_only=True)
class CatalogueLine:
    """A qualification in the list."""

    id: uuid.UUID
    key: str
    name: str
    kind: str
    family: str
    is_ended: bool


def catalogue(viewer: Viewer | None) -> list[CatalogueLine]:
    """The whole catalogue by family and name. One query."""
    rows = queries.visible_catalogue(viewer).order_by("family", "name")
    return [
        CatalogueLine(
            id=row.pk,
            key=row.key,
            name=row.name,
            kind=row.kind,
            family=row.family,
            is_ended=row.ended_at is not None,
        )
        for row in rows
    ]


def choices(viewer: Viewer | None, *, with_tasks: bool = False) -> list[tuple[str, str]]:
    """What is given now, as id and name, to choose from. One query."""
    rows = queries.visible_catalogue(viewer).filter(ended_at__isnull=True).order_by("name")
    return [(str(row.pk), row.name) for row in rows if not with_tasks or row.content.get("tasks")]


def key_choices(viewer: Viewer | None) -> list[tuple[str, str]]:
    """The same as key and name."""
    rows = queries.visible_catalogue(viewer).filter(ended_at__isnull=True).order_by("name")
    return list(rows.values_list("key", "name"))


@dataclass(frozen=True, kw_only=True)
class QualificationSheet:
    """One qualification, the ladder to it, and how the viewer stands to each rung."""

    id: uuid.UUID
    one: facts.Qualification
    is_ended: bool
    ladder: Ladder
    ids: dict[str, uuid.UUID]
    names: dict[str, str]
    mine: dict[str, Standing]


def qualification(
    viewer: Viewer, qualification_id: uuid.UUID, *, now: dt.datetime
) -> QualificationSheet | None:
    """One of the catalogue. Three queries."""
    rows = queries.rows_by_key()
    row = queries.visible_catalogue(viewer).filter(pk=qualification_id).first()
    if row is None:
        return None
    known = queries.known(rows)
    picture = ladder(row.key, known)
    keys = [box.key for box in picture.boxes]
    me = viewer.person_id
    mine = queries.standings([me], keys, day=days.today(now=now)).get(me, {}) if me else {}
    return QualificationSheet(
        id=row.pk,
        one=known[row.key],
        is_ended=row.ended_at is not None,
        ladder=picture,
        ids={key: one.pk for key, one in rows.items()},
        names={key: one.name for key, one in rows.items()},
        mine={key: found.standing for key, found in mine.items()},
    )


def text_of(viewer: Viewer | None, qualification_id: uuid.UUID | None, *, now: dt.datetime) -> str:
    """One qualification, or the whole catalogue, as a file to change and read again. One query."""
    rows = queries.visible_catalogue(viewer).order_by("family", "name")
    if qualification_id is not None:
        rows = rows.filter(pk=qualification_id)
    return written(
        [queries.as_rule(row) for row in rows],
        name="Catalogue",
        source="Written out by Homeby",
        day=days.today(now=now),
    )


@dataclass(frozen=True, kw_only=True)
class PositionLine:
    """A position on a mission; it may be taken back until it counts."""

    id: uuid.UUID
    person_id: uuid.UUID
    callsign: str
    name: str
    as_trainee: bool
    is_exercise: bool
    counts: bool


def positions_on(viewer: Viewer, mission_id: uuid.UUID) -> list[PositionLine]:
    """The positions that were said of a mission, for whoever may say them: the caller has asked.
    Of people whom the viewer is kept away from there are none. One query."""
    rows = PartyPosition.objects.filter(mission_id=mission_id).exclude(person_id__in=viewer.apart)
    rows = rows.select_related("person", "qualification")
    found = [_position(row) for row in rows]
    return sorted(found, key=lambda one: (one.callsign.lower(), one.name))


def _position(row: PartyPosition) -> PositionLine:
    return PositionLine(
        id=row.pk,
        person_id=row.person_id,
        callsign=row.person.shown_as,
        name=row.qualification.name,
        as_trainee=row.as_trainee,
        is_exercise=row.is_exercise,
        counts=row.done_date is not None,
    )


def mission_kinds(viewer: Viewer | None) -> list[str]:
    """The kinds of missions of which the catalogue counts hours. One query."""
    found = set()
    for row in queries.visible_catalogue(viewer):
        found |= {one["kind"] for one in row.content.get("hours", ()) if one.get("kind")}
    return sorted(found)
