"""The board of an examination, its result, the appeal against it (`STORY.md` 67 to 69).

Passing is a promotion: a row and an entry of their own, which nothing overwrites.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.actions.ranks import wear
from homeby.people.queries.callsigns import inactive
from homeby.people.rules import Viewer
from homeby.readiness.actions.currency import refresh
from homeby.readiness.actions.examinations import at, kept_away, tell
from homeby.readiness.models import (
    Examination,
    ExaminationPart,
    Examiner,
    Holding,
    Promotion,
    Qualification,
)
from homeby.readiness.queries import days, standing
from homeby.readiness.queries import examinations as queries
from homeby.readiness.queries.times_taken import busy_on
from homeby.readiness.rules import examinations as rules
from homeby.readiness.rules import signing
from homeby.readiness.rules.currency import Standing, Validity
from homeby.readiness.rules.examinations import AppealState, ExaminationState
from homeby.readiness.rules.qualifications import QualificationKind


@dataclass(frozen=True, kw_only=True)
class BoardFields:
    """Who examines, on which day, what: one part a line. `why`: why these examine, where nobody in
    the organisation holds it yet. `despite`: though one of them has something else on that day.
    Where an examination is moved and no parts are given, they stay."""

    examiner_ids: Sequence[uuid.UUID]
    held_date: dt.date
    parts: str = ""
    why: str = ""
    despite: bool = False


@logbook.once
def set_board(
    *, examination_id: uuid.UUID, fields: BoardFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Name the board, the parts and the day. Raises Refused with sentences beside the fields."""
    answer = _("Set. She and the board are told.")
    with at(examination_id, by, now, "board") as (book, row):
        is_first = is_first_of(row, fields, day=days.today(now=now))
        parts = _checked_board(row, fields, is_first=is_first, now=now)
        board = list(dict.fromkeys(fields.examiner_ids))
        page = book.entry(
            rules.EXAMINATION_SET,
            subject=f"examination:{row.pk}",
            person=row.person_id,
            facts={"board": board, "day": fields.held_date, "parts": parts, "why": fields.why},
            tap=tap,
            answer=answer,
        )
        page.change(
            row,
            state=ExaminationState.SET,
            set_at=now,
            held_date=fields.held_date,
            board_why=fields.why.strip()[: rules.WHY_MAX] if is_first else "",
        )
        for key in board:
            page.add(Examiner(id=uuid.uuid4(), examination=row, person_id=key))
        for line, name in enumerate(parts, start=1):
            page.add(ExaminationPart(id=uuid.uuid4(), examination=row, line=line, name=name))
        tell(page, row, [row.person_id], is_hers=True)
        tell(page, row, board, is_hers=False)
    return answer


def is_first_of(row: Examination, fields: BoardFields, *, day: dt.date) -> bool:
    """Whether nobody but her holds it, today or on the day on which she is examined."""
    holders = {
        key for one in {day, fields.held_date} for key in standing.holders_of(row.what, day=one)
    }
    return not holders - {row.person_id}


def _checked_board(
    row: Examination, fields: BoardFields, *, is_first: bool, now: dt.datetime
) -> list[str]:
    problems = problems_with_board(row, fields, is_first=is_first, now=now)
    parts = rules.parse_parts(fields.parts)
    if isinstance(parts, str):
        problems["parts"] = parts
    if problems or isinstance(parts, str):
        raise Refused(**problems)
    return parts


def problems_with_board(
    row: Examination, fields: BoardFields, *, is_first: bool, now: dt.datetime
) -> dict[str, str]:
    """What is wrong with board and day, by the field. Where nobody in the organisation holds it
    yet, a reason stands in for a holder."""
    board = list(dict.fromkeys(fields.examiner_ids))
    stands = standing.standings(row.what, board, day=fields.held_date)
    if is_first and fields.why.strip():
        stands = {key: Validity(standing=Standing.CURRENT) for key in board}
    found = signing.problems_with_board(
        candidate=row.person_id,
        examiners=board,
        mentors=standing.mentors_of(row.person_id),
        standings=stands,
    )
    found += rules.problems_with_approver_on_board(approver=row.decided_by_id, examiners=board)
    if not found and not queries.may_judge(row, board, held=fields.held_date, is_first=is_first):
        found.append(
            _(
                "Nobody on the board may give the result: name somebody who holds it, is not her "
                "mentor and did not approve the request."
            )
        )
    found += _problems_between(row, board) if not found else []
    problems = {"examiners": " ".join(found)} if found else {}
    if found and is_first and not fields.why.strip():
        problems["why"] = _("Nobody here holds it yet: say why these examine.")
    if (said := rules.problem_with_held_date(fields.held_date, today=days.today(now=now))) or (
        not problems and not fields.despite and (said := _busy(row, fields, now=now))
    ):
        problems["held_date"] = said
    return problems


def _busy(row: Examination, fields: BoardFields, *, now: dt.datetime) -> str:
    """Who has something else on that day, in a sentence; "" where nobody has."""
    keys = [row.person_id, *fields.examiner_ids]
    found = busy_on(keys, day=fields.held_date, but=f"examination:{row.pk}", now=now)
    if not found:
        return ""
    names = people.names(found)
    return _(
        "On this day these have something else: %s. Choose another, or say below that it stays."
    ) % ", ".join(sorted(names.get(key, "?") for key in found))


def _problems_between(row: Examination, board: Sequence[uuid.UUID]) -> list[str]:
    """A pair that is kept apart is refused in the words of whoever is on no list."""
    if len(board) > rules.BOARD_MAX:
        return [_("At most %d people sit on a board.") % rules.BOARD_MAX]
    if queries.barred(row) & set(board):
        return [_("After an appeal another board examines; choose people who had no part.")]
    if inactive(board) or kept_away(row, board):
        return [_("Choose from the list.")]
    return []


@dataclass(frozen=True, kw_only=True)
class ResultFields:
    """How it went: by the line of a part whether it was passed and what is said of it; from which
    day it may be tried again."""

    passed: Mapping[int, bool]
    notes: Mapping[int, str]
    retake_date: dt.date | None = None


@logbook.once
def give_result(
    *, examination_id: uuid.UUID, fields: ResultFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Give the result of each part; whoever passed all of them is promoted by it. Raises
    Refused."""
    with at(examination_id, by, now, "result") as (book, row):
        parts = list(row.parts.order_by("line"))
        _check_result(row, parts, fields, by)
        has_passed = all(fields.passed[part.line] for part in parts)
        answer = _("Passed. She is told.") if has_passed else _("Kept. She is told.")
        page = book.entry(
            rules.EXAMINATION_JUDGED,
            subject=f"examination:{row.pk}",
            person=row.person_id,
            facts={"what": row.what, "passed": has_passed, "retake": fields.retake_date},
            tap=tap,
            answer=answer,
        )
        for part in parts:
            note = fields.notes.get(part.line, "").strip()[: rules.WHY_MAX]
            page.change(part, passed=fields.passed[part.line], note=note)
        page.change(
            row,
            state=ExaminationState.PASSED if has_passed else ExaminationState.FAILED,
            result_by_id=by.person_id,
            result_at=now,
            retake_date=None if has_passed else fields.retake_date,
            ended_at=now,
        )
        tell(page, row, [row.person_id], is_hers=True)
        if has_passed:
            _promote(book, row)
    return answer


def _check_result(
    row: Examination, parts: list[ExaminationPart], fields: ResultFields, by: Viewer
) -> None:
    problems = {}
    for part in parts:
        if part.line not in fields.passed:
            problems[f"passed-{part.line}"] = _("Say how this part went.")
        elif not fields.passed[part.line] and not fields.notes.get(part.line, "").strip():
            problems[f"note-{part.line}"] = _("Say what lacked; she works on it.")
    assert row.held_date is not None, "a board was named with its day"
    if fields.retake_date is not None:
        said = rules.problem_with_retake_date(fields.retake_date, held=row.held_date)
        problems |= {"retake_date": said} if said else {}
    if problems:
        raise Refused(**problems)


def _promote(book: logbook.Book, row: Examination) -> Page:
    """From the day of the examination on she holds it, as whoever was certified by a task book; a
    rank stands beside her callsign, where the organisation has one of that name."""
    page = book.entry(
        rules.PROMOTION_GIVEN,
        subject=f"person:{row.person_id}",
        person=row.person_id,
        facts={"what": row.what, "from": row.held_date, "examination": row.pk},
    )
    assert row.held_date is not None, "it was held"
    page.add(
        Promotion(
            id=uuid.uuid4(),
            person_id=row.person_id,
            what=row.what,
            from_date=row.held_date,
            examination=row,
        )
    )
    given = Qualification.objects.filter(key=row.what).first()
    if given is not None:
        page.add(
            Holding(
                id=uuid.uuid4(),
                person_id=row.person_id,
                qualification=given,
                from_date=row.held_date,
                recorded_by_id=book.by,
            )
        )
        refresh(page, [row.person_id])
    own = standing.known().get(row.what)
    if own is not None and own.kind is QualificationKind.RANK:
        wear(page, person_id=row.person_id, name=own.name)
    return page


@logbook.once
def appeal(
    *,
    examination_id: uuid.UUID,
    to_id: uuid.UUID,
    text: str,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Ask somebody who had no part in it to look at a result again. Raises Refused."""
    answer = _("Sent. Somebody who had no part in it looks at it.")
    with at(examination_id, by, now, "appeal") as (book, row):
        problems = {}
        found = rules.problems_with_appeal(
            candidate=row.person_id,
            to=to_id,
            involved=queries.had_part(row),
            mentors=standing.mentors_of(row.person_id),
        )
        if not found and to_id not in dict(queries.deciders(by, now=now)):
            found = [_("This person does not decide on examinations; choose from the list.")]
        if found:
            problems["to"] = " ".join(found)
        if not text.strip():
            problems["text"] = _("Say what was not right.")
        assert row.result_at is not None, "there is a result"
        is_late = rules.problem_with_appeal_date(
            queries.day_of(row.result_at), today=days.today(now=now)
        )
        if problems or is_late:
            raise Refused(**problems) if problems else Refused(is_late)
        page = book.entry(
            rules.EXAMINATION_APPEALED,
            subject=f"examination:{row.pk}",
            person=row.person_id,
            facts={"text": text.strip()[: rules.WHY_MAX]},
            tap=tap,
            answer=answer,
        )
        page.change(
            row,
            appeal=AppealState.ASKED,
            appeal_to_id=to_id,
            appeal_at=now,
            appeal_text=text.strip()[: rules.WHY_MAX],
        )
        tell(page, row, [to_id], is_hers=False)
    return answer


@logbook.once
def review(
    *,
    examination_id: uuid.UUID,
    upheld: bool,
    why: str,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Decide an appeal. Where it is upheld, another board examines anew: a request of its own,
    approved by whoever upheld it. The result stays in the history. Raises Refused."""
    answer = _("Upheld: now name another board.") if upheld else _("Kept. She reads your reason.")
    with at(examination_id, by, now, "review") as (book, row):
        if not why.strip():
            raise Refused(why=_("Say why. She reads it."))
        open_rows = queries.open_for(row.person_id, row.what)
        if upheld and open_rows:
            raise Refused(_("She has asked for a new examination meanwhile; that one counts."))
        page = book.entry(
            rules.EXAMINATION_REVIEWED,
            subject=f"examination:{row.pk}",
            person=row.person_id,
            facts={"upheld": upheld, "why": why.strip()[: rules.WHY_MAX]},
            tap=tap,
            answer=answer,
        )
        page.change(
            row,
            appeal=AppealState.UPHELD if upheld else AppealState.DISMISSED,
            appeal_decided_at=now,
            appeal_why=why.strip()[: rules.WHY_MAX],
        )
        if upheld:
            page.add(_anew(row, by, now=now))
        tell(page, row, [row.person_id], is_hers=True)
    return answer


def _anew(row: Examination, by: Viewer, *, now: dt.datetime) -> Examination:
    assert by.person_id is not None, "somebody decides"
    return Examination(
        id=uuid.uuid4(),
        person_id=row.person_id,
        what=row.what,
        asked_id=by.person_id,
        asked_at=now,
        follows=row,
        state=ExaminationState.APPROVED,
        decided_by_id=by.person_id,
        decided_at=now,
        spoken=False,  # she has read what was written, and nobody said more
    )
