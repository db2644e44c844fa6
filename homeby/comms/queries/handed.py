"""What was handed, and when: counts and instants that name nobody."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Max

from homeby.comms.models import Delivery, Message
from homeby.comms.rules import LOOPBACK, MessageKind, MessageState
from homeby.steady import SKEW


def messages_made() -> int:
    """How many messages of the watch could go out to somebody, over all time; notices about plans,
    the canary and exercises are no work of the watch."""
    found = Message.objects.exclude(
        kind__in=(MessageKind.NOTICE, MessageKind.CANARY, MessageKind.EXERCISE)
    )
    return found.exclude(state=MessageState.UNREACHABLE).count()


def canary_tries() -> dict[str, dt.datetime]:
    """When the canary was last sent through each channel class but its own. One query."""
    nightly = Delivery.objects.filter(message__kind=MessageKind.CANARY).exclude(channel=LOOPBACK)
    tried = nightly.values_list("channel").annotate(last=Max("message__created_at"))
    return {channel: last for channel, last in tried if last is not None}


def last_handed(channel: str, *, now: dt.datetime) -> dt.datetime | None:
    """When a message was last handed through a channel class, the canary's included. One index
    look-up; it names nobody, so it asks for no viewer."""
    handed = Delivery.objects.filter(channel=channel, handed_at__lte=now + SKEW)
    found: dt.datetime | None = handed.aggregate(last=Max("handed_at"))["last"]
    return found


def handed_since(at: dt.datetime) -> bool:
    """Whether any message to a person was handed since; the canary's do not count. One query."""
    rows = Delivery.objects.filter(handed_at__gte=at).exclude(message__kind=MessageKind.CANARY)
    return rows.exists()


def channels_that_handed(about: str, person_id: uuid.UUID) -> list[str]:
    """On which channels a message about something was handed to a person. One query."""
    handed = Delivery.objects.filter(message__about=about, message__person_id=person_id)
    return sorted(set(handed.filter(handed_at__isnull=False).values_list("channel", flat=True)))
