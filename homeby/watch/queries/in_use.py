"""What of the watch is still in use, so that no rule of retention erases it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Q

from homeby.watch.models import Alarm, BillRow, Deadline
from homeby.watch.rules import AlarmState, DeadlineState


def in_use() -> set[str]:
    """Ids of open alarms and deadlines, of their subjects, and of what those are about (a mission's
    id). Two queries."""
    found: set[str] = set()
    for table, state in ((Alarm, AlarmState.OPEN), (Deadline, DeadlineState.OPEN)):
        rows = table._default_manager.filter(state=state)
        for key, subject_id, ref in rows.values_list("pk", "subject_id", "subject__ref"):
            found |= {str(key), str(subject_id), *ref.replace("/", ":").split(":")}
    return found


def is_missed(person_id: uuid.UUID) -> bool:
    """Whether an open alarm is about this person, as one of the party, of those it names, or as its
    leader. One query."""
    rows = Alarm.objects.filter(state=AlarmState.OPEN).select_related("subject")
    return any(
        str(person_id) in row.subject.spoken_of or person_id == row.subject.leader_id
        for row in rows
    )


def stands_on_bill(person_id: uuid.UUID, *, now: dt.datetime) -> bool:
    """Whether somebody has, or will have, a watch or stands in for one. One query."""
    rows = BillRow.objects.filter(Q(person_id=person_id) | Q(deputy_id=person_id))
    return rows.filter(Q(to_at__isnull=True) | Q(to_at__gt=now)).exists()
