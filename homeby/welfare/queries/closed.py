"""What each team did, as the rules of the detector want it: from the decisions that are kept of
duties and missions. For the station alone: no page shows it, and it gives no order of people.

What has no team (of everybody, of a special unit) is no activity of a team. What was called off
went against nobody.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from homeby.missions.queries.done import (
    MissionOver,
    missions_of_teams,
    missions_over,
    times_of_missions,
)
from homeby.people.queries.in_teams import TimeInTeam, times_in_teams
from homeby.people.rules import Viewer
from homeby.readiness.queries.decision_groups import named_among
from homeby.readiness.queries.decisions import (
    CLOSES_AFTER,
    ClosedDuty,
    closed_duties,
    times_of_groups,
)
from homeby.readiness.queries.injuries import hurt_times
from homeby.readiness.queries.mentoring import taught
from homeby.readiness.queries.mission_decisions import MissionChoice, mission_choices
from homeby.readiness.rules.decision_groups import LONGEST as GROUP_LONGEST
from homeby.readiness.rules.duty_planning import LONGEST as DUTY_LONGEST
from homeby.welfare.queries.calendars import Calendars
from homeby.welfare.queries.of_duties import duty_as_activity
from homeby.welfare.queries.of_missions import before_they_left, mission_as_activity
from homeby.welfare.queries.people_then import PeopleThen
from homeby.welfare.rules.activities import ClosedActivity
from homeby.welfare.rules.kept import TOGETHER_MOST

#: A standing slot is one decision for so many weeks.
SERIES_WEEKS = 13
_SERIES = dt.timedelta(weeks=SERIES_WEEKS)
assert max(_SERIES, GROUP_LONGEST) + DUTY_LONGEST + CLOSES_AFTER <= TOGETHER_MOST
#: From when until when something is.
Times = tuple[dt.datetime, dt.datetime]
#: Each decision about each mission, in their order.
Choices = dict[uuid.UUID, list[MissionChoice]]


def closed_activities(
    viewer: Viewer | None,
    *,
    now: dt.datetime,
    only: Collection[uuid.UUID] | None = None,
    since: dt.datetime | None = None,
) -> dict[uuid.UUID, list[ClosedActivity]]:
    """By team (of these; None: of all) what it did and what has closed by now (and not before an
    instant), a group only when all of it has. A fixed number of queries, and a few for each
    position that the time of a duty asks for; what other teams did is not read."""
    if viewer is None or not viewer.is_station:
        return {}
    read_from = None if since is None else since - TOGETHER_MOST
    closed = closed_duties(viewer, now=now, since=read_from, teams=only)
    duties = [one for one in closed if one.team_id is not None and not one.was_called_off]
    among = missions_of_teams(viewer, only, since=read_from)
    missions = _choices_of(viewer, among)
    people = _people_then(viewer, duties, missions, only)
    groups = _groups(viewer, duties, missions, among, now=now)
    over = missions_over(viewer, before=now - CLOSES_AFTER, among=among)
    found: dict[uuid.UUID, list[ClosedActivity]] = {}
    for team, one in [
        *_duties(duties, people, groups),
        *_missions(over, missions, people, groups),
    ]:
        closes = one.group_closes_at or one.closed_at
        is_wanted = only is None or team in only
        if is_wanted and closes <= now and (since is None or closes > since):
            found.setdefault(team, []).append(one)
    return found


def _people_then(
    viewer: Viewer,
    duties: Sequence[ClosedDuty],
    missions: Choices,
    only: Collection[uuid.UUID] | None,
) -> PeopleThen:
    """What is known of those whom this could concern."""
    pools = [each.pool for one in duties for each in one.decisions]
    pools += [one.pool for one in chain(*missions.values())]
    whom = {each.person_id for each in chain(*pools)}
    whom |= {each.person_id for one in duties for each in one.people}
    mentors = {one.mentor_id for one in duties if one.mentor_id is not None}
    return PeopleThen(
        times=_by_team(times_in_teams(viewer, only)),
        hurt=hurt_times(viewer, people=None if only is None else whom),
        taught=taught(viewer, mentors=mentors),
    )


def _by_team(times: Iterable[TimeInTeam]) -> dict[uuid.UUID, list[TimeInTeam]]:
    found: dict[uuid.UUID, list[TimeInTeam]] = {}
    for one in times:
        found.setdefault(one.team_id, []).append(one)
    return found


@dataclass(frozen=True)
class Group:
    """What an activity was decided together with, and when the last of that closes."""

    name: str
    closes_at: dt.datetime


@dataclass(frozen=True)
class Groups:
    """From when until when each of a group is, duties and missions alike, the first first; and
    which of the groups somebody named: what is in such a one is one decision."""

    times: dict[uuid.UUID, list[Times]]
    named: frozenset[uuid.UUID]

    def of(self, group_id: uuid.UUID, *, is_series: bool, starts_at: dt.datetime) -> Group:
        """What began then was decided together with; of a series, unless it is in a named group,
        what lies within the same 13 weeks."""
        times = self.times[group_id]
        if not is_series or group_id in self.named:
            last = max(ends for _begins, ends in times)
            return Group(name=str(group_id), closes_at=last + CLOSES_AFTER)
        first = times[0][0]
        block = (starts_at - first) // _SERIES
        ends_of_block = [ends for begins, ends in times if (begins - first) // _SERIES == block]
        return Group(name=f"{group_id} {block}", closes_at=max(ends_of_block) + CLOSES_AFTER)


def _groups(
    viewer: Viewer,
    duties: Sequence[ClosedDuty],
    missions: Choices,
    among: QuerySet[Any],
    *,
    now: dt.datetime,
) -> Groups:
    """What was decided together: a mission is in the group that its last decision before they left
    names, whatever was planned since."""
    known = times_of_missions(viewer, now=now, among=among)
    of_missions: dict[uuid.UUID, list[Times]] = {}
    for key, several in missions.items():
        if key in known:
            out_at = known[key][0] if several[-1].left else None
            last = before_they_left(several, out_at)[-1]
            of_missions.setdefault(last.group_id, []).append(known[key])
    keys = {one.group_id for one in duties} | of_missions.keys()
    of_duties = times_of_groups(viewer, keys)
    times = {key: sorted([*of_duties.get(key, ()), *of_missions.get(key, ())]) for key in keys}
    return Groups(times=times, named=frozenset(named_among(viewer, keys)))


def _duties(
    duties: Sequence[ClosedDuty], people: PeopleThen, groups: Groups
) -> Iterable[tuple[uuid.UUID, ClosedActivity]]:
    calendars = Calendars.of(duties)
    for one in duties:
        assert one.team_id is not None, "asked for above"
        group = groups.of(one.group_id, is_series=one.is_series, starts_at=one.starts_at)
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


def _choices_of(viewer: Viewer, among: QuerySet[Any]) -> Choices:
    found: Choices = {}
    for one in mission_choices(viewer, missions=among):
        found.setdefault(one.mission_id, []).append(one)
    return found


def _missions(
    known: Mapping[uuid.UUID, MissionOver], missions: Choices, people: PeopleThen, groups: Groups
) -> Iterable[tuple[uuid.UUID, ClosedActivity]]:
    for key, over in known.items():
        several = missions.get(key, [])
        team = several[-1].team_id if several else None
        if team is None:
            continue
        last = before_they_left(several, over.out_at)[-1]
        group = groups.of(last.group_id, is_series=False, starts_at=over.out_at)
        yield (
            team,
            mission_as_activity(
                over,
                several,
                people=people,
                closed_at=over.back_at + CLOSES_AFTER,
                group=group.name,
                group_closes_at=group.closes_at,
            ),
        )
