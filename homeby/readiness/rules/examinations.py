"""Examinations: where a request stands, who may decide on it, its days and its parts. Pure.

A second request goes to a second person, whoever approved does not examine alone, and an appeal
goes to somebody who had no part in it (`STORY.md` rows 67 to 69, 76, 77). Readiness is asked for,
never the motive: nothing here has room for one.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from homeby import instants
from homeby.logbook.rules import Audience, Erasure, declare
from homeby.sentences import gettext as _

WHY_MAX = 1000
PART_MAX = 200
PARTS_MAX = 20
BOARD_MAX = 9
#: So many days ahead a day may be set at most.
AHEAD_DAYS = 730
#: So many days after the result an appeal may be made; that day included.
APPEAL_DAYS = 30


class ExaminationState(StrEnum):
    """Where an examination stands."""

    ASKED = "ASKED"  # waits for the answer of whoever was asked
    REFUSED = "REFUSED"
    APPROVED = "APPROVED"  # a board is still to be named
    SET = "SET"  # board, parts and day stand
    PASSED = "PASSED"
    FAILED = "FAILED"
    WITHDRAWN = "WITHDRAWN"


OPEN = (ExaminationState.ASKED, ExaminationState.APPROVED, ExaminationState.SET)


class AppealState(StrEnum):
    """Where an appeal against a result stands."""

    NONE = ""
    ASKED = "ASKED"
    UPHELD = "UPHELD"  # another board examines anew
    DISMISSED = "DISMISSED"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part: its line, what it is, how it went (None: not examined yet), what was seen."""

    line: int
    name: str
    passed: bool | None = None
    note: str = ""


def problem_with_held_date(day: dt.date, *, today: dt.date) -> str:
    """What is wrong with the day on which somebody is to be examined; "" where nothing is."""
    if day < today:
        return _("{day} has passed; set a day from today on.").format(day=instants.day(day))
    if (day - today).days > AHEAD_DAYS:
        return _("{day} is more than two years ahead; check the year.").format(
            day=instants.day(day)
        )
    return ""


def problem_with_retake_date(day: dt.date, *, held: dt.date) -> str:
    """What is wrong with the day from which it may be tried again; "" where nothing is."""
    if day < held:
        return _("{day} lies before the examination of {held}; write a later day.").format(
            day=instants.day(day), held=instants.day(held)
        )
    if (day - held).days > AHEAD_DAYS:
        return _("{day} is more than two years ahead; check the year.").format(
            day=instants.day(day)
        )
    return ""


def parse_parts(text: str) -> list[str] | str:
    """The parts of an examination as people write them, one a line; a sentence where one cannot
    be kept."""
    found = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not found:
        return _("Write at least one part, one a line.")
    if len(found) > PARTS_MAX:
        return _("These are {count} parts; {most} fit. Put some together.").format(
            count=len(found), most=PARTS_MAX
        )
    for number, line in enumerate(found, start=1):
        if len(line) > PART_MAX:
            return _("Line {number} has {length} characters; {most} fit.").format(
                number=number, length=len(line), most=PART_MAX
            )
        if line in found[: number - 1]:
            return _("Line {number}: {name} stands there twice; write one line for it.").format(
                number=number, name=line
            )
    return found


def problems_with_approver_on_board(
    *, approver: uuid.UUID | None, examiners: Collection[uuid.UUID]
) -> list[str]:
    """Whoever approved the request may examine, but not alone."""
    if approver is not None and set(examiners) == {approver}:
        return [_("Whoever approved the request does not examine alone; name a second examiner.")]
    return []


def problems_with_appeal(
    *,
    candidate: uuid.UUID,
    to: uuid.UUID,
    involved: Collection[uuid.UUID],
    mentors: Collection[uuid.UUID],
) -> list[str]:
    """What is wrong with who is to decide on an appeal: `involved` decided or examined before."""
    if to == candidate:
        return [_("Nobody decides on her own appeal.")]
    if to in involved:
        return [_("She had a part in this examination; the appeal goes to somebody else.")]
    if to in mentors:
        return [_("A mentor does not decide on an appeal alone; ask somebody else.")]
    return []


def problem_with_appeal_date(result: dt.date, *, today: dt.date) -> str:
    """Whether it is too late for an appeal, in a sentence; "" while it is not."""
    last = result + dt.timedelta(days=APPEAL_DAYS)
    if today <= last:
        return ""
    return _("The last day for an appeal was {day}; you can ask for a new examination.").format(
        day=instants.day(last)
    )


def _own(name: str, label: str) -> str:
    """Read by the person it is about and by whoever did it; by nobody else."""
    return declare(name, label, seen_by=Audience.PERSON, erase=Erasure.ERASE_BODY)


EXAMINATION_ASKED = _own("EXAMINATION_ASKED", "An examination was asked for")
EXAMINATION_REFUSED = _own("EXAMINATION_REFUSED", "The request for an examination was refused")
EXAMINATION_APPROVED = _own("EXAMINATION_APPROVED", "The request for an examination was approved")
EXAMINATION_WITHDRAWN = _own(
    "EXAMINATION_WITHDRAWN", "The request for an examination was taken back"
)
EXAMINATION_SET = _own("EXAMINATION_SET", "Board, parts and day of an examination were set")
EXAMINATION_MOVED = _own("EXAMINATION_MOVED", "An examination got another day or board")
EXAMINATION_SEEN = _own("EXAMINATION_SEEN", "Day and board of an examination were read")
EXAMINATION_REMINDED = _own(
    "EXAMINATION_REMINDED", "Who had not read that an examination was moved was asked to"
)
EXAMINATION_JUDGED = _own("EXAMINATION_JUDGED", "The result of an examination was given")
EXAMINATION_APPEALED = _own("EXAMINATION_APPEALED", "An appeal was made against a result")
EXAMINATION_REVIEWED = _own("EXAMINATION_REVIEWED", "An appeal was decided")
PROMOTION_GIVEN = declare(
    "PROMOTION_GIVEN",
    "Somebody was promoted",
    seen_by=Audience.OFFICE,
    erase=Erasure.NOTHING_PERSONAL,
)
