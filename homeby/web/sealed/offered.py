"""Where somebody seals her own debrief, for the pages that say that it is due."""

from __future__ import annotations

import uuid

from django.urls import reverse

from homeby.web.door import Door


def seal_url(door: Door, mission_id: uuid.UUID, person_id: uuid.UUID) -> str:
    """The page on which the viewer seals her own debrief; "" where it is somebody else's."""
    own = person_id == door.viewer.person_id
    return reverse("sealed-write", args=[mission_id]) if own else ""
