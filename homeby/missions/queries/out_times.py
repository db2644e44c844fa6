"""When people are out, for whoever plans something else for them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q, QuerySet

from homeby.database.asked import NOW, OTHER, AskedOf
from homeby.missions.models import PartyMember
from homeby.missions.queries import home
from homeby.missions.queries.done import PLANNED_LENGTH, planned_begin
from homeby.missions.queries.visible import visible_missions
from homeby.missions.rules import MemberState, MissionState
from homeby.people.rules import Viewer

_LISTED = 500


@dataclass(frozen=True, kw_only=True)
class OutTime:
    """A mission that takes somebody's time: from when she went out until she is expected back, or
    is back; of a plan from when it says that they set out."""

    person_id: uuid.UUID
    mission_id: uuid.UUID
    begins: dt.datetime
    ends: dt.datetime


def out_times(
    person_ids: Collection[uuid.UUID], *, begins: dt.datetime, ends: dt.datetime
) -> list[OutTime]:
    """The missions that these people are out on within a time. No viewer: it says that a time is
    taken, and shows nobody anything. One query."""
    found = _OUT.rows(person_ids, now=begins, others=(ends,))
    times = [
        OutTime(person_id=person, mission_id=key, begins=out, ends=back or due or ends)
        for person, key, out, back, due in found
        if out is not None
    ]
    return [one for one in times if one.ends > begins]


def _out(keys: Collection[uuid.UUID]) -> QuerySet[PartyMember, Any]:
    rows = PartyMember.objects.filter(
        Q(back_at__isnull=True) | Q(back_at__gt=NOW),
        person_id__in=keys,
        state__in=(MemberState.OUT, MemberState.BACK),
        out_at__lt=OTHER[0],
    )
    return rows.values_list("person_id", "mission_id", "out_at", "back_at", "mission__due_at")


_OUT = AskedOf(_out)


def planned_times(
    person_ids: Collection[uuid.UUID], *, begins: dt.datetime, ends: dt.datetime
) -> list[OutTime]:
    """The same for missions that they are planned for and have not left on: where a plan does not
    say when they set out, `PLANNED_LENGTH` before the return is taken. No viewer: as `out_times`.
    One query."""
    found = _PLANNED.rows(person_ids, now=begins, others=(ends,))
    return [
        OutTime(person_id=person, mission_id=key, begins=planned_begin(leaves, due), ends=due)
        for person, key, leaves, due in found
        if due is not None
    ]


def _planned(keys: Collection[uuid.UUID]) -> QuerySet[PartyMember, Any]:
    is_late = Q(mission__due_at__lt=OTHER[0] + PLANNED_LENGTH, mission__sets_out_at__isnull=True)
    rows = PartyMember.objects.filter(
        is_late | Q(mission__sets_out_at__lt=OTHER[0]),
        person_id__in=keys,
        state=MemberState.PLANNED,
        mission__state__in=(MissionState.PLANNED, MissionState.OUT),
        mission__due_at__gt=NOW,
    )
    return rows.values_list("person_id", "mission_id", "mission__sets_out_at", "mission__due_at")


_PLANNED = AskedOf(_planned)


def last_out(person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dt.datetime]:
    """When each of these people went out last. No viewer: it decides whose turn it is, and shows
    nobody anything. One query."""
    return dict(_LAST_OUT.rows(person_ids))


def _last_out(keys: Collection[uuid.UUID]) -> QuerySet[PartyMember, Any]:
    rows = PartyMember.objects.filter(person_id__in=keys, out_at__isnull=False)
    return rows.values("person_id").annotate(at=Max("out_at")).values_list("person_id", "at")


_LAST_OUT = AskedOf(_last_out)


@dataclass(frozen=True, kw_only=True)
class MissionTime:
    """A mission as a calendar shows it; `begins` is None where its plan does not say it."""

    mission_id: uuid.UUID
    what: str
    begins: dt.datetime | None
    ends: dt.datetime
    is_mine: bool
    team_id: uuid.UUID | None


def mission_times(
    viewer: Viewer | None, *, begins: dt.datetime, ends: dt.datetime
) -> list[MissionTime]:
    """The missions that the viewer may see and that are, or are planned to be, within a time;
    one that she is home from is over for her. Two queries, up to three more for a member."""
    live = (MissionState.PLANNED, MissionState.OUT)
    rows = visible_missions(viewer).filter(
        Q(due_at__lt=ends) | Q(out_at__lt=ends) | Q(sets_out_at__lt=ends), due_at__gte=begins
    )
    rows = home.in_states(viewer, rows, live)
    found = list(rows.order_by("due_at", "pk")[:_LISTED])
    me = [viewer.person_id] if viewer and viewer.person_id else []
    own = PartyMember.objects.filter(mission__in=[row.pk for row in found], person_id__in=me)
    mine = set(own.values_list("mission_id", flat=True))
    return [
        MissionTime(
            mission_id=row.pk,
            what=row.what,
            begins=row.out_at or row.sets_out_at,
            ends=row.due_at,
            is_mine=row.pk in mine,
            team_id=row.team_id,
        )
        for row in found
        if row.due_at is not None
    ]
