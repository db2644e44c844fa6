"""Whether any mission has been over for so long lately, or one that was is changed: so that the
search for people who are left out reads nothing where nothing is new. For the station alone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Q

from homeby.missions.queries.visible import visible_missions
from homeby.missions.rules import MissionState
from homeby.people.rules import Viewer


def some_mission_over(
    viewer: Viewer | None,
    *,
    after: dt.datetime,
    until: dt.datetime,
    touched: Collection[uuid.UUID] = (),
) -> bool:
    """Whether one came back after an instant until another, or one of those that were touched was
    back by then. One query."""
    if viewer is None or not viewer.is_station:
        return False
    over = Q(back_at__gt=after, back_at__lte=until) | Q(pk__in=touched, back_at__lte=until)
    return visible_missions(viewer).filter(over, state=MissionState.BACK).exists()
