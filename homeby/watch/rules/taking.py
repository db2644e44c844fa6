"""Who has an alarm once somebody takes it: one person, or two where its plan says so. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from homeby.watch.rules.alarms import taken_until


@dataclass(frozen=True, kw_only=True)
class Hold:
    """One person's acknowledgement, and when it runs out."""

    person_id: uuid.UUID
    until: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Taken:
    """An alarm that somebody has just taken: `own` is theirs, `other` that of the second of two,
    `displaced` are those who have it no more."""

    own: Hold
    other: Hold | None
    displaced: tuple[uuid.UUID, ...]
    two_must: bool

    @property
    def is_taken(self) -> bool:
        """Whether the steps stop: where two must take it, one alone stops nothing."""
        return self.other is not None or not self.two_must

    @property
    def until(self) -> dt.datetime:
        """When the first acknowledgement runs out."""
        return min(hold.until for hold in (self.own, self.other) if hold is not None)


def take(  # noqa: PLR0913 - who has it now, who had it, and how two take it
    person_id: uuid.UUID,
    *,
    holds: Sequence[Hold],
    fresh_at: dt.datetime,
    held_by: Sequence[str],
    two_must: bool,
    giver_id: uuid.UUID | None,
    now: dt.datetime,
) -> Taken:
    """What becomes of the present `holds` when somebody takes the alarm, or takes it once more.

    A second person joins the first; a third takes the place of `giver_id`, who offered it, or else
    of whoever would run out first: there are never more than two. Where one is enough, whoever
    takes it has it alone. Passed round, nobody's time begins anew (`taken_until`). Whose time is
    over has it no more, though the watch may not have looked since.
    """
    others = sorted((h for h in holds if h.person_id != person_id), key=lambda hold: hold.until)
    renews = len(others) < len(holds)
    silent = [hold for hold in others if hold.until <= now]
    others = others[len(silent) :]
    left = [hold for hold in others if hold.person_id != giver_id or renews]
    left = left[-1:] if two_must else []  # one other at most keeps it, for whom it lasts longest
    gone = [hold for hold in others if hold not in left]
    until = taken_until(
        person_id,
        fresh_at=fresh_at,
        holder_id=gone[0].person_id if gone else None,
        expires_at=gone[0].until if gone else None,
        held_by=held_by,
    )
    return Taken(
        own=Hold(person_id=person_id, until=until),
        other=left[0] if left else None,
        displaced=tuple(hold.person_id for hold in (*silent, *gone)),
        two_must=two_must,
    )
