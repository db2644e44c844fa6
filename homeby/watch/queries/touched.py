"""Whose picture changes when rows of the watch do: references of subjects, nothing about them."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import Q

from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import AlarmState


def refs_touched(
    *,
    alarm_ids: Collection[uuid.UUID],
    deadline_ids: Collection[uuid.UUID],
    person_ids: Collection[uuid.UUID],
) -> set[str]:
    """The references of the subjects that these alarms and deadlines are about, and of those whose
    open alarm one of these people has taken. At most two queries."""
    found: set[str] = set()
    if alarm_ids or person_ids:
        alarms = Q(pk__in=alarm_ids)
        for taker in ("holder_id", "co_holder_id"):
            alarms |= Q(state=AlarmState.OPEN, **{f"{taker}__in": person_ids})
        found.update(Alarm.objects.filter(alarms).values_list("subject__ref", flat=True))
    if deadline_ids:
        about = Deadline.objects.filter(pk__in=deadline_ids)
        found.update(about.values_list("subject__ref", flat=True))
    return found
