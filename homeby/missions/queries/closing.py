"""Of which teams a mission has been over for so long lately, or one that was is changed: so that
the search for people who are left out reads these teams alone. For the station alone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Q

from homeby.missions.queries.visible import visible_missions
from homeby.missions.rules import MissionState
from homeby.people.rules import Viewer


def teams_of_missions_over(
    viewer: Viewer | None,
    *,
    after: dt.datetime,
    until: dt.datetime,
    touched: Collection[uuid.UUID] = (),
) -> set[uuid.UUID]:
    """The teams of which a mission came back after an instant until another, or of which one of
    those that were touched was back by then. One query."""
    if viewer is None or not viewer.is_station:
        return set()
    over = Q(back_at__gt=after, back_at__lte=until) | Q(pk__in=touched, back_at__lte=until)
    rows = visible_missions(viewer).filter(over, state=MissionState.BACK, team__isnull=False)
    return set(rows.order_by().values_list("team_id", flat=True).distinct())
