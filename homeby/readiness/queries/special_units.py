"""Special units for whoever may know of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q

from homeby.logbook.rules import plain
from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.queries.in_teams import team_people
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import SpecialUnit, SpecialUnitPlace
from homeby.readiness.queries import days, standing
from homeby.readiness.rules.special_units import Place
from homeby.readiness.rules.whose import Whose

#: Who may found a special unit; she keeps it from then on, and her role opens her no other.
FOUNDERS = (Role.LEADER,)


def visible_units(viewer: Viewer | None) -> models.QuerySet[SpecialUnit]:
    """Everybody who logs in knows of a unit that is not secret; of a secret one only those who
    stand in it now or are asked by another, and whoever did, no longer. No role opens one."""
    if viewer is not None and viewer.is_station:
        return SpecialUnit.objects.all()
    if viewer is None or viewer.person_id is None:
        return SpecialUnit.objects.none()
    mine = SpecialUnitPlace.objects.filter(person_id=viewer.person_id, to_at__isnull=True)
    mine = mine.exclude(from_at__isnull=True, asked_by_id=F("person_id"))  # it was open then
    return SpecialUnit.objects.filter(Q(is_secret=False) | Q(pk__in=mine.values("unit")))


def visible_places(viewer: Viewer | None) -> models.QuerySet[SpecialUnitPlace]:
    """One's own, over all times; those of others for whoever stands in the same unit now, but for
    people she is kept away from. Whoever is only asked sees no others; who has asked for a place
    is known to whoever keeps the unit."""
    if viewer is not None and viewer.is_station:
        return SpecialUnitPlace.objects.all()
    if viewer is None or viewer.person_id is None:
        return SpecialUnitPlace.objects.none()
    mine = SpecialUnitPlace.objects.filter(
        person_id=viewer.person_id, to_at__isnull=True, from_at__isnull=False
    )
    wished = Q(from_at__isnull=True, asked_by_id=F("person_id"))
    seen = Q(person_id=viewer.person_id) | (Q(unit__in=mine.values("unit")) & ~wished)
    seen |= Q(unit__in=mine.filter(place=Place.KEEPER).values("unit"))
    found = SpecialUnitPlace.objects.filter(seen)
    return found.exclude(person_id__in=viewer.apart) if viewer.apart else found


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    SpecialUnit: visible_units,
    SpecialUnitPlace: visible_places,
}


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """Somebody's place in a unit for a reader; people by what screens, or the unit, call them.
    `asked_by` and `ended_by` say who decided."""

    row: SpecialUnitPlace
    who: str
    asked_by: str
    ended_by: str
    is_mine: bool


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """A special unit for a reader: who stands in it now, who is asked, who did before; what it
    requires and what of that the reader lacks; whether she keeps it."""

    row: SpecialUnit
    now: list[PlaceRow]
    asked: list[PlaceRow]
    before: list[PlaceRow]
    requires: list[str]
    lacks: list[str]
    keeps: bool
    my_places: list[PlaceRow]

    @property
    def may_wish(self) -> bool:
        """Whether the reader may ask for a place: she has none, and nobody has asked her."""
        return self.row.ended_at is None and not self.my_places

    @property
    def wishes(self) -> list[PlaceRow]:
        """The places that others have asked for, to be answered by whoever keeps the unit."""
        return [one for one in self.asked if one.row.is_wish and not one.is_mine]


def units(viewer: Viewer) -> list[SpecialUnit]:
    """The units that the viewer may know of and that still are, by name. One query."""
    return list(visible_units(viewer).filter(ended_at__isnull=True).order_by("name", "pk"))


def _stands(viewer: Viewer) -> models.QuerySet[SpecialUnitPlace]:
    """The viewer's places by which she belongs to a unit now; to know of one is not enough."""
    rows = SpecialUnitPlace.objects.filter(person_id__in=[viewer.person_id], to_at__isnull=True)
    return rows.filter(from_at__isnull=False).exclude(place=Place.INFORMED)


def plannable(viewer: Viewer, *, keeps: bool = False) -> list[tuple[uuid.UUID, str]]:
    """The units for which the viewer may plan missions: those she stands in; with `keeps` duties,
    too: those she keeps. Id and name. One query."""
    if viewer.person_id is None:
        return []
    hers = kept_units(viewer) if keeps else own_units(viewer)
    rows = visible_units(viewer).filter(ended_at__isnull=True, pk__in=hers)
    return [(row.pk, row.name) for row in rows.order_by("name", "pk")]


def pool_of(viewer: Viewer, unit_id: uuid.UUID) -> list[uuid.UUID] | None:
    """Who belongs to a unit, for whoever may know that: of an open one everybody who disposes of
    people, of a secret one whoever belongs to it herself; None for others. Two queries."""
    row = visible_units(viewer).filter(pk=unit_id).first()
    if row is None or (row.is_secret and not _stands(viewer).filter(unit=row).exists()):
        return None
    return members_of(unit_id)


def kept_units(viewer: Viewer) -> models.QuerySet[Any, Any]:
    """The ids of the units that the viewer keeps."""
    return _stands(viewer).filter(place=Place.KEEPER).values("unit")


def own_units(viewer: Viewer) -> models.QuerySet[Any, Any]:
    """The ids of the units that the viewer belongs to."""
    return _stands(viewer).values("unit")


def people_of(viewer: Viewer, whose: Whose) -> list[uuid.UUID]:
    """The active humans of a team or unit whom the viewer may see; with neither everybody. Three
    queries at most."""
    keys = team_people(viewer, whose.team_id)
    if whose.unit_id is None:
        return keys
    pool = set(pool_of(viewer, whose.unit_id) or ())
    return [key for key in keys if key in pool]


def members_of(unit_id: uuid.UUID) -> list[uuid.UUID]:
    """Who belongs to a unit now. No viewer: it says whom a decision could concern, and is shown to
    nobody as it is. One query."""
    rows = SpecialUnitPlace.objects.filter(unit_id=unit_id, to_at__isnull=True)
    rows = rows.filter(from_at__isnull=False).exclude(place=Place.INFORMED)
    return list(rows.order_by("person_id").values_list("person_id", flat=True).distinct())


def unit(viewer: Viewer, key: uuid.UUID, *, now: dt.datetime) -> UnitRow | None:
    """One of them."""
    row = visible_units(viewer).filter(pk=key).first()
    if row is None:
        return None
    places = _places(viewer, visible_places(viewer).filter(unit=row).order_by("asked_at", "pk"))
    mine = [one for one in places if one.is_mine]
    return UnitRow(
        row=row,
        now=[one for one in places if one.row.from_at and not one.row.to_at],
        asked=[one for one in places if not one.row.from_at and not one.row.to_at],
        before=[one for one in places if one.row.from_at and one.row.to_at],
        requires=[standing.named(one) for one in row.requires],
        lacks=_lacks(viewer, row, now=now),
        keeps=any(one.row.place == Place.KEEPER and _is_now(one.row) for one in mine),
        my_places=[one for one in mine if not one.row.to_at],
    )


def keepers_of(unit_id: uuid.UUID, *, but_apart_from: uuid.UUID) -> list[uuid.UUID]:
    """Who keeps a unit, but for whoever is kept away from somebody. No viewer: it says who hears of
    a wish. Two queries."""
    rows = SpecialUnitPlace.objects.filter(unit_id=unit_id, place=Place.KEEPER, to_at__isnull=True)
    away = apart_from([but_apart_from]).get(but_apart_from, frozenset())
    keys = rows.filter(from_at__isnull=False).values_list("person_id", flat=True)
    return [key for key in keys if key not in away]


def is_apart_from_unit(unit_id: uuid.UUID, person_id: uuid.UUID, *, or_asked: bool) -> bool:
    """Whether somebody is kept away from one who stands in a unit, or is asked to by others. No
    viewer: it decides who is put together, and is shown to nobody. Two queries."""
    away = apart_from([person_id]).get(person_id, frozenset())
    there = SpecialUnitPlace.objects.filter(unit_id=unit_id, to_at__isnull=True)
    if not or_asked:
        there = there.filter(from_at__isnull=False)
    there = there.exclude(from_at__isnull=True, asked_by_id=F("person_id"))  # only wishes for it
    return there.filter(person_id__in=away).exists()


def _is_now(row: SpecialUnitPlace) -> bool:
    return row.from_at is not None and row.to_at is None


def _lacks(viewer: Viewer, row: SpecialUnit, *, now: dt.datetime) -> list[str]:
    if viewer.person_id is None:
        return []
    return standing.missing_of(row.requires, viewer.person_id, day=days.today(now=now))


def _places(viewer: Viewer, rows: Iterable[SpecialUnitPlace]) -> list[PlaceRow]:
    found = list(rows)
    keys = {key for one in found for key in (one.person_id, one.asked_by_id, one.ended_by_id)}
    names = people.names(key for key in keys if key not in viewer.apart)

    def called(key: uuid.UUID | None) -> str:
        return names.get(key, "") if key is not None else ""

    return [
        PlaceRow(
            row=one,
            who=one.callsign or called(one.person_id),
            asked_by=called(one.asked_by_id),
            ended_by=called(one.ended_by_id),
            is_mine=one.person_id == viewer.person_id,
        )
        for one in found
    ]


def own_places(viewer: Viewer) -> list[PlaceRow]:
    """Where the viewer stands, stood, or is asked to, the newest first."""
    if viewer.person_id is None:
        return []
    rows = visible_places(viewer).filter(person_id=viewer.person_id).select_related("unit")
    return _places(viewer, rows.order_by("-asked_at", "pk"))


def own_data(viewer: Viewer) -> list[dict[str, Any]]:
    """The viewer's own places, for her archive."""
    if viewer.person_id is None:
        return []
    rows = visible_places(viewer).filter(person_id=viewer.person_id).order_by("asked_at", "pk")
    names = ("unit__name", "place", "callsign", "asked_at", "from_at", "to_at", "end_reason")
    return [plain(row) for row in rows.values(*names)]
