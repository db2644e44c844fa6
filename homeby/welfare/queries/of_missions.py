"""A mission that is over as an activity of its team: who of those who were available went."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from homeby.missions.queries.done import MissionOver
from homeby.readiness.queries.mission_decisions import MissionChoice
from homeby.readiness.rules.duty_planning import Against
from homeby.welfare.queries.people_then import PeopleThen
from homeby.welfare.rules.activities import Candidate, Choice, ClosedActivity, Seat

KIND = "MISSION"


def before_they_left(
    choices: Sequence[MissionChoice], out_at: dt.datetime | None
) -> list[MissionChoice]:
    """The decisions about one mission that count, in their order: those before they left. The last
    of them says who it was chosen among, and with what it was decided together."""
    return [one for one in choices if out_at is None or one.at <= out_at] or list(choices[:1])


def mission_as_activity(
    over: MissionOver,
    choices: Sequence[MissionChoice],
    *,
    people: PeopleThen,
    closed_at: dt.datetime,
    group: str,
    group_closes_at: dt.datetime,
) -> ClosedActivity:
    """One mission by its decisions that count (`before_they_left`), with who left in the end.
    Whoever decided, and the leader, are drawn by no lot."""
    before = before_they_left(choices, over.out_at)
    last = before[-1]
    since = people.members(last.team_id, at=over.out_at)
    candidates = []
    for one in last.pool:
        is_hurt = people.is_hurt(one.person_id, begins=over.out_at, ends=over.back_at)
        candidates.append(
            Candidate(
                who=str(one.person_id),
                is_member=one.person_id in since,
                since=since.get(one.person_id),
                fits=one.fits,
                away=is_hurt or one.against == Against.LEAVE,
                has_else=one.against not in ("", Against.LEAVE),
                available=one.available,
                left=one.person_id in last.left,
            )
        )
    candidates += _others(last, since)
    chose = {over.leader_id, *(one.by for one in before if one.by is not None)}
    return ClosedActivity(
        key=f"mission:{over.mission_id}",
        kind=KIND,
        begins=over.out_at,
        closed_at=closed_at,
        candidates=tuple(candidates),
        choice=Choice(seats=_seats(last), not_drawn=frozenset(map(str, chose))),
        planned_by=frozenset(map(str, chose)),
        group=group,
        group_closes_at=group_closes_at,
    )


def _others(last: MissionChoice, since: dict[uuid.UUID, dt.datetime]) -> list[Candidate]:
    """Who left with them though nobody had planned it."""
    known = {one.person_id for one in last.pool}
    return [
        Candidate(who=str(key), is_member=key in since, since=since.get(key), left=True)
        for key in sorted(last.left - known)
    ]


def _seats(last: MissionChoice) -> tuple[Seat, ...]:
    """A seat for each thing that the mission needed, and for the others of those who left one of
    anybody."""
    needed = [
        Seat(
            needs=one.position,
            eligible=None if one.fits is None else frozenset(map(str, one.fits)),
        )
        for one in last.needs
    ][: len(last.left)]
    return (*needed, *[Seat()] * (len(last.left) - len(needed)))
