"""When a contact point counts as failing. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

#: Failures and no success for so long turn the station amber (`RELIABILITY.md` 4, Channels).
FAILING_AFTER = dt.timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Tried:
    """The last try at one contact point in a round: whose it is, and whether it works."""

    person_id: uuid.UUID
    kin_of: uuid.UUID | None
    channel: str
    works: bool
    trouble: str = ""


def is_failing(since_at: dt.datetime, *, now: dt.datetime) -> bool:
    """Whether it has failed for long enough to be shown."""
    return now - since_at >= FAILING_AFTER
