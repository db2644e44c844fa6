"""What was sent to a person, and her webhooks, taken out where she is erased."""

from __future__ import annotations

import uuid

from homeby.comms.models import Delivery, FailingContact, Message, Posting, Webhook
from homeby.comms.rules import DeliveryState, MessageState
from homeby.logbook.actions import Page
from homeby.logbook.forgetting import Words, blank_words

#: What a provider said of an address of hers.
WORDS = (
    Words(table=Delivery, of="message__person_id", blank={"trouble": ""}),
    Words(table=FailingContact, blank={"trouble": ""}),
    Words(table=Posting, of="webhook__person_id", blank={"trouble": ""}),
)
_WAITS = (MessageState.QUEUED, MessageState.TROUBLE)


def forget_person(page: Page, person_id: uuid.UUID) -> None:
    """Blank, as part of an entry, the texts of messages to her, take back what still waits, and end
    her webhooks."""
    rows = Message.objects.select_for_update(no_key=True).filter(person_id=person_id)
    for message in rows.filter(kin_of__isnull=True).order_by("pk"):
        taken_back = {"state": MessageState.CANCELLED} if message.state in _WAITS else {}
        page.change(message, subject="", text="", said_once="", **taken_back)
    waiting = Delivery.objects.select_for_update().filter(
        message__person_id=person_id, message__kin_of__isnull=True, state=DeliveryState.QUEUED
    )
    for delivery in waiting.order_by("pk"):
        page.change(delivery, state=DeliveryState.CANCELLED, next_try_at=None)
    for webhook in Webhook.objects.select_for_update().filter(person_id=person_id).order_by("pk"):
        ended = {"ended_at": page.book.now, "ended_by_id": page.book.by}
        page.change(webhook, name="", where="", **({} if webhook.ended_at else ended))
    blank_words(page, WORDS, person_id)
