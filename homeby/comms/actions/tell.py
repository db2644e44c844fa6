"""Putting messages into the outbox, and taking back those no longer needed.

Nothing is sent here: a message is a row of the same commit as the decision that made it.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from homeby.comms.models import Delivery, ListMessage, Message
from homeby.comms.rules import (
    MESSAGE_CANCELLED,
    DeliveryState,
    MessageKind,
    MessageState,
    Order,
    first_turns,
    usable,
)
from homeby.logbook.actions import Book, Page

CODE_TRIES_MAX = 5


def tell(page: Page, orders: Iterable[Order], *, now: dt.datetime) -> int:
    """Queue these messages as part of an entry. Gives the number of people who can be reached.

    A person without a usable contact point gets a message too, in state UNREACHABLE, so that the
    gap is visible where everybody looks.
    """
    reached = 0
    for order in orders:
        turns = first_turns(order, now=now)
        reached += bool(usable(order, now=now))
        message = Message(
            id=uuid.uuid4(),
            key=order.key,
            about=order.about,
            cause=order.cause,
            kind=order.kind,
            in_danger=order.in_danger,
            is_first=order.is_first,
            urgency=order.urgency,
            since_at=order.since_at,
            person_id=order.recipient.person_id,
            kin_of=order.recipient.kin_of,
            subject=order.subject[:300],
            text="\n".join(part for part in (order.text, order.said_once) if part),
            said_once=order.said_once[:300],
            state=MessageState.QUEUED if turns else MessageState.UNREACHABLE,
            failed_at=None if turns else now,
            created_at=now,
            token=secrets.token_urlsafe(16),
            code=order.code,
        )
        page.add(message)
        for turn in turns:
            page.add(
                Delivery(
                    id=uuid.uuid4(),
                    message=message,
                    person_id=order.recipient.person_id,
                    contact_id=turn.reach.contact_id,
                    channel=turn.reach.channel,
                    place=turn.place,
                    state=DeliveryState.QUEUED,
                    next_try_at=turn.at,
                )
            )
    return reached


def replace_older(page: Page, orders: list[Order]) -> None:
    """Take back what is still queued to these people about the same thing: the new message says it
    better. So a dead line holds one message a person, not one for each round. What a round of
    deliveries works on just now is left alone."""
    keys = [order.key for order in orders]
    to = {order.recipient.person_id for order in orders}
    queued = Delivery.objects.filter(state=DeliveryState.QUEUED, message__person_id__in=to)
    queued = queued.filter(message__about__in={order.about for order in orders})
    older = set(queued.exclude(message__key__in=keys).values_list("message_id", flat=True))
    if not older:
        return
    skip = connection.features.has_select_for_update_skip_locked
    rows = Message.objects.select_for_update(skip_locked=skip, no_key=True).filter(pk__in=older)
    messages = list(rows.order_by("pk"))
    for message in messages:
        if message.state in (MessageState.QUEUED, MessageState.TROUBLE):
            page.change(message, state=MessageState.CANCELLED)
    waiting = Delivery.objects.select_for_update().filter(
        message__in=[message.pk for message in messages], state=DeliveryState.QUEUED
    )
    for delivery in waiting.order_by("pk"):
        page.change(delivery, state=DeliveryState.CANCELLED, next_try_at=None)


def drop_late(page: Page, *, before: dt.datetime) -> int:
    """Take back reminders and exercises written before an instant that no channel took: what they
    speak of has passed. Gives how many reminders."""
    kinds = (MessageKind.REMINDER, MessageKind.EXERCISE)
    old = Message.objects.filter(kind__in=kinds, created_at__lt=before)
    old = old.filter(state__in=(MessageState.QUEUED, MessageState.TROUBLE))
    messages = list(old.select_for_update(no_key=True).order_by("pk"))
    _take_back(page, messages, _queued_of(messages))
    return sum(message.kind == MessageKind.REMINDER for message in messages)


def _queued_of(messages: Iterable[Message]) -> Iterable[Delivery]:
    """What of these messages still waits to be sent, locked."""
    waiting = Delivery.objects.select_for_update(of=("self",)).filter(
        message__in=[message.pk for message in messages], state=DeliveryState.QUEUED
    )
    return waiting.order_by("pk")


def _take_back(page: Page, messages: Iterable[Message], waiting: Iterable[Delivery]) -> None:
    for message in messages:
        page.change(message, state=MessageState.CANCELLED)
    for delivery in waiting:
        page.change(delivery, state=DeliveryState.CANCELLED, next_try_at=None)


def _lock(about: str) -> None:
    """Lock all messages about something in the order in which the outbox locks them too, so that a
    person's tap and a round of deliveries never wait for each other.

    Messages are locked but for their keys, here as everywhere: at its commit PostgreSQL checks that
    the message of a changed delivery is still there, which a full lock keeps waiting (a deadlock).
    """
    rows = Message.objects.select_for_update(no_key=True).filter(about=about).order_by("pk")
    list(rows.values_list("pk", flat=True))


def cancel_queued(
    book: Book, *, about: str, why: str, keep_people: Collection[uuid.UUID] = ()
) -> int:
    """Take back messages about something that no channel took yet (somebody has it, or it is over).

    `keep_people` names those whose own messages stay. Deliveries under a lease may still go out:
    a message may come twice or once too often, never not at all.
    """
    open_states = (MessageState.QUEUED, MessageState.TROUBLE)
    wanted = Message.objects.select_for_update(no_key=True).filter(
        about=about, state__in=open_states
    )
    wanted = wanted.exclude(person_id__in=keep_people)
    _lock(about)
    messages = list(wanted)
    deliveries = Delivery.objects.select_for_update(of=("self",)).filter(
        message__about=about, state=DeliveryState.QUEUED
    )
    deliveries = deliveries.exclude(message__person_id__in=keep_people)
    waiting = list(deliveries.order_by("pk"))
    if not messages and not waiting:
        return 0
    page = book.entry(MESSAGE_CANCELLED, subject=about, facts={"why": why, "count": len(messages)})
    _take_back(page, messages, waiting)
    return len(messages)


def cancel_to(book: Book, person_ids: Collection[uuid.UUID], *, why: str) -> int:
    """Take back whatever no channel took yet of all that was written to these people or kin. A
    message locked by a round of deliveries just now is left to it."""
    skip = connection.features.has_select_for_update_skip_locked
    states = (MessageState.QUEUED, MessageState.TROUBLE)
    wanted = Message.objects.select_for_update(no_key=True, skip_locked=skip)
    messages = list(wanted.filter(person_id__in=person_ids, state__in=states).order_by("pk"))
    if not messages:
        return 0
    facts = {"why": why, "count": len(messages)}
    page = book.entry(MESSAGE_CANCELLED, subject=messages[0].about, facts=facts)
    _take_back(page, messages, _queued_of(messages))
    return len(messages)


def answered(page: Page, *, about: str, person_id: uuid.UUID) -> None:
    """Note that a person acted on what was said to them about something; what still waits to ring
    them about it on another channel is taken back."""
    _lock(about)
    own = Message.objects.select_for_update(no_key=True).filter(about=about, person_id=person_id)
    for message in own.exclude(state__in=(MessageState.ANSWERED, MessageState.CANCELLED)):
        page.change(message, state=MessageState.ANSWERED, answered_at=page.book.now)
    waiting = Delivery.objects.select_for_update(of=("self",)).filter(
        message__about=about, message__person_id=person_id, state=DeliveryState.QUEUED
    )
    for delivery in waiting.order_by("pk"):
        page.change(delivery, state=DeliveryState.CANCELLED, next_try_at=None)


def settle_taken(
    page: Page, *, about: Sequence[str], person_id: uuid.UUID, keep_people: Collection[uuid.UUID]
) -> None:
    """Somebody took many alarms at once: her own messages are answered, what is still queued to
    anybody but `keep_people` is taken back. Two queries, however many."""
    rows = Message.objects.select_for_update(no_key=True).filter(about__in=about)
    rows = rows.exclude(person_id__in=keep_people)
    for message in rows.order_by("pk"):
        state = MessageState(message.state)
        if state in (MessageState.ANSWERED, MessageState.CANCELLED):
            continue
        if message.person_id == person_id:
            page.change(message, state=MessageState.ANSWERED, answered_at=page.book.now)
        elif state in (MessageState.QUEUED, MessageState.TROUBLE):
            page.change(message, state=MessageState.CANCELLED)
    waiting = Delivery.objects.select_for_update(of=("self",)).filter(
        message__about__in=about, state=DeliveryState.QUEUED
    )
    waiting = waiting.exclude(message__person_id__in=keep_people)
    for delivery in waiting.order_by("pk"):
        page.change(delivery, state=DeliveryState.CANCELLED, next_try_at=None)


@dataclass(frozen=True, kw_only=True)
class CodeTyped:
    """A message locked for a typed code: whose it is, about what, and whether the code is right.
    `tries_left` counts wrong codes still allowed; at 0 even the right one counts no more."""

    about: str
    person_id: uuid.UUID
    right: bool
    tries_left: int
    message: Message | ListMessage


def code_typed(token: str, code: str) -> CodeTyped:
    """Compare a typed code with the message's own, in constant time. Inside a transaction."""
    _lock(Message.objects.get(token=token).about)
    row = Message.objects.select_for_update(no_key=True).get(token=token)
    left = CODE_TRIES_MAX - row.code_tries
    same = secrets.compare_digest(row.code.encode(), code.strip().encode())
    return CodeTyped(
        about=row.about,
        person_id=row.person_id,
        right=bool(row.code) and same and left > 0,
        tries_left=left,
        message=row,
    )


def list_code_typed(token: str, code: str) -> CodeTyped:
    """The same for the code of a list, which takes all of its alarms."""
    row = ListMessage.objects.select_for_update(no_key=True).get(token=token)
    left = CODE_TRIES_MAX - row.code_tries
    same = secrets.compare_digest(row.code.encode(), code.strip().encode())
    return CodeTyped(
        about=f"list:{row.pk}",
        person_id=row.person_id,
        right=bool(row.code) and same and left > 0,
        tries_left=left,
        message=row,
    )


def count_wrong_code(page: Page, typed: CodeTyped) -> None:
    """One wrong code more for this message."""
    page.change(typed.message, code_tries=typed.message.code_tries + 1)
