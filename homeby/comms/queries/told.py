"""Who was told of what, by the messages in the outbox."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.comms.models import Message
from homeby.comms.rules import MessageKind

ALARMS_MOST = 500


def alarms_told_at(person_id: uuid.UUID) -> dict[uuid.UUID, dt.datetime]:
    """The same, with when she was last told of each. One query."""
    rows = Message.objects.filter(
        person_id=person_id, kind=MessageKind.ALARM, about__startswith="alarm:"
    )
    newest = rows.order_by("-created_at").values_list("about", "created_at")[:ALARMS_MOST]
    return {uuid.UUID(about.partition(":")[2]): at for about, at in reversed(newest)}


def alarms_told(person_id: uuid.UUID) -> list[uuid.UUID]:
    """The alarms of which this person was told, the newest first, at most 500. No viewer: a message
    to somebody is theirs to know of. One query."""
    rows = Message.objects.filter(
        person_id=person_id, kind=MessageKind.ALARM, about__startswith="alarm:"
    )
    abouts = rows.order_by("-created_at").values_list("about", flat=True)[:ALARMS_MOST]
    return [uuid.UUID(about.partition(":")[2]) for about in dict.fromkeys(abouts)]
