"""Who is in a team, and in which rank, for whoever plans what the team does."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from homeby.database.asked import AskedOf
from homeby.people.models import Membership, Person, Rank
from homeby.people.queries import visible_people
from homeby.people.rules import PersonKind, Viewer


def team_people(
    viewer: Viewer | None,
    team_id: uuid.UUID | None,
    *,
    among: Collection[uuid.UUID] | None = None,
) -> list[uuid.UUID]:
    """The active humans of a team (of some people) whom the viewer may see; without a team
    everybody. One query."""
    rows = visible_people(viewer).filter(is_active=True, kind=PersonKind.HUMAN)
    rows = rows if among is None else rows.filter(pk__in=among)
    if team_id is not None:
        rows = rows.filter(pk__in=members_of([team_id]))
    return list(rows.order_by("callsign", "name").values_list("pk", flat=True))


def everybody_of_team(team_id: uuid.UUID | None) -> list[uuid.UUID]:
    """The active humans of a team, or all. No viewer: it is whom a decision concerned. One
    query."""
    rows = Person.objects.filter(is_active=True, kind=PersonKind.HUMAN)
    if team_id is not None:
        rows = rows.filter(pk__in=members_of([team_id]))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def members_of(team_ids: Collection[uuid.UUID]) -> QuerySet[Any, Any]:
    """The people who are in one of these teams now, to be put into a filter. No viewer: it decides
    who is told and who sees."""
    rows = Membership.objects.filter(team_id__in=team_ids, to_at__isnull=True)
    return rows.values("person_id")


def own_teams(viewer: Viewer) -> list[uuid.UUID]:
    """The teams that the viewer is in. One query."""
    if viewer.person_id is None:
        return []
    return [team for (team,) in _TEAMS.rows([viewer.person_id])]


_TEAMS = AskedOf(
    lambda keys: Membership.objects.filter(person_id__in=keys, to_at__isnull=True).values_list(
        "team_id"
    )
)


@dataclass(frozen=True, kw_only=True)
class TimeInTeam:
    """Somebody was in a team from an instant until another (None: still is)."""

    team_id: uuid.UUID
    person_id: uuid.UUID
    from_at: dt.datetime
    to_at: dt.datetime | None


def times_in_teams(
    viewer: Viewer | None, teams: Collection[uuid.UUID] | None = None
) -> list[TimeInTeam]:
    """Who was in which team (of these; None: of all) when, for the station alone. One query."""
    if viewer is None or not viewer.is_station:
        return []
    rows = Membership.objects.order_by("from_at", "pk")
    rows = rows if teams is None else rows.filter(team__in=teams)
    return [
        TimeInTeam(team_id=team, person_id=person, from_at=from_at, to_at=to_at)
        for team, person, from_at, to_at in rows.values_list(
            "team_id", "person_id", "from_at", "to_at"
        )
    ]


def left_teams(viewer: Viewer) -> dict[uuid.UUID, dt.datetime]:
    """The teams that the viewer was in and is in no more, each with when she left it. One query."""
    if viewer.person_id is None:
        return {}
    rows = Membership.objects.filter(person_id=viewer.person_id).order_by("to_at")
    known = list(rows.values_list("team_id", "to_at"))
    now_in = {team for team, left in known if left is None}
    return {team: left for team, left in known if left is not None and team not in now_in}


def rank_places(person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The place of the rank of each who has one; 1 is the highest. No viewer: it decides who fits a
    seat. One query."""
    rows = Person.objects.filter(pk__in=person_ids, rank__isnull=False)
    return dict(rows.values_list("pk", "rank__place"))


def rank_choices() -> list[tuple[int, str]]:
    """The ranks by their place, the highest first; holds nothing personal. One query."""
    rows = Rank.objects.filter(ended_at__isnull=True).order_by("place", "name")
    return [(row.place, row.name) for row in rows]
