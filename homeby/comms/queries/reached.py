"""Whether the messages of a step have reached anybody."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from homeby.comms.models import Message
from homeby.comms.rules import MessageState
from homeby.database.asked import NOW, Asked, AskedOf

#: The states of a message that no channel has taken, though each was tried.
LOST = (MessageState.TROUBLE, MessageState.UNREACHABLE)


@dataclass(frozen=True, kw_only=True)
class Handing:
    """How far the messages of one step have come."""

    count: int
    first_handed_at: dt.datetime | None
    impossible: bool


_OF_CAUSES = AskedOf(
    lambda causes: Message.objects.filter(cause__in=causes).values_list(
        "cause", "key", "state", "handed_at", "code"
    ),
    of_texts=True,
)


def handings(keys_by_cause: dict[str, str]) -> dict[str, Handing]:
    """For each cause, how the messages whose key begins with the given prefix stand. One query.

    Impossible: every one of them has failed on every channel at least once. Where some of them
    can be acted on (they carry a code), only those count: kin who heard take no alarm.
    """
    rows = _OF_CAUSES.rows(keys_by_cause)
    all_of: dict[str, list[tuple[str, dt.datetime | None]]] = {}
    with_code: dict[str, list[tuple[str, dt.datetime | None]]] = {}
    for cause, key, state, handed_at, code in rows:
        if key.startswith(keys_by_cause[cause]):
            all_of.setdefault(cause, []).append((state, handed_at))
            if code:
                with_code.setdefault(cause, []).append((state, handed_at))
    found = all_of | with_code
    return {
        cause: Handing(
            count=len(items),
            first_handed_at=min((at for _, at in items if at), default=None),
            impossible=all(state in LOST for state, _ in items),
        )
        for cause, items in found.items()
    }


def sent_for(cause: str) -> list[tuple[uuid.UUID, bool, dt.datetime]]:
    """Whom messages of this cause are for, whether every channel has failed, and when each was
    written. One query."""
    rows = Message.objects.filter(cause=cause).values_list("person_id", "state", "created_at")
    return [(key, state in LOST, at) for key, state, at in rows]


def lost_since(at: dt.datetime) -> set[str]:
    """The causes of which a message written since then was taken by no channel, though each was
    tried. One query, of an index that holds such messages only."""
    return {cause for (cause,) in _LOST.rows(now=at)}


_LOST = Asked(
    lambda: (
        Message.objects.filter(state__in=LOST, created_at__gte=NOW)
        .exclude(cause="")
        .values_list("cause")
    )
)


def reached_nobody(keys_by_cause: dict[str, str]) -> set[str]:
    """Which of these causes have a step that was impossible (see `handings`). One query, and a
    second one for causes of which a message has failed."""
    failed = Message.objects.filter(cause__in=keys_by_cause, state__in=LOST)
    some = {
        cause: keys_by_cause[cause]
        for cause, key in failed.values_list("cause", "key")
        if key.startswith(keys_by_cause[cause])
    }
    found = handings(some) if some else {}
    return {cause for cause, handing in found.items() if handing.impossible}
