"""One message to one person, and when a failed try is repeated. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from homeby.comms.rules.words import DeliveryState, MessageKind, MessageState
from homeby.people.rules import Reach, Recipient

URGENCY_LEAST = 9


@dataclass(frozen=True, kw_only=True)
class Order:
    """One message to one person in one round. `key` names it for ever (alarm, step, person, round);
    `cause` is the deadline whose step made it, "" when none did; `not_before` holds it back.

    `is_first`: it brings the first word of a worry or of its having grown, or what must be known at
    once, so that no limit holds it back. `urgency` (0 is the gravest) and `since_at` say where it
    stands in a list; `said_once` is a sentence beside the text, which a list says once for all its
    messages.
    """

    key: str
    about: str
    recipient: Recipient
    kind: MessageKind
    subject: str
    text: str
    cause: str = ""
    in_danger: bool = False
    code: str = ""
    not_before: dt.datetime | None = None
    is_first: bool = False
    urgency: int = URGENCY_LEAST
    since_at: dt.datetime | None = None
    said_once: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one try, to be recorded: handed, or a sentence of trouble. `jitter` in 0..1
    spreads repeats; those of one list share it, so that they stay together."""

    delivery_id: uuid.UUID
    token: uuid.UUID
    handed: bool
    provider_ref: str = ""
    sentence: str = ""
    permanent: bool = False
    jitter: float = 0.0


BACKOFF_SECONDS = (5, 15, 45, 120)
GIVE_UP = dt.timedelta(hours=24)
#: An hour of tries, whenever the first one was.
TRIES_LEAST = 30
GIVE_UP_CANARY = dt.timedelta(minutes=9)  # the next round is near, and says it better
LEASE_SECONDS = 30
SEND_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class Leases:
    """How leases are counted: from `at`, by the clock that all watchkeepers share, so that one
    whose own is half a minute ahead takes over nothing that is under way (None: by the station's
    time); `factor` times as long, where the station's time runs faster than life."""

    at: dt.datetime | None = None
    factor: float = 1.0

    def term(self, *, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
        """From when until when a lease that is taken now holds."""
        begin = self.at or now
        return begin, begin + dt.timedelta(seconds=LEASE_SECONDS * self.factor)


def next_try(*, tries: int, now: dt.datetime, jitter: float = 0.0) -> dt.datetime:
    """When to try again after `tries` failures: 5, 15, 45, 120 s, then every 2 minutes
    (`RELIABILITY.md` 4, Outbox). `jitter` in 0..1 spreads by up to a tenth."""
    assert tries >= 1, "a next try follows a failed one"
    seconds = BACKOFF_SECONDS[min(tries, len(BACKOFF_SECONDS)) - 1]
    return now + dt.timedelta(seconds=seconds * (1 + jitter / 10))


def gives_up(*, kind: MessageKind, created_at: dt.datetime, tries: int, now: dt.datetime) -> bool:
    """Alarms are never given up here (the watch cancels them); other messages after a day, but not
    before so many `tries`: one that was held while somebody rested has only begun by then. The
    canary's before its next round."""
    if kind is MessageKind.CANARY:
        return now - created_at > GIVE_UP_CANARY
    return kind is not MessageKind.ALARM and now - created_at > GIVE_UP and tries >= TRIES_LEAST


_TOOK = (DeliveryState.HANDED, DeliveryState.RECEIVED)
_ASIDE = (DeliveryState.SPARED, DeliveryState.CANCELLED)


def message_state(
    deliveries: Sequence[tuple[DeliveryState, int]], *, before: MessageState
) -> MessageState:
    """A message's state from its deliveries' (state, tries)."""
    if before in (MessageState.ANSWERED, MessageState.CANCELLED):
        return before
    states = [state for state, _ in deliveries]
    if before is MessageState.HANDED or any(state in _TOOK for state in states):
        return MessageState.HANDED
    if all(state is DeliveryState.FAILED for state in states if state not in _ASIDE):
        return MessageState.UNREACHABLE
    tried = all(
        tries > 0 or state is DeliveryState.FAILED
        for state, tries in deliveries
        if state not in _ASIDE
    )
    return MessageState.TROUBLE if tried else MessageState.QUEUED


def usable(order: Order, *, now: dt.datetime) -> tuple[Reach, ...]:
    """The contact points that this order may go out on now, in the person's order."""
    return order.recipient.reaches_now(now=now, in_danger=order.in_danger)


#: The channel that leads back into the station. No contact point has it.
LOOPBACK = "LOOPBACK"


def canary_addresses(lines: Iterable[str]) -> dict[str, str]:
    """Lines such as `email=night@example.org` as addresses by the name of their channel class."""
    parts = (line.partition("=") for line in lines)
    return {name.strip().upper(): at.strip() for name, _, at in parts if at.strip()}
