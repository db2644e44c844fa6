"""Taking receipts: a provider says later that a message arrived, or that it did not."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.comms import rules
from homeby.comms.actions.recording import Channels, channels_of, move, turns_of
from homeby.comms.models import Delivery, Message
from homeby.comms.rules import DeliveryState, MessageState
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a receipt changed, in a sentence. `causes` are the alarms of which a message now reaches
    nobody, to be judged at once."""

    sentence: str
    causes: frozenset[str] = frozenset()


def take_receipt(*, channel: str, receipt: rules.Receipt, now: dt.datetime) -> Taken:
    """Write down what a provider says of a message. The same receipt again changes nothing. Raises
    Refused, with a sentence, where the id fits no message of this channel, or several."""
    with logbook.writing(now=now, by=None, device=f"receipt {channel}", bulk=True) as book:
        found = Delivery.objects.filter(provider_ref=receipt.ref, channel=channel)
        ids = dict(found.values_list("pk", "message_id")[: rules.LIST_MOST + 1])
        sendings = set(found.values_list("list_id", flat=True)[: rules.LIST_MOST + 1])
        if not ids:
            raise Refused(_("No message of this channel has this id."))
        if len(ids) > 1 and (None in sendings or len(sendings) > 1):
            raise Refused(_("This id fits several messages, so it says nothing of any."))
        if receipt.received is None:
            return Taken(sentence=_("It is still on its way; nothing was changed."))
        locked = Message.objects.select_for_update(no_key=True).filter(pk__in=set(ids.values()))
        messages = {message.pk: message for message in locked.order_by("pk")}
        channels = channels_of(messages)
        causes: set[str] = set()
        for delivery_id, message_id in ids.items():
            message, others = messages[message_id], channels[message_id]
            if others[delivery_id].state == DeliveryState.HANDED:
                note = _received if receipt.received else _lost
                note(book, delivery_id, message, others)
            if message.state in (MessageState.TROUBLE, MessageState.UNREACHABLE):
                causes.add(message.cause)
    sentence = _("Received.") if receipt.received else _("It did not arrive; others are tried.")
    return Taken(sentence=sentence, causes=frozenset(causes - {""}))


def _page(book: logbook.Book, kind: str, message: Message, row: Delivery) -> logbook.Page:
    facts = {"channel": row.channel, "person": message.person_id}
    return book.entry(kind, subject=message.about, person=message.person_id, facts=facts)


def _received(
    book: logbook.Book, delivery_id: uuid.UUID, message: Message, others: Channels
) -> None:
    row = others[delivery_id]
    page = _page(book, rules.MESSAGE_RECEIVED, message, row)
    page.change(row, state=DeliveryState.RECEIVED, received_at=book.now)
    move(page, others, rules.after_received(turns_of(others, book.now)))


def _lost(book: logbook.Book, delivery_id: uuid.UUID, message: Message, others: Channels) -> None:
    """It was taken and did not arrive: as if this channel had refused it."""
    row, now = others[delivery_id], book.now
    page = _page(book, rules.MESSAGE_FAILED, message, row)
    sentence = _("The provider took it and says that it did not arrive.")
    page.state(trouble=sentence)
    page.change(row, state=DeliveryState.FAILED, trouble=sentence)
    if message.state not in (MessageState.HANDED, MessageState.TROUBLE, MessageState.QUEUED):
        return
    move(page, others, rules.after_lost(turns_of(others, now), now=now))
    stand = [(DeliveryState(one.state), one.tries) for one in others.values()]
    state = rules.message_state(stand, before=MessageState.QUEUED)
    if state is not MessageState.HANDED:
        failed = state in (MessageState.TROUBLE, MessageState.UNREACHABLE)
        failed_at = message.failed_at or (now if failed else None)
        page.change(message, state=state, handed_at=None, failed_at=failed_at)
