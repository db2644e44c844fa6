"""What a member's chances in her teams were: for herself, counted over a year, whether anything was
ever raised or not.

Counts and days alone: no state of the detector, no figure of anybody else, no order of people.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from homeby.missions.queries.visible import visible_missions
from homeby.people import queries as people
from homeby.people.queries.in_teams import TimeInTeam, own_teams, times_in_teams
from homeby.people.rules import STATION, Viewer
from homeby.readiness.queries.duties import visible_duties
from homeby.welfare.queries.closed import closed_activities
from homeby.welfare.rules.activities import ClosedActivity
from homeby.welfare.rules.evidence import Channel
from homeby.welfare.rules.explained import Said, counted, said_of
from homeby.welfare.rules.memory import OLDEST
from homeby.welfare.rules.said_of_chances import Said as InWords
from homeby.welfare.rules.said_of_chances import in_words

#: Her own page looks back so far; what was usual before is read from as far back again as a team
#: is measured by (`OLDEST`).
LOOK_BACK = dt.timedelta(days=365)
#: What is counted for her page needs no promise: only a state does, and none is shown.
_ANY = 1 / 100


@dataclass(frozen=True, kw_only=True)
class Chance:
    """One decision that could have gone either way: of which activity (`ref`, None where the reader
    may not open it), its kind and day, and whether it went well."""

    channel: Channel
    well: bool
    key: str
    ref: str | None
    kind: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class TeamChances:
    """On paper and in fact: since when she is in a team, and the chances she had in it."""

    team_id: uuid.UUID
    team: str
    people: int
    member_since: dt.datetime
    said: tuple[InWords, ...]
    chances: tuple[Chance, ...]


def own_chances(viewer: Viewer, *, now: dt.datetime) -> list[TeamChances]:
    """Her own chances in each of her teams within a year. What she is kept away from is left out of
    counts and list alike: the one is always the other, counted again. A fixed number of queries."""
    if viewer.person_id is None:
        return []
    me, teams = viewer.person_id, own_teams(viewer)
    times = times_in_teams(STATION, teams)
    mine = {one.team_id: one for one in times if one.person_id == me and one.to_at is None}
    names = {team: name for team, name in people.team_choices(STATION) if team in mine}
    since = now - LOOK_BACK - OLDEST
    closed = closed_activities(STATION, now=now, only=teams, since=since) if mine else {}
    found = []
    for team in sorted(names, key=lambda one: (names[one].casefold(), str(one))):
        kept = but_apart(viewer, closed.get(team, ()))
        since = max(mine[team].from_at, now - LOOK_BACK)
        said = said_of(str(me), kept, promise=_ANY, until=now)
        lately = _lately(said, kept, since=since)
        found.append(
            TeamChances(
                team_id=team,
                team=names[team],
                people=len(in_team(times, team, but=viewer.apart)),
                member_since=mine[team].from_at,
                said=in_words(counted(lately)),
                chances=chances_in(viewer, lately, kept),
            )
        )
    return found


def in_team(
    times: Iterable[TimeInTeam], team_id: uuid.UUID, *, but: Collection[uuid.UUID] = ()
) -> set[uuid.UUID]:
    """Who is in a team, without some. No viewer: of what the caller has read."""
    there = {one.person_id for one in times if one.team_id == team_id and one.to_at is None}
    return there.difference(but)


def but_apart(viewer: Viewer, activities: Sequence[ClosedActivity]) -> list[ClosedActivity]:
    """Without what anybody was on, planned or picked from whom she is kept away, and without these
    among the others: neither a count nor a share tells that they were there."""
    away = {str(one) for one in viewer.apart}
    if not away:
        return list(activities)
    return [
        replace(one, candidates=tuple(each for each in one.candidates if each.who not in away))
        for one in activities
        if not away & _named(one)
    ]


def _named(one: ClosedActivity) -> set[str]:
    chose = one.choice.not_drawn if one.choice is not None else frozenset()
    return {*one.planned_by, *chose, *(each.who for each in one.candidates if each.left)}


def _lately(
    said: Iterable[Said], activities: Iterable[ClosedActivity], *, since: dt.datetime
) -> list[Said]:
    """What was said of activities that began since an instant; a decision that closed late counts
    by its activities."""
    begins = {one.key: one.begins for one in activities}
    found = []
    for one in said:
        facts = tuple((key, told) for key, told in one.facts if begins[key] >= since)
        if any(told for _key, told in facts):
            found.append(Said(at=one.at, facts=facts))
    return found


def chances_in(
    viewer: Viewer, said: Iterable[Said], activities: Iterable[ClosedActivity]
) -> tuple[Chance, ...]:
    """Each decision by itself, the first first, with a way to what the viewer may open. Two
    queries."""
    known = {one.key: one for one in activities}
    told = [(key, fact) for one in said for key, facts in one.facts for fact in facts]
    opens = may_open(viewer, {key for key, _fact in told})
    found = [
        Chance(
            channel=fact.channel,
            well=fact.well,
            key=key,
            ref=key if key in opens else None,
            kind=known[key].kind,
            at=known[key].begins,
        )
        for key, fact in told
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.key, list(Channel).index(one.channel))))


def may_open(viewer: Viewer, keys: Collection[str]) -> set[str]:
    """Which of these activities the viewer may open: a figure leads nowhere else. Two queries."""
    ids: dict[str, list[uuid.UUID]] = {"duty": [], "mission": []}
    for key in keys:
        kind, _colon, text = key.partition(":")
        ids[kind].append(uuid.UUID(text))
    duties = visible_duties(viewer).filter(pk__in=ids["duty"]).values_list("pk", flat=True)
    missions = visible_missions(viewer).filter(pk__in=ids["mission"]).values_list("pk", flat=True)
    return {*(f"duty:{key}" for key in duties), *(f"mission:{key}" for key in missions)}
