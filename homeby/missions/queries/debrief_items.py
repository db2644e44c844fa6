"""What a debrief asks for beside its text."""

from __future__ import annotations

from django.db import models

from homeby.missions.models import DebriefItem
from homeby.people.rules import Viewer


def visible_debrief_items(viewer: Viewer | None) -> models.QuerySet[DebriefItem]:
    """They are everybody's to read who logs in."""
    known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
    return DebriefItem.objects.all() if known else DebriefItem.objects.none()


def debrief_items(viewer: Viewer | None, *, ended: bool = False) -> list[DebriefItem]:
    """What the organisation asks for, in its order; with `ended` all that it ever did. One
    query."""
    found = visible_debrief_items(viewer).order_by("place", "text", "pk")
    return list(found if ended else found.filter(ended_at=None))
