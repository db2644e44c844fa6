"""Task books for readers: what was shown, what is missing, who may sign what."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from homeby.people.queries.led import teams_of
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import Mentorship, SignOff, TaskBook
from homeby.readiness.queries import days
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.rules import qualifications as facts
from homeby.readiness.rules import signing
from homeby.readiness.rules.catalogue_text import tasks_of
from homeby.readiness.rules.qualifications import Evaluator, Stage, Where


def may_certify(viewer: Viewer, person_id: uuid.UUID) -> bool:
    """Whether the organisation lets her certify: leaders do, those of a team for its people."""
    return person_id in _certifies(viewer, [person_id])


def _certifies(viewer: Viewer, person_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    if viewer.has(Role.LEADER):
        return set(person_ids)
    teams = viewer.teams(Role.LEADER)
    found = teams_of(person_ids) if teams else {}
    return {key for key in person_ids if teams & found.get(key, set())}


def may_open(viewer: Viewer, person_id: uuid.UUID, key: str, *, now: dt.datetime) -> bool:
    """Whether she may open a task book for somebody: as a leader of hers, as her mentor, or because
    she holds what it is for."""
    if viewer.person_id is None:
        return False
    if may_certify(viewer, person_id) or viewer.person_id in mentors_of(person_id):
        return True
    return queries.is_current(viewer.person_id, key, day=days.today(now=now))


def mentors_of(person_id: uuid.UUID, *, since: dt.date | None = None) -> frozenset[uuid.UUID]:
    """Who is her mentor, or was at any time since a day. No viewer: it decides who may sign."""
    lasting = Q(to_date__isnull=True)
    lasting |= Q(to_date__gte=since) if since is not None else Q(pk__in=())
    rows = Mentorship.objects.filter(lasting, learner_id=person_id)
    return frozenset(rows.values_list("mentor_id", flat=True))


def as_rule(row: TaskBook, one: facts.Qualification) -> signing.Book:
    """A book as rules judge it; `one` with the tasks it was opened with."""
    signed = SignOff.objects.filter(book=row).select_related("book__qualification")
    return signing.Book(
        qualification=one,
        signed=tuple(queries.sign_off_of(sign) for sign in signed),
        mentors=mentors_of(row.person_id, since=days.today(now=row.opened_at)),
    )


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """A task of a book; `by` is "" for whoever may not be named to the reader."""

    number: int
    what: str
    is_real_only: bool
    is_exercise_only: bool
    by_supervisor: bool
    is_signed: bool = False
    by: str = ""
    on_date: dt.date | None = None
    on_mission: bool = False


@dataclass(frozen=True, kw_only=True)
class StageLine:
    """The opening, the final evaluation or the certification, as it was signed."""

    stage: Stage
    by: str
    on_date: dt.date
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class BookSheet:
    """A task book for a reader."""

    id: uuid.UUID
    person_id: uuid.UUID
    callsign: str
    key: str
    name: str
    is_mine: bool
    is_open: bool
    is_certified: bool
    opened_at: dt.datetime
    tasks: list[TaskLine]
    stages: list[StageLine]

    @property
    def shown(self) -> int:
        """How many tasks are signed."""
        return sum(1 for one in self.tasks if one.is_signed)

    @property
    def is_evaluated(self) -> bool:
        """Whether the final evaluation is signed."""
        return any(one.stage is Stage.FINAL for one in self.stages)


def book(viewer: Viewer, book_id: uuid.UUID) -> BookSheet | None:
    """One task book, if the viewer may see it. Four queries."""
    found = _sheets(viewer, queries.visible_books(viewer).filter(pk=book_id))
    return found[0] if found else None


def books_of(viewer: Viewer, person_id: uuid.UUID) -> list[BookSheet]:
    """Somebody's books, open ones first. Four queries."""
    return _sheets(viewer, queries.visible_books(viewer).filter(person_id=person_id))


def to_sign(viewer: Viewer, *, now: dt.datetime) -> list[BookSheet]:
    """Open books of others that the viewer may go on with: what she holds herself, of her learners,
    and what waits for a certification that is hers to give. A fixed number of queries."""
    if viewer.person_id is None:
        return []
    rows = queries.visible_books(viewer).filter(ended_at__isnull=True)
    found = _sheets(viewer, rows.exclude(person_id=viewer.person_id))
    day = days.today(now=now)
    mine = queries.standings([viewer.person_id], day=day).get(viewer.person_id, {})
    certain = _certifies(viewer, {one.person_id for one in found})
    learners = Mentorship.objects.filter(mentor_id=viewer.person_id, to_date__isnull=True)
    mine_to_teach = set(learners.values_list("learner_id", flat=True))
    return [
        one
        for one in found
        if (one.key in mine and mine[one.key].current_on(day))
        or (one.is_evaluated and one.person_id in certain)
        or one.person_id in mine_to_teach
    ]


def _sheets(viewer: Viewer, rows: QuerySet[TaskBook]) -> list[BookSheet]:
    found = list(rows.select_related("person", "qualification").order_by("opened_at", "pk"))
    signed: dict[uuid.UUID, list[SignOff]] = {}
    for one in SignOff.objects.filter(book__in=found).order_by("on_date", "pk"):
        signed.setdefault(one.book_id, []).append(one)
    names = queries.names_of((one.by_id for several in signed.values() for one in several), viewer)
    sheets = [_sheet(viewer, row, signed.get(row.pk, []), names) for row in found]
    return sorted(sheets, key=lambda one: not one.is_open)


def _sheet(
    viewer: Viewer, row: TaskBook, signed: list[SignOff], names: dict[uuid.UUID, str]
) -> BookSheet:
    by_task = {one.task: one for one in signed if one.stage == Stage.EVALUATE}
    return BookSheet(
        id=row.pk,
        person_id=row.person_id,
        callsign=row.person.shown_as,
        key=row.qualification.key,
        name=row.qualification.name,
        is_mine=row.person_id == viewer.person_id,
        is_open=row.ended_at is None,
        is_certified=row.is_certified,
        opened_at=row.opened_at,
        tasks=[
            _task(number, task, by_task.get(number), names)
            for number, task in enumerate(tasks_of(row.tasks), start=1)
        ],
        stages=[
            StageLine(
                stage=Stage(one.stage),
                by=names.get(one.by_id, ""),
                on_date=one.on_date,
                why=one.why,
            )
            for one in signed
            if one.stage != Stage.EVALUATE
        ],
    )


def _task(
    number: int, task: facts.Task, sign: SignOff | None, names: dict[uuid.UUID, str]
) -> TaskLine:
    return TaskLine(
        number=number,
        what=task.what,
        is_real_only=task.where is Where.REAL_ONLY,
        is_exercise_only=task.where is Where.EXERCISE_ONLY,
        by_supervisor=task.evaluated_by is Evaluator.SUPERVISOR,
        is_signed=sign is not None,
        by=names.get(sign.by_id, "") if sign else "",
        on_date=sign.on_date if sign else None,
        on_mission=sign is not None and sign.mission_id is not None,
    )
