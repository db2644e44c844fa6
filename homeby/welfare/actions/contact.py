"""Whoever has done nothing with any of her team for long is somebody a welfare officer asks after.
A concern and no evidence against anybody; she may switch it off (`LEFTOUT.md` 4)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection

from django.db.models import Q

from homeby.logbook import actions as logbook
from homeby.people.queries.in_teams import everybody_of_team
from homeby.people.rules import STATION
from homeby.readiness.queries.injuries import hurt_times
from homeby.readiness.queries.times_taken import taken_beside_missions
from homeby.readiness.rules.duty_planning import Against
from homeby.welfare.actions.concerns import open_concern
from homeby.welfare.models import Concern, TeamState
from homeby.welfare.queries.search import members_now
from homeby.welfare.queries.switch import search, times_not_about
from homeby.welfare.rules.concerns import ConcernKind, ConcernState, Opening
from homeby.welfare.rules.contact import Silence, Span, last_together, silence
from homeby.welfare.rules.kept import unpacked
from homeby.welfare.rules.left_out import Team
from homeby.welfare.rules.switch import Unasked, is_within


def ask_after(*, now: dt.datetime, rest: Callable[[], None]) -> int:
    """Open a concern about each of them, once for each such time; gives how many are new. Safe to
    repeat and to interrupt."""
    if not search(STATION).is_on:
        return 0
    members, here = members_now(), set(everybody_of_team(None))
    told = 0
    for row in TeamState.objects.filter(month=0).order_by("team_id"):
        team = unpacked(bytes(row.body))
        if team is None:
            continue
        who = sorted(members.get(row.team_id, set()) & here)
        for one in _silent(team, who, now=now):
            told += _ask_after(row.team_id, one, now=now)
            rest()
    return told


def _silent(team: Team, people: Collection[uuid.UUID], *, now: dt.datetime) -> list[Silence]:
    near = [one for one in people if silence(team, str(one), away=(), now=now) is not None]
    if not near:
        return []
    off = times_not_about(STATION, near, said=Unasked.CONTACT)
    asked = [one for one in near if not is_within(now, off.get(one, ()))]
    first = min(last_together(team, str(one)) or now for one in near)
    away = _away(asked, begins=first, ends=now)
    found = [silence(team, str(one), away=away[one], now=now) for one in asked]
    return [one for one in found if one is not None]


def _away(
    people: Collection[uuid.UUID], *, begins: dt.datetime, ends: dt.datetime
) -> dict[uuid.UUID, list[Span]]:
    """Leave and injury of these people within a time."""
    found: dict[uuid.UUID, list[Span]] = {key: [] for key in people}
    for key, several in taken_beside_missions(people, begins=begins, ends=ends).items():
        found[key] += [(one.begins, one.ends) for one in several if one.what is Against.LEAVE]
    for key, from_at, to_at in hurt_times(STATION):
        if key in found:
            found[key].append((from_at, to_at if to_at is not None else ends))
    return found


def _ask_after(team_id: uuid.UUID, one: Silence, *, now: dt.datetime) -> bool:
    who = uuid.UUID(one.who)
    key = f"contact:{team_id}:{who}:{one.since.isoformat()}"
    return open_once(team_id, who, Unasked.CONTACT, key=key, lately=one.limit, now=now)


def open_once(
    team_id: uuid.UUID,
    who: uuid.UUID,
    said: Unasked,
    *,
    key: str,
    lately: dt.timedelta,
    now: dt.datetime,
) -> bool:
    """Have a welfare officer ask after somebody, unless one does in this team, or did so lately;
    says whether it is new."""
    cared_for = Q(state=ConcernState.OPEN) | Q(ended_at__gt=now - lately)
    about_her = Concern.objects.filter(cared_for, person_id=who, team_id=team_id)
    if about_her.exists() or Concern.objects.filter(key=key).exists():
        return False
    with logbook.writing(now=now, by=None, device="station") as book:
        opening = Opening(
            person_id=who,
            kind=ConcernKind.CONTACT,
            key=key,
            team_id=team_id,
            words={"companion": said},
        )
        open_concern(book, opening)
    return True
