"""Where a party is, as a reader may read it now: the one way by which place, coordinates and route
of a mission leave these rooms. What an open alarm says of a place, the watch says itself."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from homeby.missions.models import Mission, PartyMember
from homeby.missions.queries.glass import opened_missions
from homeby.missions.queries.visible import keeps_unit, units_kept, visible_missions
from homeby.missions.rules import MemberState, MissionState
from homeby.missions.rules.fading import (
    Planned,
    Sight,
    Standing,
    Where,
    fades,
    is_faded,
    sight,
    where,
)
from homeby.people.rules import Role, Viewer
from homeby.watch import queries as watch
from homeby.watch.queries.duress import silent_alarm


def is_duty_officer(viewer: Viewer, *, now: dt.datetime) -> bool:
    """Whether the viewer is one for everybody: by her role, or because she holds the watch now. One
    query at most."""
    if viewer.is_station or viewer.has(Role.DUTY_OFFICER):
        return True
    return viewer.person_id is not None and watch.holds_watch(viewer, now=now)


def wheres(
    viewer: Viewer | None,
    rows: Iterable[Mission],
    *,
    now: dt.datetime,
    alarms: Mapping[str, Any] | None = None,
    by_clock: bool = True,
) -> dict[uuid.UUID, Where]:
    """Where these missions, which the viewer may see, are for her. `alarms` are the open ones by
    reference, if they are at hand; without `by_clock` whoever shows it says herself what an overdue
    return opens. Four queries at most; none for a duty officer."""
    known = list(rows)
    left = [row for row in known if fades(row.state)]
    if not left or viewer is None:
        near: set[uuid.UUID] = set()
        sought: set[uuid.UUID] = set()
    elif is_duty_officer(viewer, now=now):
        near, sought = {row.pk for row in left}, set()
    else:
        near = _near(viewer, left, now=now)
        others = [row for row in left if row.pk not in near]
        sought = _alarmed(others, alarms)
        if by_clock:  # whether or not the watch was awake to say so
            sought |= {row.pk for row in others if _is_overdue(row, now=now)}
    return {
        row.pk: _where(
            row,
            sight(
                state=row.state,
                standing=_standing(viewer, row, is_near=row.pk in near),
                is_sought=row.pk in sought,
            )
            if viewer is not None
            else Sight.NONE,
            now=now,
        )
        for row in known
    }


def where_of(viewer: Viewer | None, row: Mission, *, now: dt.datetime) -> Where:
    """The same of one mission, for its own page: there a silent alarm opens it, too, to those who
    may know of it. Five queries at most."""
    found = wheres(viewer, [row], now=now)[row.pk]
    if found.sight is not Sight.EXACT and silent_alarm(viewer, row.ref) is not None:
        return _where(row, Sight.EXACT, now=now)
    return found


def where_then(
    viewer: Viewer | None,
    seen: Mapping[uuid.UUID, Mission],
    then: Mapping[uuid.UUID, Mission],
    *,
    now: dt.datetime,
) -> dict[uuid.UUID, Where]:
    """Where these missions were at a past moment (`then`, by the logbook), as far as the viewer may
    read today where they are, or were (`seen`). Four queries at most."""
    today = wheres(viewer, [seen[key] for key in then], now=now)
    return {
        key: _where(row, today[key].sight, now=now, back_at=seen[key].back_at)
        for key, row in then.items()
    }


def exactly_known(
    viewer: Viewer, mission_ids: Iterable[uuid.UUID], *, now: dt.datetime
) -> set[uuid.UUID]:
    """Of these missions those whose exact place the viewer may read. Five queries at most."""
    rows = list(visible_missions(viewer).filter(pk__in=set(mission_ids)))
    found = wheres(viewer, rows, now=now)
    return {key for key, one in found.items() if one.sight is Sight.EXACT}


def place_holds(viewer: Viewer, text: str, *, now: dt.datetime) -> Q:
    """Missions whose place has this text, of those whose exact place the viewer may read without
    an alarm: who may not, must not find it by guessing either. One query at most."""
    found = Q(place__icontains=text)
    if is_duty_officer(viewer, now=now):
        return found
    plans = ~Q(state__in=[state for state in MissionState if fades(state)])
    officer = Q(team_id__in=viewer.teams(Role.DUTY_OFFICER))
    led = Q(state=MissionState.BACK) & _led(viewer)
    return found & (plans | officer | led | _own(viewer))


def _own(viewer: Viewer) -> Q:
    if viewer.person_id is None:
        return Q(pk__in=[])
    going = PartyMember.objects.filter(person_id=viewer.person_id)
    going = going.exclude(state=MemberState.STAYED)
    return Q(pk__in=going.values("mission")) | Q(buddy_id=viewer.person_id)


def _led(viewer: Viewer) -> Q:
    if viewer.has(Role.LEADER):
        return Q()
    found = Q(team_id__in=viewer.teams(Role.LEADER)) | Q(leader_id=viewer.person_id)
    found |= Q(unit__in=units_kept(viewer))
    if viewer.has_somewhere(Role.LEADER):
        found |= Q(planned_by_id=viewer.person_id) | Q(assigned_by_id=viewer.person_id)
    return found


def _near(viewer: Viewer, rows: list[Mission], *, now: dt.datetime) -> set[uuid.UUID]:
    """Of these missions, those to which the viewer is near beside her role."""
    keys = [row.pk for row in rows]
    own = Mission.objects.filter(_own(viewer), pk__in=keys).values_list("pk", flat=True)
    return set(own) | opened_missions(viewer, now=now).intersection(keys)


def _alarmed(rows: list[Mission], alarms: Mapping[str, Any] | None) -> set[uuid.UUID]:
    """Those of them about which an alarm is open."""
    if alarms is None:
        alarms = watch.open_alarms_of([row.ref for row in rows]) if rows else {}
    return {row.pk for row in rows if row.ref in alarms}


def _is_overdue(row: Mission, *, now: dt.datetime) -> bool:
    """Whether somebody is out past the promised return."""
    return row.state == MissionState.OUT and row.due_at is not None and row.due_at <= now


def _standing(viewer: Viewer | None, row: Mission, *, is_near: bool) -> Standing:
    if viewer is None:
        return Standing.OTHER
    if is_near or viewer.has_for(row.team_id, Role.DUTY_OFFICER):
        return Standing.NEAR
    chose = viewer.person_id in (row.planned_by_id, row.assigned_by_id)
    leads = viewer.has_for(row.team_id, Role.LEADER) or viewer.person_id == row.leader_id
    leads = leads or (chose and viewer.has_somewhere(Role.LEADER))
    return Standing.LEADS if leads or keeps_unit(viewer, row.unit_id) else Standing.OTHER


def _where(
    row: Mission, seen: Sight, *, now: dt.datetime, back_at: dt.datetime | None = None
) -> Where:
    planned = Planned(
        place=row.place,
        latitude=row.latitude,
        longitude=row.longitude,
        route_gpx=row.route_gpx,
    )
    return where(planned, sight=seen, has_faded=is_faded(back_at=back_at or row.back_at, now=now))
