"""What the search for people who are left out reads: of which teams, what was decided, and
which cases were closed. For the station alone: no page shows it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

from homeby.logbook.queries import visible_entries
from homeby.missions.queries.closing import teams_of_missions_over
from homeby.people.queries.in_teams import times_in_teams
from homeby.people.rules import STATION
from homeby.readiness.queries.closing import teams_of_closed_duties
from homeby.readiness.queries.decisions import CLOSES_AFTER
from homeby.welfare.models import Concern, LeftOutSignal, SearchLook, TeamState
from homeby.welfare.queries.closed import closed_activities
from homeby.welfare.rules.activities import CaseClosed, decisions
from homeby.welfare.rules.concerns import ConcernKind, ConcernState, Outcome
from homeby.welfare.rules.left_out import Happened
from homeby.welfare.rules.memory import OLDEST
from homeby.welfare.rules.switch import Period, begun

#: A case that ended so leaves what explains it as what is usual from then on.
LASTING = frozenset({Outcome.AGREED})
_DUTY, _MISSION = "duty:", "mission:"


def teams_to_read(look: SearchLook, *, now: dt.datetime, number: int) -> set[uuid.UUID]:
    """The teams of which anything has closed since that look, or was changed that had closed
    before, or a case was closed: of the others nothing is read. No viewer: it says nothing of
    anybody. Four queries."""
    entries = visible_entries(STATION).filter(number__gt=look.number, number__lte=number)
    touched = _touched(entries.values_list("subject", flat=True).distinct())
    after, until = look.until_at, now
    cases = Concern.objects.filter(kind=ConcernKind.SIGNAL, team__isnull=False)
    cases = cases.filter(ended_at__gt=after, ended_at__lte=until)
    return {
        *teams_of_closed_duties(STATION, after=after, until=until, touched=touched[_DUTY]),
        *teams_of_missions_over(
            STATION,
            after=after - CLOSES_AFTER,
            until=until - CLOSES_AFTER,
            touched=touched[_MISSION],
        ),
        *cases.values_list("team_id", flat=True),
    }


def _touched(subjects: Iterable[str]) -> dict[str, list[uuid.UUID]]:
    found: dict[str, list[uuid.UUID]] = {_DUTY: [], _MISSION: []}
    for subject in subjects:
        for what in found:
            if subject.startswith(what):
                found[what].append(uuid.UUID(subject.removeprefix(what)))
    return found


def happened(
    periods: Sequence[Period],
    *,
    now: dt.datetime,
    since: dt.datetime | None,
    only: Collection[uuid.UUID] | None = None,
) -> dict[uuid.UUID, list[Happened]]:
    """By team (of these; None: of all) what counts, after an instant (None: all of it), in its
    order. No viewer: as above."""
    read_from = None if since is None else since - OLDEST  # what was usual is known from there on
    closed = closed_activities(STATION, now=now, only=only, since=read_from)
    several: dict[uuid.UUID, list[Happened]] = {
        team: [*decisions(activities)] for team, activities in closed.items()
    }
    states = TeamState.objects.filter(month=0)
    states = states if only is None else states.filter(team__in=only)
    for team in states.values_list("team_id", flat=True):
        several.setdefault(team, [])
    for team, case in _cases(now=now, only=only):
        several.setdefault(team, []).append(case)
    switched = begun(periods)
    return {
        team: sorted(
            (one for one in (*kept, *switched) if since is None or one.order[0] > since),
            key=lambda one: one.order,
        )
        for team, kept in several.items()
    }


def _cases(
    *, now: dt.datetime, only: Collection[uuid.UUID] | None
) -> list[tuple[uuid.UUID, CaseClosed]]:
    rows = Concern.objects.filter(
        kind=ConcernKind.SIGNAL,
        state=ConcernState.ENDED,
        team__isnull=False,
        ended_at__lte=now,
    ).order_by("ended_at", "pk")
    rows = rows if only is None else rows.filter(team__in=only)
    found = []
    for row in rows:
        assert row.team_id is not None, "asked for by it"
        assert row.ended_at is not None, "of one that ended"
        case = CaseClosed(
            key=f"concern:{row.pk}",
            who=str(row.person_id),
            at=row.ended_at,
            is_lasting=row.outcome in LASTING,
        )
        found.append((row.team_id, case))
    return found


def members_now() -> Mapping[uuid.UUID, set[uuid.UUID]]:
    """By team who is in it. No viewer: as above. One query."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for one in times_in_teams(STATION):
        if one.to_at is None:
            found.setdefault(one.team_id, set()).add(one.person_id)
    return found


def raised(team_id: uuid.UUID) -> list[LeftOutSignal]:
    """The signals of a team, the first first. No viewer: as above. One query."""
    rows = LeftOutSignal.objects.filter(team_id=team_id).order_by("at", "person_id", "question")
    return list(rows.select_related("concern"))
