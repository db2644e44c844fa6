"""What is told to whom, on which channel in which turn, and when a failed try is repeated. Pure.

Keeps promises 2 and 4: a message waits in the outbox until a channel took it; "handed" is never
claimed before the provider answered; an unreachable person is seen at once.
"""

from __future__ import annotations

from homeby.comms.rules.limits import Limit, Sent, is_never_held, limits_of, opens_at
from homeby.comms.rules.lists import (
    FLOOD,
    GATHER,
    LIST_FROM,
    LIST_MOST,
    Item,
    fitting,
    gathers_until,
    in_order,
    is_alarm_list,
    line,
)
from homeby.comms.rules.outbox import (
    BACKOFF_SECONDS,
    GIVE_UP,
    LEASE_SECONDS,
    SEND_SECONDS,
    URGENCY_LEAST,
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
    MESSAGE_THROTTLED,
    MESSAGES_LISTED,
    DeliveryState,
    MessageKind,
    MessageState,
)

__all__ = [
    "BACKOFF_SECONDS",
    "FLOOD",
    "GATHER",
    "GIVE_UP",
    "LEASE_SECONDS",
    "LIST_FROM",
    "LIST_MOST",
    "MESSAGES_LISTED",
    "MESSAGE_CANCELLED",
    "MESSAGE_FAILED",
    "MESSAGE_HANDED",
    "MESSAGE_QUEUED",
    "MESSAGE_THROTTLED",
    "NOT_HANDED",
    "NOT_RECEIVED",
    "SEND_SECONDS",
    "URGENCY_LEAST",
    "DeliveryState",
    "FirstTurn",
    "Item",
    "Limit",
    "MessageKind",
    "MessageState",
    "Moves",
    "Order",
    "Outcome",
    "Sent",
    "Turn",
    "after_failed",
    "after_handed",
    "after_received",
    "first_turns",
    "fitting",
    "gathers_until",
    "gives_up",
    "in_order",
    "is_alarm_list",
    "is_never_held",
    "limits_of",
    "line",
    "message_state",
    "next_try",
    "opens_at",
    "usable",
]
