"""The viewer's own outings, for the page on her phone."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Q

from homeby.missions.models import PartyMember
from homeby.missions.queries import visible_missions
from homeby.missions.queries.home import as_left, own_returns
from homeby.missions.rules import MemberState, MissionState
from homeby.people.rules import Viewer

#: So long the page of a phone still says that somebody is back, where nothing else is planned.
_SHOWN_BACK = dt.timedelta(hours=12)
#: More plans than this are no list for a phone.
_MOST = 10
_STATES = (MissionState.PLANNED, MissionState.OUT)
_RANK = {MemberState.OUT: 0, MemberState.PLANNED: 1, MemberState.BACK: 2}


@dataclass(frozen=True, kw_only=True)
class OwnOuting:
    """One mission of the viewer's, and how it stands with her on it; instants are aware UTC."""

    mission_id: uuid.UUID
    person_id: uuid.UUID
    state: MemberState
    what: str
    place: str
    due_at: dt.datetime | None
    back_at: dt.datetime | None


def own_outings(viewer: Viewer, *, now: dt.datetime) -> list[OwnOuting]:
    """What the viewer is out on, then what is planned, each by expected return, then what she came
    back from in the last twelve hours, as she left it. One query; for one of a party who is home up
    to four more, and two a mission."""
    if viewer.person_id is None:
        return []
    planned = Q(state=MemberState.PLANNED, mission__state__in=_STATES, mission__due_at__gt=now)
    back = Q(state=MemberState.BACK, back_at__gt=now - _SHOWN_BACK)
    outings = PartyMember.objects.filter(
        Q(state=MemberState.OUT) | planned | back,
        person_id=viewer.person_id,
        mission__in=visible_missions(viewer),
    )
    found = outings.select_related("mission").order_by("mission__due_at", "pk")[: 5 * _MOST]
    rows = list(found)
    home = [row.mission_id for row in rows if row.state == MemberState.BACK]
    left = own_returns(viewer, home) if home else {}
    for row in rows:
        if row.mission_id in left:
            row.mission = as_left(row.mission, row)
    own = [_own(row) for row in rows]
    return sorted(own, key=lambda one: _RANK[one.state])[:_MOST]


def is_going(viewer: Viewer, mission_id: uuid.UUID) -> bool:
    """Whether the viewer is in the party of a mission that is not over, and not back from it. One
    query."""
    if viewer.person_id is None:
        return False
    rows = PartyMember.objects.filter(mission_id=mission_id, person_id=viewer.person_id)
    going = (MemberState.PLANNED, MemberState.OUT)
    return rows.filter(state__in=going, mission__state__in=_STATES).exists()


def _own(row: PartyMember) -> OwnOuting:
    return OwnOuting(
        mission_id=row.mission_id,
        person_id=row.person_id,
        state=MemberState(row.state),
        what=row.mission.what,
        place=row.mission.place,
        due_at=row.mission.due_at,
        back_at=row.back_at,
    )
