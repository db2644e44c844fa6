"""What each team did, as the rules of the detector want it: from the decisions that are kept of
duties and missions. For the station alone: no page shows it, and it gives no order of people.

What has no team (of everybody, of a special unit) is no activity of a team. What was called off
went against nobody.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from homeby.missions.queries.done import missions_over
from homeby.people.queries.in_teams import TimeInTeam, times_in_teams
from homeby.people.rules import Viewer
from homeby.readiness.queries.decisions import (
    CLOSES_AFTER,
    ClosedDuty,
    closed_duties,
    times_of_groups,
)
from homeby.readiness.queries.injuries import hurt_times
from homeby.readiness.queries.mentoring import taught
from homeby.readiness.queries.mission_decisions import MissionChoice, mission_choices
from homeby.welfare.queries.calendars import Calendars
from homeby.welfare.queries.of_duties import duty_as_activity
from homeby.welfare.queries.of_missions import mission_as_activity
from homeby.welfare.queries.people_then import PeopleThen
from homeby.welfare.rules.activities import ClosedActivity

#: A standing slot is one decision for so many weeks.
SERIES_WEEKS = 13
_SERIES = dt.timedelta(weeks=SERIES_WEEKS)


def closed_activities(
    viewer: Viewer | None, *, now: dt.datetime
) -> dict[uuid.UUID, list[ClosedActivity]]:
    """By team what it did and what has closed by now, a group only when all of it has. A fixed
    number of queries, and a few for each position that the time of a duty asks for."""
    if viewer is None or not viewer.is_station:
        return {}
    people = PeopleThen(
        times=_by_team(times_in_teams(viewer)), hurt=hurt_times(viewer), taught=taught(viewer)
    )
    found: dict[uuid.UUID, list[ClosedActivity]] = {}
    for team, one in [*_duties(viewer, people, now), *_missions(viewer, people, now)]:
        closes = one.group_closes_at or one.closed_at
        if closes <= now:
            found.setdefault(team, []).append(one)
    return found


def _by_team(times: Iterable[TimeInTeam]) -> dict[uuid.UUID, list[TimeInTeam]]:
    found: dict[uuid.UUID, list[TimeInTeam]] = {}
    for one in times:
        found.setdefault(one.team_id, []).append(one)
    return found


@dataclass(frozen=True)
class Group:
    """What a duty was decided together with, and when the last of that closes."""

    name: str
    closes_at: dt.datetime


def _duties(
    viewer: Viewer, people: PeopleThen, now: dt.datetime
) -> Iterable[tuple[uuid.UUID, ClosedActivity]]:
    duties = [
        one
        for one in closed_duties(viewer, now=now)
        if one.team_id is not None and not one.was_called_off
    ]
    groups = times_of_groups(viewer, {one.group_id for one in duties})
    calendars = Calendars.of(duties)
    for one in duties:
        assert one.team_id is not None, "asked for above"
        group = group_of(one, groups[one.group_id])
        yield (
            one.team_id,
            duty_as_activity(
                one,
                people=people,
                calendars=calendars,
                group=group.name,
                group_closes_at=group.closes_at,
            ),
        )


def group_of(duty: ClosedDuty, times: list[tuple[dt.datetime, dt.datetime]]) -> Group:
    """What a duty was decided together with: of a series what lies within the same 13 weeks.
    `times`: of all of the group, the first first."""
    if not duty.is_series:
        last = max(ends for _begins, ends in times)
        return Group(name=str(duty.group_id), closes_at=last + CLOSES_AFTER)
    block = (duty.starts_at - times[0][0]) // _SERIES
    ends_of_block = [ends for begins, ends in times if (begins - times[0][0]) // _SERIES == block]
    return Group(name=f"{duty.group_id} {block}", closes_at=max(ends_of_block) + CLOSES_AFTER)


def _missions(
    viewer: Viewer, people: PeopleThen, now: dt.datetime
) -> Iterable[tuple[uuid.UUID, ClosedActivity]]:
    over = missions_over(viewer, before=now - CLOSES_AFTER)
    choices: dict[uuid.UUID, list[MissionChoice]] = {}
    for one in mission_choices(viewer):
        if one.mission_id in over:
            choices.setdefault(one.mission_id, []).append(one)
    for key, several in choices.items():
        team = several[-1].team_id
        if team is not None:
            closed_at = over[key].back_at + CLOSES_AFTER
            yield (
                team,
                mission_as_activity(over[key], several, people=people, closed_at=closed_at),
            )
