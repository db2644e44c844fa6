"""Which messages are still on their way, so that no rule of retention erases them."""

from __future__ import annotations

from homeby.comms.models import Message
from homeby.comms.rules import MessageState


def in_use() -> set[str]:
    """Ids of messages that no channel has taken yet. One query."""
    waiting = (MessageState.QUEUED, MessageState.TROUBLE)
    rows = Message.objects.filter(state__in=waiting)
    return {str(key) for key in rows.values_list("pk", flat=True)}
