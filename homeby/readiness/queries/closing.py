"""Whether any duty has closed lately, or one that had closed was changed: so that the search for
people who are left out reads nothing where nothing is new. For the station alone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Q

from homeby.people.rules import Viewer
from homeby.readiness.queries.decisions import CLOSES_AFTER
from homeby.readiness.queries.duties import visible_duties


def some_duty_closed(
    viewer: Viewer | None,
    *,
    after: dt.datetime,
    until: dt.datetime,
    touched: Collection[uuid.UUID] = (),
) -> bool:
    """Whether one closed after an instant until another, or one of those that were touched had
    closed by then. One query."""
    if viewer is None or not viewer.is_station:
        return False
    ended = Q(ends_at__gt=after - CLOSES_AFTER, ends_at__lte=until - CLOSES_AFTER)
    ended |= Q(pk__in=touched, ends_at__lte=until - CLOSES_AFTER)
    return visible_duties(viewer).filter(ended).exists()
