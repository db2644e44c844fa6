"""Deadlines that are met: somebody was heard of, or is back, in time or late."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from homeby.logbook.actions import Book, Page
from homeby.watch import rules
from homeby.watch.models import Deadline
from homeby.watch.rules import DeadlineState


def open_deadlines(ref: str) -> QuerySet[Deadline]:
    """The open deadlines of a subject, locked, and without the subject itself."""
    rows = Deadline.objects.select_for_update(of=("self",))
    return rows.filter(subject__ref=ref, state=DeadlineState.OPEN)


def met(book: Book, ref: str, rows: Iterable[Deadline], *, by: Page | None = None) -> None:
    """These open deadlines of a subject, which are locked, ask for nothing more. `by` is the entry
    that tells of whoever was heard, where there is one; else each of them has an entry."""
    for row in rows:
        page = by or book.entry(rules.DEADLINE_MET, subject=ref, facts={"kind": row.kind})
        page.change(row, state=DeadlineState.MET, act_at=None, ended_at=book.now)
