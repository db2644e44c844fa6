"""What the search for people who are left out is fed with of missions: each party that was named,
and what was known of everybody it could concern. For the station alone: no page shows it, and it
gives no order of people."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from homeby.missions.queries.done import PLANNED_LENGTH, crews_that_left, planned_begin
from homeby.missions.queries.visible import visible_missions
from homeby.missions.rules import MemberState, MissionState
from homeby.people.queries.apart import apart_from
from homeby.people.queries.in_teams import everybody_of_team
from homeby.people.rules import STATION, Viewer
from homeby.readiness.models import MissionDecision
from homeby.readiness.queries import duty_pool, times_taken
from homeby.readiness.queries.decision_groups import groups_of
from homeby.readiness.queries.decisions import Concerned, concerned
from homeby.readiness.queries.duty_pool import InPool
from homeby.readiness.queries.qualifications import OVERSEERS
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


def facts_of(mission: Any, party: list[uuid.UUID], group: uuid.UUID | None) -> dict[str, Any]:
    """What the decision says: who goes, until when, with what it was decided. No viewer: as
    `party_of`."""
    return {
        "group": str(group) if group else None,
        "picked": [str(key) for key in party],
        "team": str(mission.team_id or ""),
        "due_at": mission.due_at.isoformat() if mission.due_at else None,
    }


def holds(
    facts: Mapping[str, Any] | None,
    mission: Any,
    party: list[uuid.UUID],
    group: uuid.UUID | None,
) -> bool:
    """Whether a decision says what stands now. No viewer: as `party_of`."""
    stands = facts_of(mission, party, group)
    return facts is not None and {key: facts.get(key) for key in stands} == stands


def last_facts(mission_id: uuid.UUID) -> dict[str, Any] | None:
    """What the last decision about a mission says. No viewer: as `party_of`. One query."""
    rows = MissionDecision.objects.filter(mission_id=mission_id).order_by("-number")
    return rows.values_list("facts", flat=True).first()


def needs_said(viewer: Viewer, mission_id: uuid.UUID) -> list[str]:
    """What whoever looked for people said last that a visible mission needs, for whoever disposes
    of people for it. At most two queries."""
    mission = visible_missions(viewer).filter(pk=mission_id).first()
    if mission is None or not viewer.has_for(mission.team_id, *OVERSEERS):
        return []
    return needs_in(last_facts(mission_id))


def needs_in(facts: Mapping[str, Any] | None) -> list[str]:
    """What a decision says that its mission needs. No viewer: the caller has asked."""
    return [one["position"] for one in (facts or {}).get("needs", ())]


def needs_as_facts(
    needs: Sequence[str], pool: Sequence[InPool], mission: Any, *, now: dt.datetime
) -> list[dict[str, Any]]:
    """What a mission needs as a decision keeps it, each with who of its pool holds it on its first
    day and its last (None: who holds it is not kept, and rules nobody out). No viewer: it is what a
    decision saw."""
    keys = [one.person_id for one in pool]
    begins, ends = _times(mission, now=now)
    found = []
    for need in needs:
        fits = duty_pool.holders(need, keys, at=begins, until=ends)
        held = None if fits is None else sorted(str(key) for key in fits)
        found.append({"position": need, "fits": held})
    return found


def undecided() -> list[tuple[Any, list[uuid.UUID]]]:
    """The missions that are planned or out whose party or time no decision holds as they stand:
    what could not be kept with the decision, and what stood before any was. What was imported was
    decided elsewhere. No viewer: the station keeps it. Four queries."""
    live = (MissionState.PLANNED, MissionState.OUT)
    rows = visible_missions(STATION).filter(state__in=live, key__isnull=True)
    decided = MissionDecision.objects.filter(mission_id__in=rows.values("pk")).order_by("number")
    last = dict(decided.values_list("mission_id", "facts"))
    found, missions = [], list(rows.order_by("pk").prefetch_related("party"))
    groups = groups_of(missions)
    for mission in missions:
        party = party_of(mission)
        if party and not holds(last.get(mission.pk), mission, party, groups.get(mission.pk)):
            found.append((mission, party))
    return found[:AT_ONCE]


def pool_of_mission(mission: Any, party: list[uuid.UUID], *, now: dt.datetime) -> list[InPool]:
    """Everybody of its team or special unit, and its party, as they stand now; `fits` says who is
    crewed with the party. No viewer: it is what a decision saw. A fixed number of queries."""
    others = everybody_of_team(mission.team_id)
    if mission.unit_id is not None:
        others = members_of(mission.unit_id)
    keys = list(dict.fromkeys([*party, *others]))[:POOL_MAX]
    begins, ends = _times(mission, now=now)
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


def _times(mission: Any, *, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """From when until when its party is taken to be out."""
    ends = mission.due_at or now + PLANNED_LENGTH
    begins = max(min(now, ends), planned_begin(mission.sets_out_at, ends))
    return mission.out_at or begins, ends


@dataclass(frozen=True, kw_only=True)
class Need:
    """Something that a mission needed, and who of everybody it could concern held it then; None
    where nobody was ruled out, because who holds it was not kept."""

    position: str
    fits: frozenset[uuid.UUID] | None


@dataclass(frozen=True, kw_only=True)
class MissionChoice:
    """One decision about a mission: when, by whom (None: somebody, before decisions were kept as
    they are taken), who was named, for what reason the others were not ("" where nobody said one),
    what it needed, everybody it could concern, and in the end who left. `group_id` is shared by
    what was decided together, of duties too."""

    mission_id: uuid.UUID
    at: dt.datetime
    by: uuid.UUID | None
    team_id: uuid.UUID | None
    group_id: uuid.UUID
    due_at: dt.datetime | None
    named: frozenset[uuid.UUID]
    reason: str
    needs: tuple[Need, ...]
    pool: tuple[Concerned, ...]
    left: frozenset[uuid.UUID]


def mission_choices(
    viewer: Viewer | None,
    *,
    since: dt.datetime | None = None,
    by: uuid.UUID | None = None,
    missions: models.QuerySet[Any] | None = None,
) -> Iterator[MissionChoice]:
    """Every decision (since an instant; by somebody; about some missions) in the order in which
    they were taken; none of which what it saw was erased. Nothing for anybody but the station. Two
    queries."""
    rows = _visible(viewer).exclude(facts={}).order_by("at", "mission_id", "number")
    rows = rows if since is None else rows.filter(at__gte=since)
    rows = rows if by is None else rows.filter(by_id=by)
    rows = rows if missions is None else rows.filter(mission_id__in=missions)
    left = crews_that_left(rows.values("mission_id"))
    for row in rows:
        team, due, group = (row.facts.get(name) for name in ("team", "due_at", "group"))
        yield MissionChoice(
            mission_id=row.mission_id,
            at=row.at,
            by=row.by_id,
            team_id=uuid.UUID(team) if team else None,
            group_id=uuid.UUID(group) if group else row.mission_id,
            due_at=dt.datetime.fromisoformat(due) if due else None,
            named=frozenset(uuid.UUID(key) for key in row.facts["picked"]),
            reason=row.reason,
            needs=tuple(_need(one) for one in row.facts.get("needs", ())),
            pool=tuple(concerned(one) for one in row.pool),
            left=left.get(row.mission_id, frozenset()),
        )


def _need(one: Mapping[str, Any]) -> Need:
    fits = one["fits"]
    return Need(
        position=one["position"],
        fits=None if fits is None else frozenset(uuid.UUID(key) for key in fits),
    )
