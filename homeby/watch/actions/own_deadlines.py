"""A deadline of the station itself, about nobody: the canary's, that of the weekly tests."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError

from homeby.logbook import actions as logbook
from homeby.watch.models import Deadline, EscalationPlan, Subject
from homeby.watch.rules import DeadlineKind, DeadlineState


def expected(kind: DeadlineKind) -> bool:
    """Whether such a deadline is open."""
    return Deadline.objects.filter(kind=kind, state=DeadlineState.OPEN).exists()


def set_out(
    kind: DeadlineKind, *, entry: str, ref: str, plan_name: str, title: str, now: dt.datetime
) -> bool:
    """Expect it from now on, due at once: an entry of the kind `entry` about `ref`, with a plan and
    a subject of its own. Says whether it was not expected before."""
    if expected(kind):
        return False
    try:
        with logbook.writing(now=now, by=None) as book:
            page = book.entry(entry, subject=ref)
            plan = EscalationPlan(id=uuid.uuid4(), name=plan_name, kind=kind)
            page.add(plan)
            subject = Subject(id=uuid.uuid4(), ref=ref, title=title)
            page.add(subject)
            page.add(
                Deadline(
                    id=uuid.uuid4(),
                    subject=subject,
                    kind=kind,
                    plan=plan,
                    due_at=now,
                    call_out_at=now,
                    state=DeadlineState.OPEN,
                    act_at=now,
                )
            )
    except IntegrityError:
        return False  # another watchkeeper was quicker
    return True
