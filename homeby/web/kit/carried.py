"""What a party carries, for the pages of its mission and for those who look for it."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from homeby.readiness.queries import kit as queries
from homeby.web.door import Door


def carried(door: Door, mission_id: uuid.UUID) -> list[dict[str, Any]]:
    """The kit that a party has with it, each with what is in it."""
    return [
        {
            "label": row.label,
            "name": row.name,
            "url": reverse("kit-item", args=[row.id]),
            "parts": ", ".join(
                [
                    *([_("its holder is back")] if row.is_holder_back else []),
                    *(f"{part.there} {part.name}" for part in row.parts if part.there),
                ]
            ),
        }
        for row in queries.carried(door.viewer, mission_id, now=door.now)
    ]


def to_bring_back(lines: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What stands open of it once they are back: the return list, which can wait."""
    return [
        {"text": _("Bring back %s; tomorrow will do.") % one["label"], "url": one["url"]}
        for one in lines
    ]
