"""Groups of what was decided together, for whoever plans for their team or special unit. What was
decided in which group, for the search for who is left out, names nobody and is asked by no page."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Value, When

from homeby.logbook.rules import plain
from homeby.missions.queries.visible import visible_missions
from homeby.people.rules import Viewer
from homeby.readiness.models import DecisionGroup, Duty, GroupedMission
from homeby.readiness.queries.duties import visible_duties
from homeby.readiness.queries.duty_access import PLANNERS
from homeby.readiness.queries.special_units import kept_units


def visible_groups(viewer: Viewer | None) -> models.QuerySet[DecisionGroup]:
    """Groups that one plans with, by their names; none that somebody began from whom one is kept
    away."""
    rows: models.QuerySet[DecisionGroup] = planned_groups(viewer)
    return rows.exclude(begun_by_id__in=viewer.apart) if viewer is not None else rows


def planned_groups(viewer: Viewer | None) -> Any:
    """Groups of the teams and special units for which one plans, as long as one sees something in
    them; `shown` is the name for her. One that somebody began from whom one is kept away has none,
    as a group has none whose name was erased."""
    apart = viewer.apart if viewer is not None else frozenset()
    unnamed = When(begun_by_id__in=apart, then=Value(""))
    rows = DecisionGroup.objects.annotate(shown=Case(unnamed, default=F("name")))
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return rows.none()
    if viewer.is_station:
        return rows
    plans = Q(unit__in=kept_units(viewer))
    whole = viewer.has(*PLANNERS)
    plans |= Q(unit__isnull=True) if whole else Q(team_id__in=viewer.teams(*PLANNERS))
    seen = Q(pk__in=visible_duties(viewer).values("group_id"))
    missions = GroupedMission.objects.filter(mission_id__in=visible_missions(viewer).values("pk"))
    seen |= Q(pk__in=missions.values("group_id"))
    return rows.filter(plans, seen)


def _visible_grouped(viewer: Viewer | None) -> models.QuerySet[GroupedMission]:
    seen = visible_missions(viewer).values("pk")
    return GroupedMission.objects.filter(group__in=visible_groups(viewer), mission_id__in=seen)


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    DecisionGroup: visible_groups,
    GroupedMission: _visible_grouped,
}


def open_groups(viewer: Viewer | None, *, now: dt.datetime) -> Any:
    """Those that take in more: the last of them has not begun."""
    rows = planned_groups(viewer).filter(last_at__gt=now)
    return rows.select_related("team", "unit").order_by("shown", "pk")


def group_of_duty(viewer: Viewer | None, duty: Duty) -> DecisionGroup | None:
    """With what a duty was decided, for whoever plans it. One query."""
    found: DecisionGroup | None = planned_groups(viewer).filter(pk=duty.group_id).first()
    return found


def group_of_mission(viewer: Viewer | None, mission: Any) -> DecisionGroup | None:
    """With what a mission was decided, for whoever plans for its team. Two queries at most."""
    group_id = groups_of([mission]).get(mission.pk)
    if group_id is None:
        return None
    found: DecisionGroup | None = planned_groups(viewer).filter(pk=group_id).first()
    return found


def groups_of(missions: Iterable[Any]) -> dict[uuid.UUID, uuid.UUID]:
    """In which group each of these missions was decided; one that is for another team by now stands
    by itself. No viewer: it is what a decision says. One query."""
    whose = {one.pk: (one.team_id, one.unit_id) for one in missions}
    rows = GroupedMission.objects.filter(mission_id__in=list(whose))
    found = rows.values_list("mission_id", "group_id", "group__team_id", "group__unit_id")
    return {key: group for key, group, team, unit in found if whose[key] == (team, unit)}


def named_among(viewer: Viewer | None, group_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these are groups that somebody named; the others are series, or stand by themselves.
    One query."""
    return set(visible_groups(viewer).filter(pk__in=set(group_ids)).values_list("pk", flat=True))


def own_data(viewer: Viewer) -> list[dict[str, Any]]:
    """The groups that the viewer has begun, for her archive."""
    if viewer.person_id is None:
        return []
    rows = DecisionGroup.objects.filter(begun_by_id=viewer.person_id).order_by("first_at", "pk")
    return [plain(row) for row in rows.values("name", "first_at", "last_at")]
