"""What is told to whom, and when a failed try is repeated. Pure.

Keeps promises 2 and 4: a message waits in the outbox until a channel took it; "handed" is never
claimed before the provider answered; an unreachable person is seen at once.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, declare
from homeby.people.rules import Reach, Recipient


class MessageKind(StrEnum):
    """What a message is for."""

    ALARM = "ALARM"
    REMINDER = "REMINDER"
    GOOD_NEWS = "GOOD_NEWS"
    NOTICE = "NOTICE"
    VERIFICATION = "VERIFICATION"
    CANARY = "CANARY"  # from the station to itself


class MessageState(StrEnum):
    """Where a message stands, over all its channels."""

    QUEUED = "QUEUED"  # in the outbox
    TROUBLE = "TROUBLE"  # every channel has failed at least once; still trying
    HANDED = "HANDED"  # a provider took it; that is not "told"
    ANSWERED = "ANSWERED"  # the person acted on it
    CANCELLED = "CANCELLED"  # no longer needed before it was handed
    UNREACHABLE = "UNREACHABLE"  # no usable contact point at all


class DeliveryState(StrEnum):
    """One message on one channel."""

    QUEUED = "QUEUED"
    HANDED = "HANDED"
    FAILED = "FAILED"  # refused for good by this channel
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, kw_only=True)
class Order:
    """One message to one person in one round. `key` names it for ever (alarm, step, person, round);
    `cause` is the deadline whose step made it, "" when none did."""

    key: str
    about: str
    recipient: Recipient
    kind: MessageKind
    subject: str
    text: str
    cause: str = ""
    in_danger: bool = False
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one try, to be recorded: handed, or a sentence of trouble."""

    delivery_id: uuid.UUID
    token: uuid.UUID
    handed: bool
    provider_ref: str = ""
    sentence: str = ""
    permanent: bool = False


BACKOFF_SECONDS = (5, 15, 45, 120)
GIVE_UP = dt.timedelta(hours=24)
GIVE_UP_CANARY = dt.timedelta(minutes=9)  # the next round is near, and says it better
LEASE_SECONDS = 30
SEND_SECONDS = 10


def next_try(*, tries: int, now: dt.datetime, jitter: float = 0.0) -> dt.datetime:
    """When to try again after `tries` failures: 5, 15, 45, 120 s, then every 2 minutes
    (`RELIABILITY.md` 4, Outbox). `jitter` in 0..1 spreads by up to a tenth."""
    assert tries >= 1, "a next try follows a failed one"
    seconds = BACKOFF_SECONDS[min(tries, len(BACKOFF_SECONDS)) - 1]
    return now + dt.timedelta(seconds=seconds * (1 + jitter / 10))


def gives_up(*, kind: MessageKind, created_at: dt.datetime, now: dt.datetime) -> bool:
    """Alarms are never given up here (the watch cancels them); other messages after a day, the
    canary's before its next round."""
    if kind is MessageKind.CANARY:
        return now - created_at > GIVE_UP_CANARY
    return kind is not MessageKind.ALARM and now - created_at > GIVE_UP


def message_state(
    deliveries: Sequence[tuple[DeliveryState, int]], *, before: MessageState
) -> MessageState:
    """A message's state from its deliveries' (state, tries)."""
    if before in (MessageState.ANSWERED, MessageState.CANCELLED, MessageState.HANDED):
        return before
    states = [state for state, _ in deliveries]
    if DeliveryState.HANDED in states:
        return MessageState.HANDED
    if not states:
        return MessageState.UNREACHABLE
    if all(state is DeliveryState.FAILED for state in states):
        return MessageState.UNREACHABLE
    tried = all(tries > 0 or state is DeliveryState.FAILED for state, tries in deliveries)
    return MessageState.TROUBLE if tried else MessageState.QUEUED


def usable(order: Order, *, now: dt.datetime) -> tuple[Reach, ...]:
    """The contact points that this order goes out on now."""
    return order.recipient.reaches_now(now=now, in_danger=order.in_danger)


#: The channel that leads back into the station. No contact point has it.
LOOPBACK = "LOOPBACK"


def canary_addresses(lines: Iterable[str]) -> dict[str, str]:
    """Lines such as `email=night@example.org` as addresses by the name of their channel class."""
    parts = (line.partition("=") for line in lines)
    return {name.strip().upper(): at.strip() for name, _, at in parts if at.strip()}


MESSAGE_QUEUED = declare(
    "MESSAGE_QUEUED", "A message was written", seen_by=Audience.WATCH, erase=Erasure.ERASE_BODY
)
MESSAGE_HANDED = declare(
    "MESSAGE_HANDED",
    "A provider took a message",
    seen_by=Audience.WATCH,
    erase=Erasure.NOTHING_PERSONAL,
)
MESSAGE_FAILED = declare(
    "MESSAGE_FAILED", "A try to send failed", seen_by=Audience.WATCH, erase=Erasure.ERASE_BODY
)
MESSAGE_CANCELLED = declare(
    "MESSAGE_CANCELLED",
    "Messages no longer needed were taken back",
    seen_by=Audience.WATCH,
    erase=Erasure.NOTHING_PERSONAL,
)
