"""When people are out, for whoever plans something else for them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Max, Q, QuerySet

from homeby.database.asked import NOW, OTHER, AskedOf
from homeby.missions.models import Mission, PartyMember
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
    """A mission as a calendar shows it; `begins` is None where its plan does not say it, and
    `until` is later than `ends`, when it is due, while it is overdue."""

    mission_id: uuid.UUID
    what: str
    begins: dt.datetime | None
    ends: dt.datetime
    until: dt.datetime
    is_mine: bool
    team_id: uuid.UUID | None


def mission_times(
    viewer: Viewer | None, *, begins: dt.datetime, ends: dt.datetime, now: dt.datetime
) -> list[MissionTime]:
    """The missions that the viewer may see and that are, or are planned to be, within a time;
    one that she is home from is over for her. Two queries, up to three more for a member."""
    live = (MissionState.PLANNED, MissionState.OUT)
    within = Q(due_at__gte=begins) & (
        Q(due_at__lt=ends) | Q(out_at__lt=ends) | Q(sets_out_at__lt=ends)
    )
    if begins <= now:
        within |= Q(state=MissionState.OUT, out_at__lt=ends, due_at__lt=begins)
    rows = home.in_states(viewer, visible_missions(viewer).filter(within), live)
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
            until=max(row.due_at, now) if row.state == MissionState.OUT else row.due_at,
            is_mine=row.pk in mine,
            team_id=row.team_id,
        )
        for row in found
        if row.due_at is not None
    ]


def by_people(
    viewer: Viewer | None, times: Sequence[MissionTime]
) -> dict[uuid.UUID, list[MissionTime]]:
    """The same missions with each of their parties, as the viewer may know it (`home.party_of`):
    when somebody else of her own party came home changes nothing of it. Two queries, up to four
    more for a member."""
    of = {one.mission_id: one for one in times}
    rows = list(Mission.objects.filter(pk__in=of).prefetch_related("party__person"))
    known = home.parts(viewer, of)
    apart = viewer.apart if viewer is not None else frozenset()
    found: dict[uuid.UUID, list[MissionTime]] = {}
    for row in rows:
        for member in home.party_of(viewer, row, known):
            if member.state == MemberState.STAYED or member.person_id in apart:
                continue
            one, back = of[row.pk], member.back_at
            begins = member.out_at or row.sets_out_at
            own = replace(one, begins=begins, ends=back or one.ends, until=back or one.until)
            found.setdefault(member.person_id, []).append(own)
    return found
