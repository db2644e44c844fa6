"""Who may sign what: task books, examinations, requests. Pure; a problem is a sentence.

Only a holder signs, nobody signs for herself, whoever finally evaluated does not certify, and a
mentor neither examines nor approves alone (`STORY.md` rows 69 to 76).
"""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles

from homeby import instants
from homeby.readiness.rules.currency import Standing, Validity
from homeby.readiness.rules.qualifications import (
    Evaluator,
    Holding,
    Qualification,
    SignOff,
    Stage,
    Where,
)
from homeby.sentences import gettext as _

NAMED_MOST = 6
#: Of fewer people nothing is said of how long they took.
RANGE_LEAST = 8
#: What is said of how long others took goes by so many months.
RANGE_STEP = 3


@dataclass(frozen=True, kw_only=True)
class Book:
    """A learner's task book: for what, what was signed before, who her mentors are."""

    qualification: Qualification
    signed: tuple[SignOff, ...] = ()
    mentors: frozenset[uuid.UUID] = frozenset()


def problems_with_sign_off(
    new: SignOff,
    book: Book,
    *,
    signer: Validity,
    may_certify: bool,
    today: dt.date,
) -> list[str]:
    """What is wrong with a signature. `signer`: how the signer stood to the qualification on its
    day, and today where she stands worse; `may_certify`: whether the organisation lets her
    certify; `today`: the latest day that has begun where it was shown."""
    assert new.key == book.qualification.key, "the book is about what is signed"
    problems = []
    if new.by == new.learner:
        problems.append(_("Nobody signs off herself; ask somebody who holds it."))
    problems += _with_day(new, book, today=today)
    stages = [one.stage for one in book.signed]
    if new.stage is not Stage.INITIATE and Stage.INITIATE not in stages:
        problems.append(
            _("The task book for {name} was not opened yet.").format(name=book.qualification.name)
        )
    match new.stage:
        case Stage.EVALUATE:
            problems += _with_evaluation(new, book, signer)
        case Stage.FINAL:
            problems += _with_final(book, signer)
        case Stage.CERTIFY:
            problems += _with_certification(new, book, may_certify=may_certify)
        case Stage.INITIATE:
            pass
    return problems


def _with_day(new: SignOff, book: Book, *, today: dt.date) -> list[str]:
    day = instants.day(new.on_date)
    if new.on_date > today:
        return [_("{day} is still to come; sign when it was shown.").format(day=day)]
    opened = [one.on_date for one in book.signed if one.stage is Stage.INITIATE]
    if opened and new.on_date < min(opened):
        return [
            _("{day} lies before {opened}, when the task book was opened.").format(
                day=day, opened=instants.day(min(opened))
            )
        ]
    return []


def _holders_only(book: Book, signer: Validity) -> list[str]:
    if signer.standing is Standing.CURRENT:
        return []
    return [
        _("{name} is signed off only by somebody who held it on that day and holds it now.").format(
            name=book.qualification.name
        )
    ]


def _with_evaluation(new: SignOff, book: Book, signer: Validity) -> list[str]:
    tasks = book.qualification.tasks
    if new.task is None or not 1 <= new.task <= len(tasks):
        return [_("Say which task was shown; there are {count}.").format(count=len(tasks))]
    task = tasks[new.task - 1]
    led = task.evaluated_by is Evaluator.SUPERVISOR and new.led_her
    problems = [] if led else _holders_only(book, signer)
    if task.where is Where.REAL_ONLY and not new.real:
        problems.append(
            _("This counts on a real mission only: {task}.").format(task=task.what.rstrip("."))
        )
    if task.where is Where.EXERCISE_ONLY and new.real:
        problems.append(
            _("This counts in an exercise only: {task}.").format(task=task.what.rstrip("."))
        )
    return problems


def _with_final(book: Book, signer: Validity) -> list[str]:
    problems = _holders_only(book, signer)
    shown = {one.task for one in book.signed if one.stage is Stage.EVALUATE}
    numbered = enumerate(book.qualification.tasks, start=1)
    open_tasks = [task.what.rstrip(".") for number, task in numbered if number not in shown]
    if open_tasks:
        problems.append(
            _("Not signed off yet ({count}): {tasks}.").format(
                count=len(open_tasks), tasks="; ".join(open_tasks[:NAMED_MOST])
            )
        )
    return problems


def _with_certification(new: SignOff, book: Book, *, may_certify: bool) -> list[str]:
    problems = []
    finals = [one for one in book.signed if one.stage is Stage.FINAL]
    if not finals:
        problems.append(_("The final evaluation comes first; it is missing."))
    if any(one.by == new.by for one in finals):
        problems.append(
            _("Whoever made the final evaluation does not certify; another person does.")
        )
    if not may_certify:
        problems.append(_("Certifying is for those whom the organisation named for it."))
    if new.by in book.mentors and {one.by for one in finals} <= book.mentors:
        problems.append(
            _("A mentor does not approve alone; somebody who is not her mentor must take part.")
        )
    return problems


def problems_with_board(
    *,
    candidate: uuid.UUID,
    examiners: Collection[uuid.UUID],
    mentors: Collection[uuid.UUID],
    standings: Mapping[uuid.UUID, Validity],
) -> list[str]:
    """What is wrong with the board of an examination: `standings` says how each examiner stands to
    what is examined."""
    problems = []
    others = set(examiners) - {candidate}
    if candidate in examiners:
        problems.append(_("Nobody examines herself; take her off the board."))
    if not examiners:
        problems.append(_("Name who examines."))
    elif others and others <= set(mentors):
        problems.append(
            _("A mentor does not examine alone; put somebody on the board who is not her mentor.")
        )
    current = [standings.get(one, Validity(standing=Standing.NOT_HELD)) for one in others]
    if others and not any(one.standing is Standing.CURRENT for one in current):
        problems.append(_("Nobody on the board holds what is examined; name somebody who does."))
    return problems


def problems_with_decider(
    *,
    candidate: uuid.UUID,
    decider: uuid.UUID,
    also: Collection[uuid.UUID],
    mentors: Collection[uuid.UUID],
    refused_by: Collection[uuid.UUID],
) -> list[str]:
    """What is wrong with who decides on a request: `also` decide with her, `refused_by` decided
    before. A second request goes to a second person; asking again is no reason against it."""
    problems = []
    if decider == candidate or candidate in also:
        problems.append(_("Nobody decides on her own request."))
    if {decider, *also} <= set(mentors):
        problems.append(
            _("A mentor does not approve alone; somebody who is not her mentor must take part.")
        )
    if decider in refused_by:
        problems.append(_("She refused the request before; this one goes to a second person."))
    return problems


def problems_with_holding(held: Holding, *, born: dt.date | None = None) -> list[str]:
    """What is wrong with the dates of a qualification as they are typed or imported."""
    problems = []
    if held.expires_date is not None and held.expires_date < held.from_date:
        problems.append(_ends_first(held.expires_date, held.from_date))
    if held.withdrawn_date is not None and held.withdrawn_date < held.from_date:
        problems.append(_ends_first(held.withdrawn_date, held.from_date))
    if born is not None and held.from_date <= born:
        problems.append(
            _("It begins on {day}, before she was born; check the year.").format(
                day=instants.day(held.from_date)
            )
        )
    return problems


def _ends_first(ends: dt.date, begins: dt.date) -> str:
    return _("It ends on {ends}, before it begins on {begins}; check both days.").format(
        ends=instants.day(ends), begins=instants.day(begins)
    )


def range_said(lengths: Sequence[int]) -> str:
    """How long others took for the same step, in months: the middle half of them in steps of three
    months, for the longest and the shortest time are somebody's own; nothing while fewer than
    eight have taken it."""
    if len(lengths) < RANGE_LEAST:
        return _("Fewer than eight people have taken this step: nothing is said of how long.")
    lower, _median, upper = quantiles(lengths, n=4)
    return _("At least half of the others took {least} to {most} months.").format(
        least=math.floor(lower / RANGE_STEP) * RANGE_STEP,
        most=(math.floor(upper / RANGE_STEP) + 1) * RANGE_STEP,
    )
