"""Pausing the whole watch: who may begin it, how long it lasts, whether it holds. Pure.

Nobody pauses the watch alone (P17): a second person agrees, or, in a club of two, everybody has had
a day's notice. A pause holds by its own two instants, so that it ends though nobody writes it down.
While it holds no missed deadline of a party is judged; alarms that are open go on, and a pause does
not begin while one is (`RELIABILITY.md` 3 P17, 14).
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from homeby.sentences import gettext as _
from homeby.watch.rules.words import SKEW

NOTICE = dt.timedelta(hours=24)  # what one person alone gives, before a pause begins
SHORTEST = dt.timedelta(minutes=1)
REASON_MIN, REASON_MAX = 5, 300


class PauseState(StrEnum):
    """How far a pause is. Only PAUSED stops anything."""

    ASKED = "ASKED"  # a second person must agree
    NOTICE = "NOTICE"  # asked by one person; the day's notice runs
    PAUSED = "PAUSED"
    OVER = "OVER"  # ended, taken back, or never begun


@dataclass(frozen=True, kw_only=True)
class PauseFacts:
    """A pause as the watch judges it. `from_at` is when it began or will begin."""

    state: PauseState
    asked_by_id: uuid.UUID
    asked_at: dt.datetime
    from_at: dt.datetime
    until_at: dt.datetime
    with_notice: bool
    agreed_by_id: uuid.UUID | None = None

    @property
    def is_agreed(self) -> bool:
        """Whether somebody else agreed."""
        return self.agreed_by_id not in (None, self.asked_by_id)

    @property
    def had_notice(self) -> bool:
        """Whether it begins, or began, a day after it was asked for."""
        return self.with_notice and self.from_at >= self.asked_at + NOTICE


class Turn(StrEnum):
    """What the clock asks of a pause."""

    BEGIN = "BEGIN"
    END = "END"
    LAPSE = "LAPSE"  # it never began


def holds(facts: PauseFacts, *, now: dt.datetime) -> bool:
    """Whether the watch is paused now. A pause of one person without notice is none, whatever its
    row says; neither is one that begins later than now: a clock wrote it that was set back."""
    if facts.state is not PauseState.PAUSED or not (facts.is_agreed or facts.had_notice):
        return False
    return facts.from_at - SKEW <= now < facts.until_at


def turn_of(facts: PauseFacts, *, is_alarm_open: bool, now: dt.datetime) -> Turn | None:
    """What the clock asks of a pause now. One with notice waits while an alarm is open,
    or is about to open for somebody who is overdue."""
    if facts.state is PauseState.PAUSED:
        return None if holds(facts, now=now) else Turn.END
    if now >= facts.until_at:
        return Turn.LAPSE
    announced = facts.state is PauseState.NOTICE and now >= facts.from_at
    return Turn.BEGIN if announced and not is_alarm_open else None


def begins_at(*, with_notice: bool, now: dt.datetime) -> dt.datetime:
    """The earliest beginning of a pause that is asked for now."""
    return now + NOTICE if with_notice else now


def problems_with_pause(
    *, reason: str, until_at: dt.datetime, with_notice: bool, hours_max: int, now: dt.datetime
) -> dict[str, str]:
    """Sentences about what was asked for, by field; empty when it may be."""
    problems = {}
    if not REASON_MIN <= len(reason.strip()) <= REASON_MAX:
        problems["reason"] = _(
            "Give a reason in a few words, at most 300 characters; everybody who is out reads it."
        )
    begins = begins_at(with_notice=with_notice, now=now)
    if until_at < begins + SHORTEST:
        problems["until"] = (
            _("With a day's notice it begins 24 hours from now; the end must lie behind that.")
            if with_notice
            else _("This time has passed. Say when the watch goes on.")
        )
    elif until_at > begins + dt.timedelta(hours=hours_max):
        problems["until"] = _("A pause lasts at most %d hours; choose an earlier end.") % hours_max
    return problems
