"""What the database says when a world has ended: P2, P5, P10, P16."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from homeby.comms.models import Delivery, ListMessage, Message
from homeby.comms.rules import DeliveryState
from homeby.logbook.models import Entry
from homeby.logbook.verification import verify

if TYPE_CHECKING:
    from tests.simulation.world_simulator import Simulation

Broken = Iterator[tuple[str, str]]


def last_words(world: Simulation) -> Broken:
    """Each broken promise and its sentence; none when all held."""
    verdict = verify()
    if verdict.difference:
        yield "P2", f"rows and logbook differ: {verdict.difference}"
    yield from _messages(world)
    yield from _acts(world)


def _messages(world: Simulation) -> Broken:
    written = set(Message.objects.values_list("key", flat=True))
    lists = {str(row): row for row in ListMessage.objects.all()}
    accepted = Counter(receipt.key for receipt in world.provider.receipts)
    for key in accepted:
        if key.rpartition("/")[0] not in written and key not in lists:
            yield "P2", f"a message was sent that stands in no outbox: {key}."
    listed = {
        (message_id, row.contact_id)
        for key, row in lists.items()
        if key in accepted
        for message_id in row.message_ids
    }
    handed = Delivery.objects.filter(state=DeliveryState.HANDED).select_related("message")
    for delivery in handed:
        own = f"{delivery.message.key}/{delivery.contact_id}"
        if own not in accepted and (str(delivery.message_id), delivery.contact_id) not in listed:
            yield "P2", f"{delivery.message.key} counts as handed; nobody took it."
    world.repeats = sum(accepted.values()) - len(accepted)
    if world.calm and world.repeats:
        key = next(key for key, count in accepted.items() if count > 1)
        yield "P5", f"without any fault a message came twice: {key}."


def _acts(world: Simulation) -> Broken:
    rows = Entry.objects.filter(entry_id__in=world.taps)
    stored = Counter(rows.values_list("entry_id", flat=True))
    for tap, confirmed in world.taps.items():
        if stored[tap] > 1:
            yield "P16", f"the act {tap} counted {stored[tap]} times."
        if confirmed and not stored[tap]:
            yield "P10", f"the act {tap} was confirmed and is gone."
