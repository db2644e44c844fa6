"""Who reads what a party learned: offered, herself and whoever decides; shared, whoever plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.missions.models import Lesson, Mission, PlaceLesson
from homeby.missions.queries.visible import (
    keeps_unit,
    units_kept,
    visible_mission_units,
    visible_missions,
)
from homeby.missions.rules.lessons import NEAR_DEGREES, place_key
from homeby.people.rules import Role, Viewer

#: Who answers for what a team has learned.
DECIDERS = (Role.LEADER, Role.DUTY_OFFICER)

#: So many are named on her own page; the next ones follow when these are decided.
WAITING_MAX = 50


def may_decide(viewer: Viewer, mission: Mission) -> bool:
    """Whether the viewer decides what of this mission is shared: a leader or duty officer of its
    team, or whoever keeps its special unit. At most one query."""
    return viewer.has_for(mission.team_id, *DECIDERS) or keeps_unit(viewer, mission.unit_id)


def may_end(viewer: Viewer) -> bool:
    """Whether the viewer may say that a shared lesson holds no more."""
    return viewer.has_somewhere(*DECIDERS)


def visible_lessons(viewer: Viewer | None) -> models.QuerySet[Lesson]:
    """What the viewer offered herself, and of missions she sees what is hers to decide, but for
    words of whoever she is kept away from."""
    if viewer is None:
        return Lesson.objects.none()
    rows = Lesson.objects.select_related("mission")
    if viewer.is_station:
        return rows
    if viewer.person_id is None:
        return rows.none()
    own = Q(person_id=viewer.person_id)
    theirs = Q(mission__unit__in=units_kept(viewer).values("pk"))
    if viewer.has(*DECIDERS):
        theirs = Q()
    elif teams := viewer.teams(*DECIDERS):
        theirs |= Q(mission__team_id__in=teams)
    decided = Q(mission__in=visible_missions(viewer)) & theirs & ~Q(person_id__in=viewer.apart)
    return rows.filter(own | decided)


def visible_place_lessons(viewer: Viewer | None) -> models.QuerySet[PlaceLesson]:
    """Shared lessons, for everybody who logs in; those of a secret unit for whoever stands in
    it."""
    if viewer is None or not (viewer.is_station or viewer.person_id is not None):
        return PlaceLesson.objects.none()
    units = visible_mission_units(viewer).values("pk")
    return PlaceLesson.objects.filter(Q(unit__isnull=True) | Q(unit__in=units))


def lessons_on(viewer: Viewer | None, mission: Mission) -> list[Lesson]:
    """What was offered on this mission, as far as the viewer may read it, the oldest first. One
    query."""
    rows = visible_lessons(viewer).filter(mission_id=mission.pk).select_related("person")
    return list(rows.order_by("offered_at", "pk"))


def waiting(viewer: Viewer | None) -> list[Lesson]:
    """What waits for the viewer's decision, with its mission, the oldest first. Two queries; one
    for whoever decides nothing."""
    if viewer is None or not (viewer.has_somewhere(*DECIDERS) or units_kept(viewer).exists()):
        return []
    rows = visible_lessons(viewer).filter(decided_at__isnull=True)
    found = rows.order_by("offered_at", "pk")[:WAITING_MAX]
    return [one for one in found if may_decide(viewer, one.mission)]


def lessons_at(
    viewer: Viewer | None, *, place: str, latitude: float | None, longitude: float | None
) -> list[PlaceLesson]:
    """What holds for a place, by its name or from near by, the newest first. One query."""
    ways = Q()
    if key := place_key(place):
        ways |= Q(place_key=key)
    if latitude is not None and longitude is not None:
        south, west = latitude - NEAR_DEGREES, longitude - NEAR_DEGREES
        north, east = latitude + NEAR_DEGREES, longitude + NEAR_DEGREES
        ways |= Q(latitude__range=(south, north), longitude__range=(west, east))
    if not ways:
        return []
    rows = visible_place_lessons(viewer).filter(ways, ended_at__isnull=True)
    return list(rows.order_by("-shared_at", "pk"))


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Lesson: visible_lessons,
    PlaceLesson: visible_place_lessons,
}
