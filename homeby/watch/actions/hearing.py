"""Many subjects heard of in one commit: what the watch knows of them is asked once for all of them,
and locked in the order of `subjects`: subjects, deadlines; then it is looked who has an alarm.

A subject with an open alarm is left to the act for one: there is more to do than to move a time.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import models

from homeby.database.asked import AskedOf, Question
from homeby.logbook.actions import Page
from homeby.watch.actions import subjects
from homeby.watch.actions.meeting import met
from homeby.watch.actions.subjects import Expectation
from homeby.watch.models import Alarm, Deadline, Subject
from homeby.watch.rules import AlarmState, DeadlineKind, DeadlineState


def _subjects(refs: Sequence[str]) -> models.QuerySet[Subject]:
    rows = Subject.objects.select_for_update(no_key=True).only("id", "ref")
    return rows.filter(ref__in=refs).order_by("pk")


def _deadlines(refs: Sequence[str]) -> models.QuerySet[Deadline]:
    rows = Deadline.objects.select_for_update(of=("self",))
    rows = rows.only("id", "subject_id", "kind", "state")
    return rows.filter(subject__ref__in=refs, state=DeadlineState.OPEN).order_by("pk")


def _alarmed(refs: Sequence[str]) -> models.QuerySet[Alarm, uuid.UUID]:
    rows = Alarm.objects.filter(subject__ref__in=refs, state=AlarmState.OPEN)
    return rows.values_list("subject_id", flat=True)


_SUBJECTS = AskedOf(_subjects, of_texts=True)
_DEADLINES = AskedOf(_deadlines, of_texts=True)
_ALARMED = AskedOf(_alarmed, of_texts=True)


@dataclass
class Watched:
    """Subjects without an alarm, by their references, and their open check-in deadlines."""

    subjects: dict[str, Subject]
    check_ins: dict[uuid.UUID, list[Deadline]] = field(default_factory=dict)

    def __contains__(self, ref: str) -> bool:
        return ref in self.subjects

    def heard(self, page: Page, ref: str) -> None:
        """The open check-in deadline is met, as this entry tells."""
        met(page.book, ref, self.check_ins.pop(self.subjects[ref].pk, []), by=page)

    def expect(self, page: Page, ref: str, expectation: Expectation) -> None:
        """Open the next one. Nothing of its kind is open: this subject was just heard of."""
        subject = self.subjects[ref]
        row = subjects.expect(page, subject, expectation, now=page.book.now, open_ones=())
        self.check_ins[subject.pk] = [row]


def questions(refs: Sequence[str]) -> list[Question]:
    """What is to be asked of these subjects, in the order in which their rows are locked."""
    return [one.question(refs) for one in (_SUBJECTS, _DEADLINES, _ALARMED)]


def watched(
    found: Sequence[Subject], deadlines: Sequence[Deadline], alarmed: Sequence[tuple[uuid.UUID]]
) -> Watched:
    """What is known of subjects that are locked until the commit: the answers to `questions`."""
    loud = {row[0] for row in alarmed}
    seen = Watched({row.ref: row for row in found if row.pk not in loud})
    for row in deadlines:
        if row.kind == DeadlineKind.CHECK_IN:
            seen.check_ins.setdefault(row.subject_id, []).append(row)
    return seen
