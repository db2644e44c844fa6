"""A list that a provider took, as one receipt for each alarm that it names."""

from __future__ import annotations

from dataclasses import replace

from homeby.comms.models import ListMessage, Message
from tests.simulation.provider import Receipt


def each_of_list(receipt: Receipt) -> list[Receipt]:
    """The receipts of the single messages, as if each had come by itself with the list's text."""
    listed = ListMessage.objects.filter(pk=receipt.key.partition(":")[2]).first()
    rows = Message.objects.filter(pk__in=listed.message_ids if listed else [])
    return [
        replace(
            receipt,
            key=f"{row.about}/list/{receipt.key}",
            outgoing=replace(receipt.outgoing, subject=row.subject),
        )
        for row in rows.order_by("key")
    ]
