"""What a debrief asks for beside its text."""

from __future__ import annotations

from homeby.missions.models import DebriefItem
from homeby.missions.queries.visible import visible_debrief_items
from homeby.people.rules import Viewer


def debrief_items(viewer: Viewer | None, *, ended: bool = False) -> list[DebriefItem]:
    """What the organisation asks for, in its order; with `ended` all that it ever did. One
    query."""
    found = visible_debrief_items(viewer).order_by("place", "text", "pk")
    return list(found if ended else found.filter(ended_at=None))
