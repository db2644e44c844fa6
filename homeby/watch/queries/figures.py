"""Counts of open alarms, for whoever operates the station: numbers, nobody's name."""

from __future__ import annotations

from django.db.models import Count

from homeby.people.rules import Viewer
from homeby.watch.models import Alarm
from homeby.watch.rules import EXERCISES, AlarmKind, AlarmState, Phase

_UNCOUNTED = (*EXERCISES, AlarmKind.CANARY, AlarmKind.DURESS)


def alarm_figures(viewer: Viewer | None) -> dict[str, int]:
    """Open alarms by phase, every phase named; for the station alone, others find none. Figures
    hang on walls, where whoever forced somebody may read them: a silent alarm is in none. One
    query."""
    found = Alarm.objects.filter(state=AlarmState.OPEN).exclude(kind__in=_UNCOUNTED)
    if viewer is None or not viewer.is_station:
        found = found.none()
    counted = dict(found.values_list("phase").annotate(number=Count("pk")).order_by())
    return {str(phase): counted.get(phase, 0) for phase in Phase}
