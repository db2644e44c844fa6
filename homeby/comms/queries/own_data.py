"""What was sent to the viewer herself, and where entries of hers are posted, for her archive."""

from __future__ import annotations

from typing import Any

from homeby.comms.models import Message, Webhook
from homeby.logbook.rules import plain
from homeby.people.rules import Viewer


def own_data(viewer: Viewer | None, *, limit: int) -> dict[str, Any]:
    """The newest messages to the viewer, at most so many, and her webhooks. Two queries."""
    if viewer is None or viewer.person_id is None:
        return {}
    messages = Message.objects.filter(person_id=viewer.person_id, kin_of__isnull=True)
    webhooks = Webhook.objects.filter(person_id=viewer.person_id).order_by("made_at", "pk")
    return {
        "messages": [
            plain(row)
            for row in messages.order_by("-created_at", "pk").values(
                "created_at", "kind", "subject", "text", "state", "handed_at", "answered_at"
            )[:limit]
        ],
        "webhooks": [
            plain(row) for row in webhooks.values("name", "where", "kinds", "made_at", "ended_at")
        ],
    }
