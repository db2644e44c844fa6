"""What the station sends to itself: the canary's rounds, and its nightly way through every channel
class. Its addresses stand in the settings, not among those of people."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from homeby import settings
from homeby.comms import channels
from homeby.comms.models import Delivery, Message
from homeby.comms.rules import LOOPBACK as LOOPBACK
from homeby.comms.rules import MessageKind, canary_addresses
from homeby.logbook.actions import Page
from homeby.logbook.rules import STATION_KEY_ID
from homeby.people.rules import Reach, Recipient


def addresses() -> dict[str, str]:
    """The administrator's addresses for the nightly round, by the name of the channel class; a
    class that does not exist is left out (doctor says so)."""
    named = canary_addresses(settings.current().canary_addresses)
    return {name: at for name, at in named.items() if name in channels.NAMES}


def recipient(channel: str) -> Recipient:
    """The station itself, as it is reached by this channel."""
    reach = Reach(contact_id=_contact(channel), channel=channel, verified=True)
    return Recipient(person_id=STATION_KEY_ID, name="", reaches=(reach,))


def about(channel: str) -> str:
    """The reference of the nightly messages through this channel class."""
    return f"canary:{channel}"


def address(row: Delivery) -> str | None:
    """Where a delivery of the station's own goes; None for every other, and for an address that was
    taken out of the settings meanwhile."""
    if row.contact_id != _contact(row.channel):
        return None
    return "loopback" if row.channel == LOOPBACK else addresses().get(row.channel)


def _contact(channel: str) -> uuid.UUID:
    return uuid.uuid5(STATION_KEY_ID, channel)


def forget(page: Page, what: str) -> None:
    """Take the canary's messages about this out of the outbox; the logbook keeps them."""
    _remove(page, Message.objects.filter(about=what, kind=MessageKind.CANARY))


def forget_tries(page: Page, channel: str) -> None:
    """Of the nightly messages through a class only the newest that was handed is kept: it says when
    the class last worked."""
    mine = Message.objects.filter(about=about(channel), kind=MessageKind.CANARY)
    last = mine.filter(handed_at__isnull=False).order_by("-handed_at").first()
    _remove(page, mine.exclude(pk=last.pk) if last else mine)


def _remove(page: Page, messages: QuerySet[Message]) -> None:
    for message in messages.select_for_update(no_key=True).order_by("pk"):
        for delivery in message.deliveries.all():
            page.remove(delivery)
        page.remove(message)
