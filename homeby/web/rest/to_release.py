"""Whom somebody must still release, for the page of a mission. It opens nothing that is sealed."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _

from homeby.readiness.queries.releases import to_release
from homeby.web.door import Door


def to_be_released(door: Door, mission_id: uuid.UUID) -> list[dict[str, str]]:
    """What stands open of a mission: each of its party who is back and was not released."""
    return [
        {
            "text": _("Release %s: three questions, and they may rest.") % one.callsign,
            "url": reverse("release", args=[one.from_id, one.person_id]),
        }
        for one in to_release(door.viewer, now=door.now, mission_id=mission_id)
        if one.person_id != door.viewer.person_id
    ]
