"""The station's own alarms, about nobody: the canary's, those of drills and of weekly tests. Where
the tick meets one of them, it asks here."""

from __future__ import annotations

import uuid

from homeby.comms import queries as comms
from homeby.logbook.actions import Book
from homeby.watch import rules
from homeby.watch.actions import canary, drills, exercises, kin_news, live_tests
from homeby.watch.actions.stepping import Scene
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import AlarmKind, DeadlineKind


def judge(book: Book, alarm: Alarm, handing: comms.Handing | None) -> bool | None:
    """Judge an alarm that has rules of its own; None where it goes on by the steps of its plan, as
    those about people do, and a drill's does until its time is over."""
    match alarm.kind:
        case AlarmKind.CANARY:
            return canary.judge(book, alarm, handing)
        case AlarmKind.TEST:
            return live_tests.judge(book, alarm)
        case AlarmKind.EXERCISE if drills.end_if_over(book, alarm):
            return False
    return None


def fall_overdue(
    book: Book, deadline: Deadline, by_subject: dict[uuid.UUID, Alarm], scene: Scene
) -> bool:
    """One of these deadlines has passed, or an hour promised to kin has come. Says whether an alarm
    was opened."""
    if deadline.kind == DeadlineKind.CANARY:
        return canary.fall_overdue(book, deadline, by_subject.get(deadline.subject_id))
    if deadline.kind == DeadlineKind.TEST:
        return live_tests.fall_due(book, deadline)
    if deadline.kind == DeadlineKind.KIN:
        alarm = by_subject.get(deadline.subject_id)
        return kin_news.fall_due(book, deadline, alarm, scene.outage)
    return drills.fall_overdue(book, deadline, by_subject, scene)


def put_off(book: Book, row: Alarm | Deadline) -> bool:
    """What is to become of one of these rows, or of a word to kin, that could not be judged: nobody
    is told of it. Says whether it was one."""
    if canary.put_off(book, row) or kin_news.put_off(book, row):
        return True
    if row.kind not in rules.EXERCISES:
        return False
    if isinstance(row, Alarm):
        page = book.entry(rules.DRILL_ENDED, subject=row.subject.ref)
        exercises.end(page, row, why="could not be judged")
    else:
        exercises.put_off(book, row)
    return True
