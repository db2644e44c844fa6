"""Where somebody seals her own debrief, and what is due of papers, for the pages that say so."""

from __future__ import annotations

import uuid

from django.urls import reverse

from homeby.missions.queries import key_trials
from homeby.web.door import Door


def seal_url(door: Door, mission_id: uuid.UUID, person_id: uuid.UUID) -> str:
    """The page on which the viewer seals her own debrief; "" where it is somebody else's."""
    own = person_id == door.viewer.person_id
    return reverse("sealed-write", args=[mission_id]) if own else ""


def papers_due(door: Door) -> dict[str, int]:
    """What is due of papers for sealed debriefs, for one's own page: `own` trials of the viewer's,
    and how many of others are `overdue`, where she is one who sees to it."""
    own = [one for one in key_trials.own_trials(door.viewer) if one.is_due(door.now)]
    others = [one for one in key_trials.trials(door.viewer) if one.is_overdue(door.now)]
    return {"own": len(own), "overdue": len(others)}
