"""Another day, board or parts of an examination that is set, and the word that it was read.

The day before and the reason stay with it, and so does whoever was on the board. Everybody of it
hears of the new one, whoever is off it that she is; each says that she has read it (`STORY.md` 68).
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.readiness.actions.examinations import at, tell
from homeby.readiness.actions.examining import BoardFields, is_first_of, problems_with_board
from homeby.readiness.models import Examination, ExaminationMove, ExaminationPart, Examiner
from homeby.readiness.queries import days
from homeby.readiness.queries import examinations as queries
from homeby.readiness.rules import examinations as rules
from homeby.watch.actions.notices import notify_of_hours


@logbook.once
def move(
    *,
    examination_id: uuid.UUID,
    fields: BoardFields,
    moved_why: str,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Give an examination that is set another day, board or parts, with a reason. Raises Refused
    with sentences beside the fields."""
    answer = _("Moved. She and the board are told.")
    with at(examination_id, by, now, "move") as (book, row):
        day, board = days.today(now=now), list(dict.fromkeys(fields.examiner_ids))
        seats = {one.person_id: one for one in row.examiners.filter(is_mentor=False)}
        there = {key for key, one in seats.items() if one.ended_at is None}
        is_first = is_first_of(row, fields, day=day)
        parts = _checked(row, fields, moved_why, is_first=is_first, there=there, now=now)
        assert row.held_date is not None, "it is set"
        assert by.person_id is not None, "whoever approved it moves it"
        page = book.entry(
            rules.EXAMINATION_MOVED,
            subject=f"examination:{row.pk}",
            person=row.person_id,
            facts={"board": board, "day": fields.held_date, "before": row.held_date,
                   "parts": parts, "why": moved_why.strip()},
            tap=tap,
            answer=answer,
        )  # fmt: skip
        page.add(
            ExaminationMove(
                id=uuid.uuid4(),
                examination=row,
                frame=row.frame + 1,
                before_date=row.held_date,
                moved_at=now,
                moved_by_id=by.person_id,
                why=moved_why.strip()[: rules.WHY_MAX],
            )
        )
        page.change(
            row,
            frame=row.frame + 1,
            set_at=now,
            held_date=fields.held_date,
            board_why=fields.why.strip()[: rules.WHY_MAX] if is_first else "",
        )
        _seat(page, row, board, seats)
        _set_parts(page, row, parts)
        tell(page, row, [row.person_id], is_hers=True)
        tell(page, row, board, is_hers=False)
        _tell_off(page, row, there - set(board))
    return answer


def _checked(
    row: Examination,
    fields: BoardFields,
    moved_why: str,
    *,
    is_first: bool,
    there: set[uuid.UUID],
    now: dt.datetime,
) -> list[str]:
    """The parts as they are from now on; `[]` where they stay."""
    problems = problems_with_board(row, fields, is_first=is_first, now=now)
    parts = rules.parse_parts(fields.parts) if fields.parts.strip() else []
    if isinstance(parts, str):
        problems["parts"] = parts
    elif parts == [one.name for one in row.parts.order_by("line")]:
        parts = []
    if not parts and set(fields.examiner_ids) == there and fields.held_date == row.held_date:
        problems["held_date"] = _("So it stands already: choose another day, board or parts.")
    if not moved_why.strip():
        problems["moved_why"] = _("Say why it is moved; she and the board read it.")
    if problems or isinstance(parts, str):
        raise Refused(**problems)
    return parts


def _set_parts(page: Page, row: Examination, parts: list[str]) -> None:
    """Its parts, where they are others; none has a result yet, and what they were stays in the
    logbook."""
    if not parts:
        return
    known = list(row.parts.order_by("line"))
    for line, name in enumerate(parts, start=1):
        if line > len(known):
            page.add(ExaminationPart(id=uuid.uuid4(), examination=row, line=line, name=name))
        elif known[line - 1].name != name:
            page.change(known[line - 1], name=name)
    for gone in known[len(parts) :]:
        page.remove(gone)


def _seat(
    page: Page, row: Examination, board: list[uuid.UUID], seats: dict[uuid.UUID, Examiner]
) -> None:
    """Whoever is new sits down, whoever comes back does so on her own row, the others leave."""
    for key in board:
        if key not in seats:
            page.add(Examiner(id=uuid.uuid4(), examination=row, person_id=key))
        elif seats[key].ended_at is not None:
            page.change(seats[key], ended_at=None)
    for key, seat in seats.items():
        if key not in board and seat.ended_at is None:
            page.change(seat, ended_at=page.book.now)


def _tell_off(page: Page, row: Examination, off: set[uuid.UUID]) -> None:
    def words() -> tuple[str, str]:
        return (
            _("You do not examine any more"),
            _("An examination on whose board you were goes on without you."),
        )

    key, about = f"examination:{page.entry.entry_id}/off", f"examination:{row.pk}"
    notify_of_hours(page, [one for one in off if one != page.book.by], words, key=key, about=about)


@logbook.once
def seen(*, examination_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Say that one has read day and board as they stand. Raises Refused."""
    answer = _("Kept: you have read it.")
    with at(examination_id, by, now, "seen") as (book, row):
        assert by.person_id is not None, "it is a person who reads"
        page = book.entry(
            rules.EXAMINATION_SEEN,
            subject=f"examination:{row.pk}",
            person=by.person_id,
            facts={"frame": row.frame},
            tap=tap,
            answer=answer,
        )
        said = {"seen_frame": row.frame, "seen_at": now}
        if by.person_id == row.person_id:
            page.change(row, **said)
        else:
            page.change(row.examiners.get(queries.ON_BOARD, person_id=by.person_id), **said)
    return answer
