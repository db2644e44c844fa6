"""How a team's people took part in what it did: of how many who were eligible and available how
many had it offered, and how many came. Sums over all of them; of no person, and of no group under
five, but for the welfare officer."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from homeby.people import queries as people
from homeby.people.queries.in_teams import times_in_teams
from homeby.people.rules import STATION, Role, Viewer
from homeby.welfare.queries.chances import LOOK_BACK, but_apart, in_team, may_open
from homeby.welfare.queries.closed import closed_activities
from homeby.welfare.rules.activities import Candidate, ClosedActivity
from homeby.welfare.rules.said_of_chances import FEW

READERS = (Role.LEADER, Role.DUTY_OFFICER, Role.WELFARE_OFFICER)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One activity that is counted; `ref` is None where the reader may not open it. Of how many of
    its people it is counted: None where they are too few to be shown."""

    kind: str
    at: dt.datetime
    ref: str | None
    could: int | None
    offered: int | None
    came: int | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a team did of one kind: how often; and summed over its people: eligible and available,
    offered, came. None where they are of too few people to be shown. `behind`: what each of these
    is counted from, the newest first."""

    kind: str
    activities: int
    could: int | None
    offered: int | None
    came: int | None
    behind: tuple[Counted, ...]


@dataclass(frozen=True, kw_only=True)
class TakingPart:
    """A team on paper (`people`) and in fact: how many of these had any chance (None: too few to be
    shown, or the reader is no welfare officer)."""

    team: str
    people: int
    had_a_chance: int | None
    parts: list[Part]


def teams_read(viewer: Viewer) -> list[tuple[uuid.UUID, str]]:
    """The teams whose taking part the viewer reads, by name. One query."""
    return [
        (key, name) for key, name in people.team_choices(viewer) if viewer.has_for(key, *READERS)
    ]


def taking_part(viewer: Viewer, team_id: uuid.UUID, *, now: dt.datetime) -> TakingPart | None:
    """A team's last year; None where the viewer does not read it. A fixed number of queries."""
    names = dict(teams_read(viewer))
    if team_id not in names:
        return None
    times = times_in_teams(STATION, [team_id])
    there = {str(key) for key in in_team(times, team_id, but=viewer.apart)}
    since = now - LOOK_BACK
    closed = closed_activities(STATION, now=now, only=[team_id], since=since)
    kept = but_apart(viewer, closed.get(team_id, ()))
    lately = [one for one in kept if one.begins >= since]
    cares = viewer.has_for(team_id, Role.WELFARE_OFFICER)
    kinds = sorted({one.kind for one in lately})
    opens = may_open(viewer, {one.key for one in lately})
    had = {who.who for one in lately for who in _could(one)} & there
    return TakingPart(
        team=names[team_id],
        people=len(there),
        had_a_chance=len(had) if cares else None,
        parts=[
            _part(kind, [one for one in lately if one.kind == kind], opens, cares=cares)
            for kind in kinds
        ],
    )


def _part(kind: str, several: list[ClosedActivity], opens: Collection[str], *, cares: bool) -> Part:
    there = {who.who for one in several for who in _could(one)}
    could, offered, came = _sums(several, shown=cares or len(there) >= FEW)
    behind = []
    for one in sorted(several, key=lambda one: one.begins, reverse=True):
        sums = _sums([one], shown=cares or len(list(_could(one))) >= FEW)
        ref = one.key if one.key in opens else None
        numbers = dict(zip(("could", "offered", "came"), sums, strict=True))
        behind.append(Counted(kind=kind, at=one.begins, ref=ref, **numbers))
    return Part(
        kind=kind,
        activities=len(several),
        could=could,
        offered=offered,
        came=came,
        behind=tuple(behind),
    )


def _sums(
    several: list[ClosedActivity], *, shown: bool
) -> tuple[int, int, int] | tuple[None, None, None]:
    """How many were eligible and available, had it offered, and came, summed over activities."""
    if not shown:
        return None, None, None
    could = [(one, who) for one in several for who in _could(one)]
    offered = sum(_was_offered(one, who) for one, who in could)
    return len(could), offered, sum(who.left for _one, who in could)


def _could(activity: ClosedActivity) -> Iterable[Candidate]:
    """Its members who were eligible and available: neither away nor busy, by nobody's no but their
    own."""
    chosen = activity.choice is not None
    for one in activity.candidates:
        is_able = one.is_member and one.fits and not (one.away or one.refused or one.excused)
        is_free = one.available is True if chosen else not one.has_else
        if activity.concerns(one.who) and is_able and (is_free or one.left):
            yield one


def _was_offered(activity: ClosedActivity, who: Candidate) -> bool:
    """She was asked before it began, or went."""
    return who.left or (who.invited_at is not None and who.invited_at < activity.begins)
