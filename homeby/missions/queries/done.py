"""Outings that are over, for what is made up from them afterwards: positions, tasks shown."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from homeby.database.asked import NOW, AskedOf
from homeby.missions.models import PartyMember
from homeby.missions.queries.visible import answers_for, came_home, visible_missions
from homeby.missions.rules import MemberState, MissionState
from homeby.people.rules import Viewer

#: Where a plan says when somebody is expected back, and not when she leaves: so long before.
PLANNED_LENGTH = dt.timedelta(hours=12)
#: A task is signed from a mission of the last so many days.
LOOK_BACK = dt.timedelta(days=400)
_MOST = 50
_OPEN = (MissionState.OUT, MissionState.PLANNED)


@dataclass(frozen=True, kw_only=True)
class Outing:
    """One person's part in a mission: from when until when (None: still out), in which zone; its
    kind by its code ("" for an ordinary one), and whether it was an exercise."""

    mission_id: uuid.UUID
    person_id: uuid.UUID
    what: str
    zone: str
    leader_id: uuid.UUID
    out_at: dt.datetime
    back_at: dt.datetime | None
    kind: str = ""
    is_exercise: bool = False


def outings_with(viewer: Viewer, person_id: uuid.UUID, *, now: dt.datetime) -> list[Outing]:
    """The missions of somebody that are over, which the viewer answers for; and those they were on
    together, which are over for her since her own return. The newest first. Two queries."""
    if viewer.person_id is None:
        return []
    together = dict(came_home(viewer).values_list("mission_id", "back_at"))
    near = Q() if viewer.keeps_watch else answers_for(viewer, "mission__")
    over = near & Q(state=MemberState.BACK, mission__state=MissionState.BACK)
    rows = PartyMember.objects.filter(
        over | Q(mission__in=came_home(viewer).values("mission"), out_at__isnull=False),
        person_id=person_id,
        out_at__gte=now - LOOK_BACK,
        mission__in=visible_missions(viewer),
    )
    rows = rows.select_related("mission__kind").order_by("-out_at", "pk")[:_MOST]
    found = [(row, together.get(row.mission_id)) for row in rows]
    return [
        _outing(row) if home_at is None else replace(_outing(row), back_at=home_at)
        for row, home_at in found
        if home_at is None or (row.out_at is not None and row.out_at <= home_at)
    ]


def _outing(row: PartyMember) -> Outing:
    assert row.out_at is not None, "whoever is back was out"
    kind = row.mission.kind
    return Outing(
        mission_id=row.mission_id,
        person_id=row.person_id,
        what=row.mission.what,
        zone=row.mission.zone,
        leader_id=row.mission.leader_id,
        out_at=row.out_at,
        back_at=row.back_at,
        kind=kind.code if kind is not None else "",
        is_exercise=kind is not None and kind.is_exercise,
    )


def crew_of(mission_id: uuid.UUID) -> set[uuid.UUID]:
    """Who is in the party of a mission. No viewer: it decides who is crewed with them, and is shown
    to nobody. One query."""
    rows = PartyMember.objects.filter(mission_id=mission_id)
    return set(rows.values_list("person_id", flat=True))


def crews_that_left(mission_ids: QuerySet[Any]) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """By mission who left on it, whoever was planned. No viewer: it feeds the search for people who
    are left out, and is shown to nobody. One query."""
    rows = PartyMember.objects.filter(mission__in=mission_ids, out_at__isnull=False)
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for mission, person in rows.values_list("mission_id", "person_id"):
        found.setdefault(mission, set()).add(person)
    return {mission: frozenset(crew) for mission, crew in found.items()}


@dataclass(frozen=True, kw_only=True)
class MissionOver:
    """A mission that is over: who led it, from when until when they were out."""

    mission_id: uuid.UUID
    leader_id: uuid.UUID
    out_at: dt.datetime
    back_at: dt.datetime


def missions_of_teams(
    viewer: Viewer | None, teams: Collection[uuid.UUID] | None, *, since: dt.datetime | None
) -> QuerySet[Any]:
    """The missions of some teams (None: of all) that were not back before an instant (None: at any
    time), for the station alone; to be put into a filter."""
    if viewer is None or not viewer.is_station:
        return visible_missions(None).values("pk")
    rows = visible_missions(viewer)
    if teams is not None:
        rows = rows.filter(team__in=teams)
    if since is not None:
        rows = rows.filter(Q(back_at__isnull=True) | Q(back_at__gt=since))
    return rows.values("pk")


def missions_over(
    viewer: Viewer | None, *, before: dt.datetime, among: QuerySet[Any]
) -> dict[uuid.UUID, MissionOver]:
    """Those of some missions that were back before an instant, for the station alone. One query."""
    if viewer is None or not viewer.is_station:
        return {}
    rows = visible_missions(viewer).filter(
        state=MissionState.BACK, out_at__isnull=False, back_at__lte=before, pk__in=among
    )
    found = {}
    for key, leader, out_at, back_at in rows.values_list("pk", "leader_id", "out_at", "back_at"):
        assert out_at is not None, "asked for by it"
        assert back_at is not None, "asked for by it"
        found[key] = MissionOver(mission_id=key, leader_id=leader, out_at=out_at, back_at=back_at)
    return found


def times_of_missions(
    viewer: Viewer | None, *, now: dt.datetime, among: QuerySet[Any]
) -> dict[uuid.UUID, tuple[dt.datetime, dt.datetime]]:
    """From when until when each of some missions is, was or is planned to be that was not called
    off; one that is out ends no sooner than now. For the station alone. One query."""
    if viewer is None or not viewer.is_station:
        return {}
    rows = visible_missions(viewer).filter(state__in=(*_OPEN, MissionState.BACK), pk__in=among)
    found = {}
    times = ("sets_out_at", "out_at", "back_at", "due_at")
    for key, state, leaves, out, back, due in rows.values_list("pk", "state", *times):
        begins = out or leaves or due
        ends = max(due or now, now) if state == MissionState.OUT else back or due
        if begins is not None and ends is not None:
            found[key] = (begins, max(begins, ends))
    return found


#: A mission and one of its party.
Pair = tuple[uuid.UUID, uuid.UUID]


def members_over() -> QuerySet[PartyMember]:
    """Those who are back of missions that are back. No viewer: as `outings_over`."""
    return PartyMember.objects.filter(
        state=MemberState.BACK, out_at__isnull=False, mission__state=MissionState.BACK
    )


def outings_over(pairs: Iterable[Pair]) -> dict[Pair, Outing]:
    """Of these missions and people those who are back, where the whole mission is. No viewer: the
    station makes up what they did. One query."""
    wanted = set(pairs)
    rows = members_over().filter(mission__in={mission for mission, _person in wanted})
    rows = rows.select_related("mission__kind")
    found = {(row.mission_id, row.person_id): _outing(row) for row in rows}
    return {key: one for key, one in found.items() if key in wanted}


def outings_by_key(keys: Iterable[str]) -> dict[tuple[str, uuid.UUID], Outing]:
    """Who was on the missions with these natural keys, where they are over. No viewer: it decides
    what of old records is taken in. One query."""
    rows = members_over().filter(mission__key__in=set(keys)).select_related("mission")
    return {(str(row.mission.key), row.person_id): _outing(row) for row in rows}


class OnMission(NamedTuple):
    """Somebody on a mission, from when until when it takes her."""

    person_id: uuid.UUID
    mission_id: uuid.UUID
    begins: dt.datetime
    ends: dt.datetime


def planned_begin(sets_out_at: dt.datetime | None, due_at: dt.datetime) -> dt.datetime:
    """From when a plan takes the time of its party. No viewer: it reckons."""
    return sets_out_at or due_at - PLANNED_LENGTH


def busy_with_missions(
    person_ids: Iterable[uuid.UUID],
    *,
    begins: dt.datetime,
    ends: dt.datetime,
    but: uuid.UUID | None = None,
) -> list[OnMission]:
    """When these people are out or planned to be on another mission within a time. Nobody is told
    which. No viewer: it is one of the facts by which it is judged who is free. Two queries."""
    found: list[OnMission] = []
    wanted = set(person_ids)
    rows = [*_OUT.rows(wanted), *_AHEAD.rows(wanted, now=begins)]
    for person_id, mission_id, out_at, sets_out_at, due_at in rows:
        if mission_id == but:
            continue
        if out_at is not None:  # of one who is overdue nobody knows until when
            span = (out_at, due_at if due_at > begins else ends)
        else:
            span = (planned_begin(sets_out_at, due_at), due_at)
        if span[0] < ends and begins < span[1]:
            found.append(OnMission(person_id, mission_id, *span))
    return found


_TIMES = ("person_id", "mission_id", "out_at", "mission__sets_out_at", "mission__due_at")


def _out(keys: Collection[uuid.UUID]) -> QuerySet[PartyMember, Any]:
    rows = PartyMember.objects.filter(
        person_id__in=keys, state=MemberState.OUT, mission__due_at__isnull=False
    )
    return rows.values_list(*_TIMES)


def _ahead(keys: Collection[uuid.UUID]) -> QuerySet[PartyMember, Any]:
    rows = PartyMember.objects.filter(
        person_id__in=keys,
        state=MemberState.PLANNED,
        mission__state__in=_OPEN,
        mission__due_at__gte=NOW,
    )
    return rows.values_list(*_TIMES)


_OUT, _AHEAD = AskedOf(_out), AskedOf(_ahead)  # each along an index of its own
