"""People by skills, gaps first; what ends soon; who can go. For whoever disposes of people."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from homeby.missions import queries as missions
from homeby.missions.queries.done import PLANNED_LENGTH, crew_of, planned_begin
from homeby.missions.queries.minors import code_of
from homeby.missions.rules import Conditions
from homeby.people import queries as people
from homeby.people.queries.led import of_role, teams_of
from homeby.people.rules import PersonKind, Viewer
from homeby.people.rules_callsigns import shown_as
from homeby.readiness.models import Holding
from homeby.readiness.queries import facts, special_units
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.queries.days import today, zone
from homeby.readiness.queries.qualifications import OVERSEERS
from homeby.readiness.rules.currency import WARN_DAYS, Standing, Validity
from homeby.readiness.rules.qualifications import Qualifications
from homeby.readiness.rules.who_can_go import Answer, Asked, who_can_go

COLUMNS_MAX, PEOPLE_MAX = 40, 20_000
#: What lapsed so many days ago is no news any more.
LAPSED_DAYS = 365
ENDING_MAX = 1000
_NOT_HELD = Validity(standing=Standing.NOT_HELD)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A skill: how many of the people shown hold it validly today."""

    key: str
    name: str
    valid: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """A person: how she stands to each of the columns."""

    person_id: uuid.UUID
    callsign: str
    cells: list[Validity]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """A page of people by skills: skills that fewest hold come first, people of whom something has
    lapsed before those of whom something ends soon, and these before all others."""

    columns: list[Column]
    rows: list[Row]
    count: int


def disposed(viewer: Viewer | None) -> dict[uuid.UUID, str]:
    """Everybody of whom the viewer disposes, by callsign. One query."""
    rows = people.visible_people(viewer).filter(
        of_role(viewer, *OVERSEERS, column="pk"), is_active=True, kind=PersonKind.HUMAN
    )
    named = rows.values_list("pk", "callsign", "name")[:PEOPLE_MAX]
    return {
        key: shown_as(person_id=key, callsign=callsign, name=name, is_human=True)
        for key, callsign, name in named
    }


def families(viewer: Viewer | None) -> list[str]:
    """What the catalogue is sorted by."""
    rows = queries.visible_catalogue(viewer).exclude(family="")
    return list(rows.order_by("family").values_list("family", flat=True).distinct())


def matrix(
    viewer: Viewer,
    *,
    now: dt.datetime,
    family: str = "",
    team_id: uuid.UUID | None = None,
    first: int = 0,
    size: int = 50,
) -> Matrix:
    """The people of whom the viewer disposes, by the skills of a family, or by those that any of
    them holds. Seven queries."""
    day = today(now=now)
    named = disposed(viewer)
    if team_id is not None:
        teams = teams_of(named)
        named = {key: said for key, said in named.items() if team_id in teams.get(key, ())}
    mine = Holding.objects.filter(queries.overseen(viewer), person__is_active=True)
    if team_id is not None:
        mine = mine.filter(person_id__in=list(named))
    columns = _columns(viewer, mine, family, day)
    keys = [one.key for one in columns]
    mine = mine.filter(qualification__key__in=keys)
    lapsed, ending = _lapsed(mine, day), _ending(mine, day)
    ordered = sorted(
        named, key=lambda key: (key not in lapsed, key not in ending, named[key].lower(), key)
    )
    shown = ordered[first : first + size]
    held = queries.standings(shown, keys, day=day)
    rows = [
        Row(
            person_id=key,
            callsign=named[key],
            cells=[held.get(key, {}).get(column, _NOT_HELD) for column in keys],
        )
        for key in shown
    ]
    return Matrix(columns=columns, rows=rows, count=len(ordered))


def _columns(viewer: Viewer, mine: QuerySet[Holding], family: str, day: dt.date) -> list[Column]:
    rows = queries.visible_catalogue(viewer).filter(ended_at__isnull=True)
    rows = (
        rows.filter(family=family) if family else rows.filter(pk__in=mine.values("qualification"))
    )
    counted = mine.filter(queries.current_sql(day)).values_list("qualification")
    valid = dict(counted.annotate(found=Count("person", distinct=True)).order_by())
    found = [
        Column(key=key, name=name, valid=valid.get(pk, 0))
        for pk, key, name in rows.values_list("pk", "key", "name")
    ]
    return sorted(found, key=lambda one: (one.valid, one.name))[:COLUMNS_MAX]


def _also_held(day: dt.date) -> QuerySet[Holding]:
    """The other rows by which somebody holds the same validly."""
    same = Holding.objects.filter(
        queries.current_sql(day),
        person_id=OuterRef("person_id"),
        qualification_id=OuterRef("qualification_id"),
    )
    return same.exclude(pk=OuterRef("pk"))


def _better(day: dt.date) -> Exists:
    """Whether somebody holds the same longer than by a row that has an end."""
    later = Q(through_date__isnull=True) | Q(through_date__gt=OuterRef("through_date"))
    return Exists(_also_held(day).filter(later))


def _lapsed(mine: QuerySet[Holding], day: dt.date) -> set[uuid.UUID]:
    over = Q(through_date__lt=day) | Q(withdrawn_date__lte=day)
    rows = mine.filter(over).filter(~Exists(_also_held(day)))
    return set(rows.order_by().values_list("person_id", flat=True).distinct())


def _ending(mine: QuerySet[Holding], day: dt.date) -> set[uuid.UUID]:
    soon = Q(through_date__lte=day + dt.timedelta(days=WARN_DAYS))
    rows = mine.filter(queries.current_sql(day), soon).filter(~_better(day))
    return set(rows.order_by().values_list("person_id", flat=True).distinct())


@dataclass(frozen=True, kw_only=True)
class EndingLine:
    """What of somebody ends, or has ended, and whether she was told."""

    person_id: uuid.UUID
    callsign: str
    name: str
    teams: tuple[str, ...]
    through: dt.date
    is_over: bool
    is_warned: bool


def ending(
    viewer: Viewer, *, days: int, team_id: uuid.UUID | None = None, now: dt.datetime
) -> list[EndingLine]:
    """What ends within so many days, and what lapsed within a year, the earliest first; nothing
    that is held longer by another paper. Of all, or of one team. Five queries."""
    day = today(now=now)
    rows = queries.visible_holdings(viewer).filter(
        person__is_active=True,
        withdrawn_date__isnull=True,
        through_date__gte=day - dt.timedelta(days=LAPSED_DAYS),
        through_date__lte=day + dt.timedelta(days=days),
    )
    rows = rows.filter(~_better(day)).select_related("person", "qualification")
    called = dict(people.team_choices(viewer))
    teams = teams_of(set(rows.order_by().values_list("person_id", flat=True)))
    if team_id is not None:
        rows = rows.filter(person_id__in=[one for one, of in teams.items() if team_id in of])
    return [
        EndingLine(
            person_id=row.person_id,
            callsign=row.person.shown_as,
            name=row.qualification.name,
            teams=tuple(
                sorted(called[one] for one in teams.get(row.person_id, ()) if one in called)
            ),
            through=row.through_date,
            is_over=row.through_date < day,
            is_warned=row.warned_through == row.through_date,
        )
        for row in rows.order_by(F("through_date"), "person_id")[:ENDING_MAX]
        if row.through_date is not None
    ]


@dataclass(frozen=True, kw_only=True)
class WhoCanGo:
    """The answer, what is asked for, what people are called, and what was not known of them."""

    answer: Answer
    known: Qualifications
    callsigns: dict[uuid.UUID, str]


def asked_for(
    viewer: Viewer, mission_id: uuid.UUID, needs: Sequence[str], *, now: dt.datetime
) -> Asked | None:
    """A visible mission as the rules ask for it: from when somebody left, is to leave or could,
    until it is expected back. Two queries."""
    mission = missions.mission(viewer, mission_id)
    if mission is None:
        return None
    due = mission.due_at or now + PLANNED_LENGTH
    begins = mission.out_at or max(now, planned_begin(mission.sets_out_at, due))
    return Asked(
        mission_id=mission.pk,
        needs=tuple(needs),
        begins=begins,
        ends=max(due, begins),
        zone=mission.zone,
        home_zone=zone(),
        kind=code_of(mission),
        conditions=Conditions(mission.conditions),
    )


def who_can(viewer: Viewer, asked: Asked, *, now: dt.datetime) -> WhoCanGo:
    """Everybody of whom the viewer disposes who is not on the mission yet, judged for it; for one
    of a special unit whoever belongs to that, as far as she may know it. Eight queries."""
    party = crew_of(asked.mission_id)
    named = disposed(viewer)
    mission = missions.mission(viewer, asked.mission_id)
    if mission is not None and mission.unit_id is not None:
        pool = set(special_units.pool_of(viewer, mission.unit_id) or ())
        named = {key: said for key, said in named.items() if key in pool}
    asked_of = [key for key in named if key not in party]
    judged = facts.candidates(asked_of, asked, party=party, to=viewer, now=now)
    catalogue = queries.known(queries.rows_by_key(asked.needs))
    answer = who_can_go(asked, judged, catalogue, now=now)
    return WhoCanGo(answer=answer, known=catalogue, callsigns=named)
