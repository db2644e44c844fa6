"""What the search for people who are left out is fed with of missions: each party that was named,
and what was known of everybody it could concern. For the station alone: no page shows it, and it
gives no order of people."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from homeby.missions.queries.done import PLANNED_LENGTH
from homeby.missions.queries.visible import visible_missions
from homeby.missions.rules import MemberState, MissionState
from homeby.people.queries.apart import apart_from
from homeby.people.queries.in_teams import everybody_of_team
from homeby.people.rules import STATION, Viewer
from homeby.readiness.models import MissionDecision
from homeby.readiness.queries import duty_pool, times_taken
from homeby.readiness.queries.decisions import Concerned, concerned
from homeby.readiness.queries.duty_pool import InPool
from homeby.readiness.queries.special_units import members_of
from homeby.readiness.rules import duty_planning as rules
from homeby.readiness.rules.mission_decisions import POOL_MAX

#: So many missions a round; the others come in the next one.
AT_ONCE = 500


def _visible(viewer: Viewer | None) -> models.QuerySet[MissionDecision]:
    rows = MissionDecision.objects.all()
    return rows if viewer is not None and viewer.is_station else rows.none()


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {MissionDecision: _visible}


def party_of(mission: Any) -> list[uuid.UUID]:
    """Who is named for a mission and did not stay behind. No viewer: it is what a decision says.
    One query."""
    there = (one for one in mission.party.all() if one.state != MemberState.STAYED)
    return sorted(one.person_id for one in there)


def facts_of(mission: Any, party: list[uuid.UUID]) -> dict[str, Any]:
    """What the decision says: who goes, until when. No viewer: as `party_of`."""
    return {
        "picked": [str(key) for key in party],
        "team": str(mission.team_id or ""),
        "due_at": mission.due_at.isoformat() if mission.due_at else None,
    }


def undecided() -> list[tuple[Any, list[uuid.UUID]]]:
    """The missions that are planned or out whose party or time no decision holds as they stand.
    What was imported was decided elsewhere. No viewer: the station keeps it. Three queries."""
    live = (MissionState.PLANNED, MissionState.OUT)
    rows = visible_missions(STATION).filter(state__in=live, key__isnull=True)
    decided = MissionDecision.objects.filter(mission_id__in=rows.values("pk")).order_by("number")
    last = dict(decided.values_list("mission_id", "facts"))
    found = []
    for mission in rows.order_by("pk").prefetch_related("party"):
        party = party_of(mission)
        if party and last.get(mission.pk) != facts_of(mission, party):
            found.append((mission, party))
    return found[:AT_ONCE]


def pool_of_mission(mission: Any, party: list[uuid.UUID], *, now: dt.datetime) -> list[InPool]:
    """Everybody of its team or special unit, and its party, as they stand now; `fits` says who is
    crewed with the party. No viewer: it is what a decision saw. A fixed number of queries."""
    others = everybody_of_team(mission.team_id)
    if mission.unit_id is not None:
        others = members_of(mission.unit_id)
    keys = list(dict.fromkeys([*party, *others]))[:POOL_MAX]
    ends = mission.due_at or now + PLANNED_LENGTH
    begins = mission.out_at or max(min(now, ends), ends - PLANNED_LENGTH)
    busy = times_taken.taken(keys, begins=begins, ends=ends)
    free = duty_pool.offered(keys, begins=begins, ends=ends)
    away = apart_from(keys)
    found = []
    for key in keys:
        ref = f"mission:{mission.pk}"
        clash = rules.clash_of(busy.get(key, ()), begins=begins, ends=ends, but=ref)
        found.append(
            InPool(
                person_id=key,
                fits=not away.get(key, frozenset()) & set(party),
                clash=clash,
                available=rules.is_available(answer=None, is_offered=key in free, clash=clash),
                asked_at=None,
                answer=None,
                answered_by_self=False,
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class MissionChoice:
    """One decision about a mission: when, by whom, who was named, for what reason the others were
    not ("" where nobody said one), and everybody it could concern."""

    mission_id: uuid.UUID
    at: dt.datetime
    by: uuid.UUID | None
    team_id: uuid.UUID | None
    named: frozenset[uuid.UUID]
    reason: str
    pool: tuple[Concerned, ...]


def mission_choices(
    viewer: Viewer | None, *, since: dt.datetime | None = None
) -> Iterator[MissionChoice]:
    """Every decision (since an instant) in the order in which they were taken. Nothing for anybody
    but the station. One query."""
    rows = _visible(viewer).order_by("at", "mission_id", "number")
    for row in rows if since is None else rows.filter(at__gte=since):
        team = row.facts["team"]
        yield MissionChoice(
            mission_id=row.mission_id,
            at=row.at,
            by=row.by_id,
            team_id=uuid.UUID(team) if team else None,
            named=frozenset(uuid.UUID(key) for key in row.facts["picked"]),
            reason=row.reason,
            pool=tuple(concerned(one) for one in row.pool),
        )
