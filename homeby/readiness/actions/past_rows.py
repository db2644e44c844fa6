"""The rows that a record of the past becomes."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.logbook.actions import Page
from homeby.readiness.actions.currency import refresh, through_of
from homeby.readiness.models import (
    Examination,
    Examiner,
    Holding,
    PartyPosition,
    Promotion,
    SignOff,
    TaskBook,
)
from homeby.readiness.queries import days
from homeby.readiness.queries.past_records import Known, Meant
from homeby.readiness.queries.qualifications import as_rule
from homeby.readiness.rules.catalogue_text import task_content
from homeby.readiness.rules.examinations import ExaminationState
from homeby.readiness.rules.past_records import STAGES, RecordKind


def add(page: Page, one: Meant, *, record_id: uuid.UUID, at: dt.datetime, known: Known) -> None:
    """Write what a row says. `at` is the beginning of its day."""
    match one.said.kind:
        case RecordKind.HELD:
            page.add(_held(one, known, row_id=record_id))
        case RecordKind.EXAMINED:
            _add_examination(page, one, known, record_id=record_id, at=at)
        case RecordKind.DONE:
            _add_done(page, one, known, record_id=record_id)
        case _:
            _add_signature(page, one, known, record_id=record_id, at=at)


def _held(one: Meant, known: Known, *, row_id: uuid.UUID) -> Holding:
    said = one.said
    row = Holding(
        id=row_id,
        person_id=said.person,
        qualification=one.qualification,
        from_date=said.day,
        expires_date=said.until,
        paper=said.paper,
        recorded_by_id=said.by,
    )
    row.through_date = through_of(row, known.records[said.person], known.catalogue)
    return row


def _add_signature(
    page: Page, one: Meant, known: Known, *, record_id: uuid.UUID, at: dt.datetime
) -> None:
    said = one.said
    assert said.by is not None, "asked before"
    assert one.book_id is not None, "noted before"
    if said.kind is RecordKind.OPENED:
        tasks = [task_content(task) for task in as_rule(one.qualification).tasks]
        page.add(
            TaskBook(
                id=one.book_id,
                person_id=said.person,
                qualification=one.qualification,
                tasks=tasks,
                opened_at=at,
            )
        )
    page.add(
        SignOff(
            id=uuid.uuid5(record_id, "signature"),
            book_id=one.book_id,
            stage=STAGES[said.kind],
            task=said.task,
            by_id=said.by,
            on_date=said.day,
            mission_id=one.outing.mission_id if one.outing else None,
            led_her=said.led_her,
        )
    )
    if said.kind is RecordKind.CERTIFIED:
        book = TaskBook.objects.get(pk=one.book_id)
        page.change(book, ended_at=max(at, book.opened_at), is_certified=True)
        held = _held(one, known, row_id=record_id)
        held.book = book
        page.add(held)


def _add_done(page: Page, one: Meant, known: Known, *, record_id: uuid.UUID) -> None:
    """It counts from the last day of the mission on, there; what it keeps current has another
    end."""
    said, outing = one.said, one.outing
    assert outing is not None, "asked before"
    assert outing.back_at is not None, "asked for as over"
    length = (outing.back_at - outing.out_at) / dt.timedelta(hours=1)
    page.add(
        PartyPosition(
            id=record_id,
            mission_id=outing.mission_id,
            person_id=said.person,
            qualification=one.qualification,
            done_date=outing.back_at.astimezone(days.here()).date(),
            begun_date=outing.out_at.astimezone(days.here()).date(),
            hours=round(length if one.hours is None else one.hours, 2),
        )
    )
    refresh(page, [said.person], known.catalogue)


def _add_examination(
    page: Page, one: Meant, known: Known, *, record_id: uuid.UUID, at: dt.datetime
) -> None:
    said = one.said
    assert said.by is not None, "asked before"
    row = Examination(
        id=record_id,
        person_id=said.person,
        what=said.what.key,
        asked_id=said.by,
        asked_at=at,
        state=ExaminationState.PASSED if said.passed else ExaminationState.FAILED,
        held_date=said.day,
        result_by_id=said.by,
        result_at=at,
        ended_at=at,
    )
    page.add(row)
    seat = uuid.uuid5(record_id, "examiner")
    page.add(Examiner(id=seat, examination=row, person_id=said.by))
    if said.passed:
        given = uuid.uuid5(record_id, "promotion")
        page.add(
            Promotion(
                id=given,
                person_id=said.person,
                what=said.what.key,
                from_date=said.day,
                examination=row,
            )
        )
        page.add(_held(one, known, row_id=uuid.uuid5(record_id, "holding")))
