"""What stands behind a signal, for her and for the welfare officer who looks after the concern that
came of it: the decisions, counted again from the records as they are now."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from homeby.people import queries as people
from homeby.people.queries.in_teams import times_in_teams
from homeby.people.rules import STATION, Viewer
from homeby.welfare.models import LeftOutSignal
from homeby.welfare.queries.chances import Chance, but_apart, chances_in, in_team
from homeby.welfare.queries.left_out import visible_signals
from homeby.welfare.queries.search import happened
from homeby.welfare.queries.switch import periods
from homeby.welfare.rules.activities import ClosedActivity, Together
from homeby.welfare.rules.evidence import QUESTIONS
from homeby.welfare.rules.explained import Stretch, said_of, stretch_of
from homeby.welfare.rules.left_out import Happened

#: The picture of a signal begins so long before it.
EARLIER = dt.timedelta(days=182)


@dataclass(frozen=True, kw_only=True)
class Behind:
    """What stands behind a signal. `stretch`: None where the records by now no longer say it, or
    what it came by was erased. `earlier`: the chances of half a year before; `asked`: of how many
    choices without her she had been asked before, and of how many not."""

    person_id: uuid.UUID
    team: str
    people: int
    member_since: dt.datetime | None
    raised_at: dt.datetime
    one_in_years: int
    stretch: Stretch | None
    chances: tuple[Chance, ...] = ()
    earlier: tuple[Chance, ...] = ()
    asked: tuple[int, int] = (0, 0)


def own_signals(viewer: Viewer) -> list[tuple[uuid.UUID, dt.datetime]]:
    """The concerns that came of signals about herself, and when, the newest first. One query."""
    if viewer.person_id is None:
        return []
    rows = visible_signals(viewer).filter(person_id=viewer.person_id).order_by("-raised_at", "pk")
    found: dict[uuid.UUID, dt.datetime] = {}
    for concern, at in rows.values_list("concern_id", "raised_at"):
        found.setdefault(concern, at)
    return list(found.items())


def behind(viewer: Viewer, concern_id: uuid.UUID, *, now: dt.datetime) -> list[Behind]:
    """What stands behind each signal of a concern, the first first; nothing for whoever may not
    read it. What the viewer is kept away from is left out. A fixed number of queries."""
    rows = visible_signals(viewer).filter(concern=concern_id)
    signals = list(rows.order_by("at", "question").select_related("team"))
    if not signals:
        return []
    teams, searched = {one.team_id for one in signals}, periods(STATION)
    times = times_in_teams(STATION, teams)
    told = happened(searched, now=now, since=None, only=teams)
    names = dict(people.team_choices(STATION))
    found = []
    for row in signals:
        since = [
            one.from_at
            for one in times
            if (one.team_id, one.person_id) == (row.team_id, row.person_id)
            and one.from_at <= row.at
        ]
        promise = [one.one_in_years for one in searched if one.holds(row.at)]
        plain = Behind(
            person_id=row.person_id,
            team=names.get(row.team_id, ""),
            people=len(in_team(times, row.team_id, but=viewer.apart)),
            member_since=max(since, default=None),
            raised_at=row.raised_at,
            one_in_years=promise[0] if promise else searched[-1].one_in_years,
            stretch=None,
        )
        found.append(_counted(viewer, row, told.get(row.team_id, []), plain) if row.key else plain)
    return found


def _counted(viewer: Viewer, row: LeftOutSignal, told: Sequence[Happened], plain: Behind) -> Behind:
    """The same with what is counted from the records as they are now."""
    decided = (each for one in told if isinstance(one, Together) for each in one.activities)
    activities = but_apart(viewer, list(decided))
    said = said_of(
        str(row.person_id),
        activities,
        promise=1 / plain.one_in_years,
        until=row.at,
        also=[one for one in told if not isinstance(one, Together)],
    )
    (question,) = (one for one in QUESTIONS if one.name == row.question)
    stretch = stretch_of(question, said)
    if stretch is None:
        return plain
    within = [one for one in said if one.at >= stretch.since]
    before = [one for one in said if stretch.since - EARLIER <= one.at < stretch.since]
    keys = {key for one in within for key, facts in one.facts if facts}
    return replace(
        plain,
        stretch=stretch,
        chances=chances_in(viewer, within, activities),
        earlier=chances_in(viewer, before, activities),
        asked=_was_asked((one for one in activities if one.key in keys), row.person_id),
    )


def _was_asked(activities: Iterable[ClosedActivity], who: uuid.UUID) -> tuple[int, int]:
    """Of the choices on which she could have gone and did not, how many she had been asked before,
    and how many not."""
    mine = [
        each.invited_at is not None
        for one in activities
        if one.choice is not None
        for each in one.candidates
        if each.who == str(who) and each.available and not (each.left or each.refused)
    ]
    return sum(mine), len(mine) - sum(mine)
