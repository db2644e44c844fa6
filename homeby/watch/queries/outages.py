"""The blind periods of the watch, and what tells that there was one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import models

from homeby.people.rules import Viewer
from homeby.steady import SKEW, so_far
from homeby.watch.models import Outage, Watchkeeper
from homeby.watch.rules import Outage as OutageFacts
from homeby.watch.rules.outage import SHOWN, Look

SHOWN_MOST = 5


def visible_outages(viewer: Viewer | None) -> models.QuerySet[Outage]:
    """Everybody who is known may know when nobody watched: it is about no person."""
    known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
    return Outage.objects.all() if known else Outage.objects.none()


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {Outage: visible_outages}


def outage_facts(row: Outage) -> OutageFacts:
    """A blind period as the rules read it."""
    return OutageFacts(
        id=row.pk,
        from_at=row.from_at,
        to_at=row.to_at,
        doors_until_at=row.doors_until_at,
        told=row.told_at is not None,
    )


def newest_outage(*, now: dt.datetime) -> OutageFacts | None:
    """The last blind period, however long ago. One whose end lies ahead was noted by a clock that
    has been set back since: no door is kept open by it, and it hides none that came after. One
    query."""
    row = Outage.objects.filter(to_at__lte=now + SKEW).order_by("-to_at").first()
    return None if row is None else outage_facts(row)


def stored_looks() -> list[Look]:
    """The last look of each watchkeeper, by both clocks. One query."""
    rows = Watchkeeper.objects.values_list("looked_at", "machine", "boot_seconds")
    return [Look(looked_at=at, machine=name, boot_seconds=count) for at, name, count in rows]


def outages_since(viewer: Viewer | None, *, since: dt.datetime) -> list[Outage]:
    """The blind periods that ended after an instant, the newest first. One query."""
    return list(visible_outages(viewer).filter(to_at__gt=since).order_by("-to_at")[:SHOWN_MOST])


def outages_shown(viewer: Viewer | None, *, now: dt.datetime) -> list[Outage]:
    """Those of the last day: what the board and the page of the watch say. One query."""
    found = outages_since(viewer, since=now - SHOWN)
    return [row for row in found if so_far(row.to_at, now) is not None]
