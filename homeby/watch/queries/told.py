"""Whether somebody was told of an alarm that is open."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from homeby.comms.queries.told import alarms_told, alarms_told_at
from homeby.people.rules import Viewer
from homeby.watch.models import Alarm
from homeby.watch.queries.duress import of_own_party
from homeby.watch.queries.visible import has_it
from homeby.watch.rules import EXERCISES, AlarmState
from homeby.watch.rules.duress import silent_ref


def was_told_of(viewer: Viewer, ref: str) -> bool:
    """Whether an open alarm about this subject, a silent one too, was told to the viewer. Two
    queries."""
    if viewer.person_id is None:
        return False
    silent = silent_ref(ref)
    about = Q(subject__ref__in=(ref, silent)) | Q(subject__ref__startswith=f"{silent}/")
    found = Alarm.objects.filter(about, pk__in=alarms_told(viewer.person_id))
    found = found.filter(state=AlarmState.OPEN).exclude(kind__in=EXERCISES)
    return found.exclude(of_own_party(viewer, "subject__")).exists()


def came_to(viewer: Viewer) -> dict[str, tuple[str, dt.datetime | None]]:
    """The open alarms that came to the viewer, by the reference under which outbox and logbook know
    them: which subject each is about, and when she was last told; None for one that she has or was
    offered. Two queries."""
    if viewer.person_id is None:
        return {}
    told = alarms_told_at(viewer.person_id)
    rows = Alarm.objects.filter(has_it(viewer) | Q(pk__in=told), state=AlarmState.OPEN)
    rows = rows.exclude(kind__in=EXERCISES).select_related("subject")
    return {
        f"alarm:{row.pk}": (
            row.subject.ref,
            None
            if viewer.person_id in (row.holder_id, row.co_holder_id, row.offered_to_id)
            else told[row.pk],
        )
        for row in rows.exclude(of_own_party(viewer, "subject__"))
    }
