"""What is told to whom, on which channel in which turn, and when a failed try is repeated. Pure.

Keeps promises 2 and 4: a message waits in the outbox until a channel took it; "handed" is never
claimed before the provider answered; an unreachable person is seen at once.
"""

from __future__ import annotations

from homeby.comms.rules.outbox import (
    BACKOFF_SECONDS,
    GIVE_UP,
    LEASE_SECONDS,
    SEND_SECONDS,
    Order,
    Outcome,
    gives_up,
    message_state,
    next_try,
    usable,
)
from homeby.comms.rules.turns import (
    NOT_HANDED,
    NOT_RECEIVED,
    FirstTurn,
    Moves,
    Turn,
    after_failed,
    after_handed,
    after_received,
    first_turns,
)
from homeby.comms.rules.words import (
    MESSAGE_CANCELLED,
    MESSAGE_FAILED,
    MESSAGE_HANDED,
    MESSAGE_QUEUED,
    DeliveryState,
    MessageKind,
    MessageState,
)

__all__ = [
    "BACKOFF_SECONDS",
    "GIVE_UP",
    "LEASE_SECONDS",
    "MESSAGE_CANCELLED",
    "MESSAGE_FAILED",
    "MESSAGE_HANDED",
    "MESSAGE_QUEUED",
    "NOT_HANDED",
    "NOT_RECEIVED",
    "SEND_SECONDS",
    "DeliveryState",
    "FirstTurn",
    "MessageKind",
    "MessageState",
    "Moves",
    "Order",
    "Outcome",
    "Turn",
    "after_failed",
    "after_handed",
    "after_received",
    "first_turns",
    "gives_up",
    "message_state",
    "next_try",
    "usable",
]
