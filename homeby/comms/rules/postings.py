"""Entries posted to webhooks: which kinds may be chosen, when a posting is tried again. Pure."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from homeby.comms.rules.outbox import next_try
from homeby.logbook.rules import KINDS, Audience, Erasure, Kind, declare

#: What the outbox and the webhooks themselves write would go round for ever.
_ROUND = ("MESSAGE", "CHANNEL_", "WEBHOOK_")
#: After so long a posting is given up, and said to be; the API still has the entry.
GIVE_UP = dt.timedelta(days=3)
#: After so long without one that was taken, the webhook's person is told.
TELL_AFTER = dt.timedelta(hours=1)
#: A webhook that has failed this often waits this long for its next probe at most.
PAUSE_MOST = dt.timedelta(minutes=15)
MANY = 20


class PostingState(StrEnum):
    """What became of a posting."""

    QUEUED = "QUEUED"
    HANDED = "HANDED"
    GIVEN_UP = "GIVEN_UP"
    WITHHELD = "WITHHELD"


def offered() -> list[Kind]:
    """The kinds of entry that can be chosen for a webhook, by name."""
    return [kind for name, kind in sorted(KINDS.items()) if not name.startswith(_ROUND)]


def again_at(
    *, created_at: dt.datetime, tries: int, now: dt.datetime, jitter: float
) -> dt.datetime | None:
    """When a posting that failed for the `tries`th time is tried again; None gives it up. A
    refusal (4xx) is tried again too: the receiver may be mended, and nobody but a person ends a
    webhook. `jitter` in 0..1."""
    if now - created_at > GIVE_UP:
        return None
    at = next_try(tries=tries, now=now, jitter=jitter)
    return max(at, now + PAUSE_MOST) if tries >= MANY else at


WEBHOOK_ADDED = declare(
    "WEBHOOK_ADDED", "A webhook was added", seen_by=Audience.OFFICE, erase=Erasure.SHRED_KEY
)
WEBHOOK_ENDED = declare(
    "WEBHOOK_ENDED", "A webhook was ended", seen_by=Audience.OFFICE, erase=Erasure.SHRED_KEY
)
WEBHOOK_QUEUED = declare(
    "WEBHOOK_QUEUED",
    "Entries wait to be posted to a webhook",
    seen_by=Audience.ADMINISTRATOR,
    erase=Erasure.NOTHING_PERSONAL,
)
WEBHOOK_TRIED = declare(
    "WEBHOOK_TRIED",
    "Entries were posted to a webhook, or could not be",
    seen_by=Audience.ADMINISTRATOR,
    erase=Erasure.NOTHING_PERSONAL,
)
