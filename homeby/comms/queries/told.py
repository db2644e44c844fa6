"""Who was told of what, by the messages in the outbox."""

from __future__ import annotations

import uuid

from homeby.comms.models import Message
from homeby.comms.rules import MessageKind

ALARMS_MOST = 500


def alarms_told(person_id: uuid.UUID) -> list[uuid.UUID]:
    """The alarms of which this person was told, the newest first, at most 500. No viewer: a message
    to somebody is theirs to know of. One query."""
    rows = Message.objects.filter(
        person_id=person_id, kind=MessageKind.ALARM, about__startswith="alarm:"
    )
    abouts = rows.order_by("-created_at").values_list("about", flat=True)[:ALARMS_MOST]
    return [uuid.UUID(about.partition(":")[2]) for about in dict.fromkeys(abouts)]
