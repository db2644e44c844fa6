"""Whether somebody was told of an alarm that is open."""

from __future__ import annotations

from django.db.models import Q

from homeby.comms.queries.told import alarms_told
from homeby.people.rules import Viewer
from homeby.watch.models import Alarm
from homeby.watch.queries.duress import of_own_party
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
