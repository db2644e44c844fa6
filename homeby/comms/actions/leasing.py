"""Taking a lease on what is due: who works on which delivery until when, and what is to be sent."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from homeby import settings
from homeby.comms import channels
from homeby.comms.models import Delivery, Message
from homeby.comms.rules import LEASE_SECONDS, DeliveryState, MessageKind
from homeby.people import private
from homeby.people.rules import Purpose

BATCH = 16


@dataclass(frozen=True, kw_only=True)
class Leased:
    """A delivery under lease with all that is needed to send it without the database."""

    delivery_id: uuid.UUID
    token: uuid.UUID
    channel: str
    outgoing: channels.Outgoing | None


def lease(
    *, now: dt.datetime, lease_factor: float = 1.0, channel_name: str | None = None
) -> list[Leased]:
    """Claim up to a batch of due deliveries for `LEASE_SECONDS`."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    due = Delivery.objects.filter(free, state=DeliveryState.QUEUED, next_try_at__lte=now)
    if channel_name is not None:
        due = due.filter(channel=channel_name)
    skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        rows = list(
            due.select_for_update(skip_locked=skip, of=("self",) if skip else ())
            .select_related("message")
            .order_by("-message__in_danger", "next_try_at", "pk")[:BATCH]
        )
        if not rows:
            return []
        token = uuid.uuid4()
        until = now + dt.timedelta(seconds=LEASE_SECONDS * lease_factor)
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            lease_until=until, lease_token=token
        )
    contacts = [row.contact_id for row in rows]
    addresses = private.addresses(contacts, purpose=Purpose.DELIVER)
    return [_leased(row, token, addresses.get(row.contact_id)) for row in rows]


def _leased(row: Delivery, token: uuid.UUID, address: str | None) -> Leased:
    outgoing = None if address is None else _outgoing(row, address)
    return Leased(delivery_id=row.pk, token=token, channel=row.channel, outgoing=outgoing)


def _outgoing(row: Delivery, address: str) -> channels.Outgoing:
    """The message as it leaves: its words, its code, a link that opens a page and does nothing."""
    station, message = settings.current(), row.message
    text = message.text
    if message.code:
        words = _("Your code: %s") if _verifies(message) else _("Code to take it: %s")
        text += "\n" + words % message.code
    return channels.Outgoing(
        key=f"{message.key}/{row.contact_id}",
        to_address=address,
        subject=message.subject,
        text=text,
        link="" if message.kin_of else f"{station.public_url}/m/{message.token}",
        urgent=message.in_danger,
        from_name=station.station_name,
        sent_as=message.kind,
        written_at=message.created_at,
    )


def _verifies(message: Message) -> bool:
    return message.kind == MessageKind.VERIFICATION
