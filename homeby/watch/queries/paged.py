"""Alarms as programs read them, page by page."""

from __future__ import annotations

import uuid

from homeby.people.rules import Viewer
from homeby.watch.models import Alarm
from homeby.watch.queries import visible_alarms
from homeby.watch.rules import AlarmState


def alarms_after(
    viewer: Viewer | None, *, state: AlarmState | None, after: uuid.UUID | None, limit: int
) -> list[Alarm]:
    """The alarms that the viewer may see (in this state, if one is named), behind this id, in the
    order of their ids, each with its subject. One query."""
    rows = visible_alarms(viewer).select_related("subject")
    if state is not None:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.distinct().order_by("pk")[:limit])
