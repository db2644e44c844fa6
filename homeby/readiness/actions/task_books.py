"""Task books: opened by another, signed by holders, certified by a third (`FIELD.md` 6).

Nothing of a signature is ever changed: a book that went wrong is closed, and another opened.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.missions.queries.done import Outing, outings_with
from homeby.people import queries as people
from homeby.people.rules import PersonKind, Viewer
from homeby.readiness.actions.currency import refresh
from homeby.readiness.actions.only_one import only_one
from homeby.readiness.models import Holding, Qualification, SignOff, TaskBook
from homeby.readiness.queries import books, days
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.rules import currency, prerequisites, signing
from homeby.readiness.rules import qualifications as facts
from homeby.readiness.rules import skill_kinds as kinds
from homeby.readiness.rules.catalogue_text import task_content
from homeby.readiness.rules.currency import Standing
from homeby.readiness.rules.prerequisites import Lack
from homeby.readiness.rules.qualifications import Stage
from homeby.watch.actions.notices import notify_of_hours

WHY_MAX = 500


@logbook.once
def open_book(
    *, person_id: uuid.UUID, qualification_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Open a task book (its id is the tap's) for somebody: a leader, her mentor or a holder does,
    never she herself. What is still missing is said and stops nobody. Raises Refused."""
    row, person = _offered(qualification_id), people.person(by, person_id)
    if person is None or not person.is_active or person.kind != PersonKind.HUMAN:
        raise Refused(person=_("There is no such person here."))
    if by.person_id is None or by.person_id == person_id:
        raise Refused(_("Nobody opens her own task book; ask a leader, a mentor or a holder."))
    if not books.may_open(by, person_id, row.key, now=now):
        raise Refused(_("A leader of hers, her mentor, or somebody who holds it opens the book."))
    twice = _("A task book for this is open already.")
    if TaskBook.objects.filter(person=person_id, qualification=row, ended_at=None).exists():
        raise Refused(qualification=twice)
    one = queries.as_rule(row)
    answer = _("The task book for %s is open.") % row.name
    with only_one(qualification=twice), logbook.writing(now=now, by=by.person_id) as book:
        page = _entry(book, kinds.TASK_BOOK_OPENED, tap.entry_id, person_id, tap, answer)
        opened = TaskBook(
            id=tap.entry_id,
            person_id=person_id,
            qualification=row,
            tasks=[task_content(task) for task in one.tasks],
            opened_at=now,
        )
        page.add(opened)
        page.add(_signature(opened, by, Stage.INITIATE, days.today(now=now)))
        _tell_learner(page, opened, answer)
    return answer


def _offered(qualification_id: uuid.UUID) -> Qualification:
    row = Qualification.objects.filter(pk=qualification_id, ended_at__isnull=True).first()
    if row is None:
        raise Refused(qualification=_("This is not given (any more); choose another."))
    return row


def _entry(
    book: Book, kind: str, book_id: uuid.UUID, person: uuid.UUID, tap: Tap, answer: str
) -> Page:
    return book.entry(kind, subject=f"task-book:{book_id}", person=person, tap=tap, answer=answer)


def _signature(row: TaskBook, by: Viewer, stage: Stage, day: dt.date) -> SignOff:
    assert by.person_id is not None, "somebody signs"
    return SignOff(id=uuid.uuid4(), book=row, stage=stage, by_id=by.person_id, on_date=day)


def _tell_learner(page: Page, row: TaskBook, answer: str) -> None:
    """She hears of what happens in her book; what was said to whoever did it is so for her, too."""
    if row.person_id == page.book.by:
        return
    key, about = f"task-book:{page.entry.entry_id}", f"task-book:{row.pk}"

    def words() -> tuple[str, str]:
        name = row.qualification.name
        text = _("Something was signed in your task book. It stands under “My qualifications”.")
        return _("Your task book: %s") % name, text

    notify_of_hours(page, [row.person_id], words, key=key, about=about)


@dataclass(frozen=True, kw_only=True)
class SignFields:
    """What somebody signs: which stage, for EVALUATE which task, on which day, on which mission
    (None: in an exercise without one), and why although something is missing."""

    stage: Stage
    task: int | None = None
    on_date: dt.date
    mission_id: uuid.UUID | None = None
    why: str = ""


@contextmanager
def _open(book_id: uuid.UUID, by: Viewer, now: dt.datetime) -> Iterator[tuple[Book, TaskBook]]:
    if by.person_id is None:
        raise Refused(_("Whoever signs logs in."))
    with logbook.writing(now=now, by=by.person_id) as book:
        seen = queries.visible_books(by).filter(pk=book_id).values("pk")
        rows = TaskBook.objects.select_for_update(of=("self",)).select_related("qualification")
        row = rows.filter(pk__in=seen).first()
        if row is None:
            raise Refused(_("There is no such task book."))
        if row.ended_at is not None:
            raise Refused(_("This task book is closed; nothing more is signed in it."))
        yield book, row


@logbook.once
def sign(*, book_id: uuid.UUID, fields: SignFields, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Sign a task, or the final evaluation. Raises Refused with everything that is wrong with it:
    whoever does not hold it, or would sign for herself, does not sign."""
    if fields.stage not in (Stage.EVALUATE, Stage.FINAL):
        raise Refused(_("A book is opened once, and certified by a button of its own."))
    with _open(book_id, by, now) as (book, row):
        outing = _outing(row, fields, by, now)
        new = _judged(row, fields, by, outing, now=now)
        if _is_signed(row, new):
            raise Refused(task=_("This is signed already."))
        answer = (
            _("Signed: %s.") % row.tasks[(new.task or 1) - 1]["what"].rstrip(".")
            if fields.stage is Stage.EVALUATE
            else _("The final evaluation is signed; somebody else certifies.")
        )
        page = _entry(book, kinds.TASK_BOOK_SIGNED, row.pk, row.person_id, tap, answer)
        signature = _signature(row, by, new.stage, new.on_date)
        signature.task, signature.mission_id = new.task, fields.mission_id
        signature.led_her = new.led_her
        signature.is_exercise = outing is not None and _was_exercise(outing)
        page.add(signature)
        _tell_learner(page, row, answer)
    return answer


def _was_exercise(outing: Outing) -> bool:
    """By the kind of the mission, or by what was said of a position on it."""
    return outing.is_exercise or queries.was_exercise(outing.mission_id)


def _is_signed(row: TaskBook, new: facts.SignOff) -> bool:
    same = SignOff.objects.filter(book=row, stage=new.stage)
    return (same if new.task is None else same.filter(task=new.task)).exists()


def _outing(row: TaskBook, fields: SignFields, by: Viewer, now: dt.datetime) -> Outing | None:
    """The mission on which it was shown; a sentence where it was none of hers, or another day."""
    if fields.mission_id is None:
        return None
    found = {one.mission_id: one for one in outings_with(by, row.person_id, now=now)}
    outing = found.get(fields.mission_id)
    if outing is None:
        raise Refused(mission=_("They were not on this mission, or you may not know of it."))
    first, last = _day_there(outing, outing.out_at), _day_there(outing, outing.back_at or now)
    if not first <= fields.on_date <= last:
        raise Refused(on_date=_("They were on this mission from %(first)s to %(last)s.") % {
            "first": instants.day(first), "last": instants.day(last)})  # fmt: skip
    return outing


def _day_there(outing: Outing, at: dt.datetime) -> dt.date:
    return at.astimezone(instants.zone_info(outing.zone)).date()


def _judged(
    row: TaskBook, fields: SignFields, by: Viewer, outing: Outing | None, *, now: dt.datetime
) -> facts.SignOff:
    """The signature as rules see it; raises Refused with what is wrong with it."""
    assert by.person_id is not None, "asked before"
    key, catalogue = row.qualification.key, queries.with_tasks_of(row, queries.known())
    new = facts.SignOff(
        key=key,
        stage=fields.stage,
        by=by.person_id,
        learner=row.person_id,
        on_date=fields.on_date,
        task=fields.task if fields.stage is Stage.EVALUATE else None,
        real=outing is not None and not _was_exercise(outing),
        led_her=outing is not None and outing.leader_id == by.person_id,
    )
    day, record = days.today(now=now), queries.record(by.person_id)
    stood, stands = (
        currency.validity(key, record, catalogue, day=one) for one in (new.on_date, day)
    )
    problems = signing.problems_with_sign_off(
        new,
        books.as_rule(row, catalogue[key]),
        signer=stood if stands.standing is Standing.CURRENT else stands,
        may_certify=books.may_certify(by, row.person_id),
        today=day if outing is None else max(day, _day_there(outing, now)),
    )
    if problems:
        raise Refused(" ".join(problems))
    return new


@logbook.once
def certify(*, book_id: uuid.UUID, why: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """The last signature: from today on she holds it. What is missing beside the book (courses,
    hours, time, age) is said, and a reason goes past it by name. Raises Refused."""
    with _open(book_id, by, now) as (book, row):
        day = days.today(now=now)
        _judged(row, SignFields(stage=Stage.CERTIFY, on_date=day), by, None, now=now)
        lacking = missing_beside(row, day=day)
        if lacking and not why.strip():
            ask = _("If you certify it all the same, say why; your name stands beside it.")
            raise Refused(why=" ".join([*lacking, ask]))
        answer = _("%s is certified.") % row.qualification.name
        page = _entry(book, kinds.QUALIFICATION_CERTIFIED, row.pk, row.person_id, tap, answer)
        page.state(missing=lacking, why=why.strip()[:WHY_MAX])
        signature = _signature(row, by, Stage.CERTIFY, day)
        signature.why = why.strip()[:WHY_MAX] if lacking else ""
        page.add(signature)
        page.change(row, ended_at=now, is_certified=True)
        held = Holding(
            id=uuid.uuid4(),
            person_id=row.person_id,
            qualification=row.qualification,
            from_date=day,
            book=row,
            recorded_by_id=by.person_id,
        )
        page.add(held)
        refresh(page, [row.person_id])
        _tell_learner(page, row, answer)
    return answer


#: What a book itself lacks; `signing` says these.
_IN_THE_BOOK = (Lack.TASK, Lack.FINAL, Lack.CERTIFY)


def missing_beside(row: TaskBook, *, day: dt.date) -> list[str]:
    """What is missing for the certification beside what is signed in the book, a sentence each."""
    catalogue, record = queries.known(), queries.record_with_age(row.person_id, day=day)
    found = prerequisites.missing_for(row.qualification.key, record, catalogue, day=day)
    return [one.sentence for one in found if one.lack not in _IN_THE_BOOK]


@logbook.once
def close_book(*, book_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Close a book before its end; what was signed in it stays readable. She herself may, and
    whoever could open one. Raises Refused."""
    with _open(book_id, by, now) as (book, row):
        is_hers = row.person_id == by.person_id
        if not (is_hers or books.may_open(by, row.person_id, row.qualification.key, now=now)):
            raise Refused(_("She herself, a leader of hers or her mentor closes it."))
        answer = _("The task book is closed. What was signed stays in the records.")
        page = _entry(book, kinds.TASK_BOOK_CLOSED, row.pk, row.person_id, tap, answer)
        page.change(row, ended_at=now)
        _tell_learner(page, row, answer)
    return answer
