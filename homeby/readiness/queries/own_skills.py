"""One person's qualifications: what she holds, until when, what is missing for more, can she go."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from homeby.logbook.rules import plain
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.readiness.models import Holding, PartyPosition, TaskBook
from homeby.readiness.queries import days, facts
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.rules import currency, prerequisites, signing
from homeby.readiness.rules.currency import Standing, Validity
from homeby.readiness.rules.prerequisites import Missing
from homeby.readiness.rules.qualifications import Qualifications
from homeby.readiness.rules.who_can_go import Asked, can_i_go, can_i_go_without, who_can_go

#: Who asks whether she can go asks for the next so many hours.
AHEAD = dt.timedelta(hours=12)
DONE_MAX = 20
DAYS_A_MONTH = 30.44


@dataclass(frozen=True, kw_only=True)
class HeldLine:
    """A qualification as it stands today; `sentence` says what should be known of it, `kept_by`
    what else keeps it current."""

    key: str
    name: str
    family: str
    validity: Validity
    sentence: str
    kept_by: list[str]

    @property
    def is_current(self) -> bool:
        """Whether it may be relied on today."""
        return self.validity.standing is Standing.CURRENT


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """Something that was certified or recorded once; nothing of it is ever changed."""

    id: uuid.UUID
    key: str
    name: str
    from_date: dt.date
    expires_date: dt.date | None
    withdrawn_date: dt.date | None
    why: str
    paper: str


@dataclass(frozen=True, kw_only=True)
class DoneLine:
    """A position that somebody had on a mission that is over."""

    name: str
    on_date: dt.date
    hours: float
    as_trainee: bool
    is_exercise: bool


@dataclass(frozen=True, kw_only=True)
class SkillSheet:
    """What is recorded of one person."""

    person_id: uuid.UUID
    callsign: str
    held: list[HeldLine]
    history: list[HistoryLine]
    done: list[DoneLine]


def sheet(viewer: Viewer, person_id: uuid.UUID, *, now: dt.datetime) -> SkillSheet | None:
    """The qualifications of somebody whom the viewer may see. Five queries."""
    person = people.person(viewer, person_id)
    if person is None or not _may_see(viewer, person_id):
        return None
    day, catalogue = days.today(now=now), queries.known()
    held = queries.standings([person_id], day=day).get(person_id, {})
    lines = [_held(key, found, catalogue, day=day) for key, found in held.items()]
    rows = queries.visible_holdings(viewer).filter(person_id=person_id)
    rows = rows.select_related("qualification").order_by("-from_date", "pk")
    return SkillSheet(
        person_id=person_id,
        callsign=person.shown_as,
        held=sorted(lines, key=lambda one: (one.is_current, one.family, one.name)),
        history=[_history(row) for row in rows],
        done=_done(viewer, person_id),
    )


def _may_see(viewer: Viewer, person_id: uuid.UUID) -> bool:
    """Whether she oversees this person; asked of the people, so that one without any row counts."""
    found = people.visible_people(viewer).filter(queries.overseen(viewer, column="pk"))
    return bool(found.filter(pk=person_id).exists())


def may_see(viewer: Viewer, person_id: uuid.UUID) -> bool:
    """Whether the viewer may open the qualifications of somebody."""
    return _may_see(viewer, person_id)


def _held(key: str, found: Validity, catalogue: Qualifications, *, day: dt.date) -> HeldLine:
    own = catalogue[key]
    kept_by = sorted(currency.keeps_current(key, catalogue) - {key}) if own.current_months else []
    return HeldLine(
        key=key,
        name=own.name,
        family=own.family,
        validity=found,
        sentence=currency.said(own.name, found, day=day),
        kept_by=[catalogue[one].name for one in kept_by if one in catalogue],
    )


def _history(row: Holding) -> HistoryLine:
    return HistoryLine(
        id=row.pk,
        key=row.qualification.key,
        name=row.qualification.name,
        from_date=row.from_date,
        expires_date=row.expires_date,
        withdrawn_date=row.withdrawn_date,
        why=row.withdrawn_why,
        paper=row.paper,
    )


def _done(viewer: Viewer, person_id: uuid.UUID) -> list[DoneLine]:
    rows = queries.visible_positions(viewer).filter(person_id=person_id, done_date__isnull=False)
    rows = rows.select_related("qualification").order_by("-done_date", "pk")[:DONE_MAX]
    return [_done_line(row) for row in rows]


def _done_line(row: PartyPosition) -> DoneLine:
    assert row.done_date is not None, "asked for as done"
    return DoneLine(
        name=row.qualification.name,
        on_date=row.done_date,
        hours=row.hours or 0.0,
        as_trainee=row.as_trainee,
        is_exercise=row.is_exercise,
    )


@dataclass(frozen=True, kw_only=True)
class Way:
    """What is missing for a qualification, and how long others took for its task book."""

    key: str
    name: str
    missing: list[Missing]
    is_held: bool
    taken: str


def way_to(viewer: Viewer, key: str, *, now: dt.datetime) -> Way | None:
    """What the viewer herself lacks for a qualification. Six queries."""
    catalogue, me = queries.known(), viewer.person_id
    if me is None or key not in catalogue:
        return None
    day = days.today(now=now)
    record = queries.record_with_age(me, day=day)
    opened = TaskBook.objects.filter(person_id=me, qualification__key=key, ended_at__isnull=True)
    book = opened.select_related("qualification").first()
    if book is not None:
        catalogue = queries.with_tasks_of(book, catalogue)
    state = currency.validity(key, record, catalogue, day=day)
    return Way(
        key=key,
        name=catalogue[key].name,
        missing=prerequisites.missing_for(key, record, catalogue, day=day),
        is_held=state.standing is Standing.CURRENT,
        taken=signing.range_said(months_taken(key, but=me)),
    )


def months_taken(key: str, *, but: uuid.UUID) -> list[int]:
    """How many months others took from the opening of a task book to its certification. No viewer:
    it becomes a range, and nothing while few have done it. One query."""
    rows = TaskBook.objects.filter(qualification__key=key, is_certified=True).exclude(person_id=but)
    latest: dict[uuid.UUID, int] = {}
    for person_id, opened_at, ended_at in rows.order_by("ended_at").values_list(
        "person_id", "opened_at", "ended_at"
    ):
        assert ended_at is not None, "a certified book has ended"
        latest[person_id] = round((ended_at - opened_at).days / DAYS_A_MONTH)
    return list(latest.values())


def can_go(viewer: Viewer, key: str, *, now: dt.datetime) -> str:
    """Whether the viewer can go now as what she asks for ("" for anything that she holds), in a
    sentence with its reasons. A fixed number of queries."""
    me = viewer.person_id
    assert me is not None, "somebody asks for herself"
    catalogue = queries.known()
    day = days.today(now=now)
    held = queries.standings([me], day=day).get(me, {})
    valid = tuple(one for one, found in held.items() if found.current_on(day))
    needs = (key,) if key else valid or tuple(held)
    asked = Asked(
        mission_id=uuid.UUID(int=0), needs=needs, begins=now, ends=now + AHEAD, zone=days.zone()
    )
    me_alone = facts.candidates([me], asked, party=[], to=viewer, now=now)
    if not needs:
        return can_i_go_without(me_alone[0], asked, now=now)
    (outcome,) = who_can_go(asked, me_alone, catalogue, now=now).outcomes
    return can_i_go(outcome)


def own_skills(viewer: Viewer) -> dict[str, object]:
    """What the viewer holds, was on missions, and has task books for, for her archive."""
    me = viewer.person_id
    if me is None:
        return {}
    held = Holding.objects.filter(person_id=me).order_by("from_date")
    books = TaskBook.objects.filter(person_id=me).order_by("opened_at")
    done = PartyPosition.objects.filter(person_id=me).order_by("pk")
    names = ("qualification__name", "from_date", "expires_date", "withdrawn_date", "paper")
    of_books = ("qualification__name", "opened_at", "ended_at", "is_certified")
    of_done = ("qualification__name", "done_date", "hours", "as_trainee", "is_exercise")
    return {
        "qualifications": [plain(row) for row in held.values(*names)],
        "task_books": [plain(row) for row in books.values(*of_books)],
        "positions": [plain(row) for row in done.values(*of_done)],
    }
