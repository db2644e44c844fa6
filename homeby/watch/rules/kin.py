"""What kin may see and hear, and when they hear again. Pure (`STORY.md` 35 to 41).

A page says less than a message of the same measure: never a place, a team or a name. Nothing here
says that somebody is dead, hurt or lost: a person says that, and while one does, nothing else is
said at all.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from homeby.people.rules import MayKnow, Reach
from homeby.watch.rules.words import Phase


class Shown(StrEnum):
    """What a kin page says."""

    QUIET = "QUIET"  # nothing to tell: at home, out in good order, or back for a while
    OUT = "OUT"
    LOOKING = "LOOKING"  # they were told that something worries us, before the promised hour
    LATE = "LATE"
    BACK = "BACK"
    HELD = "HELD"  # a named person speaks with the family, nothing else does


class SearchStep(StrEnum):
    """What we do, in words that were agreed beforehand; a person says which of them is so."""

    REACHING = "REACHING"
    GOING = "GOING"
    CALLED = "CALLED"
    SEARCHING = "SEARCHING"
    UNTIL_LIGHT = "UNTIL_LIGHT"


class Keeping(StrEnum):
    """Whether what a kin page says of the watch is so: a page calms nobody by what nobody knows."""

    WATCHED = "WATCHED"
    PAUSED = "PAUSED"  # two people decided that no hour is noticed before the pause ends
    SILENT = "SILENT"  # no watchkeeper looked within the last minute
    COPY = "COPY"  # a restored copy: what it knows is old, and it sends nothing


#: How long a page says that somebody is back, before it shows no presence any more.
BACK_SHOWN = dt.timedelta(hours=12)
#: Minutes from one word to the next: an hour three times, then two hours, then three, for ever.
PAUSES = (60, 60, 60, 120, 180)
#: A word leaves so long before the hour that was named for it, so that it is there by then.
AHEAD = dt.timedelta(minutes=5)
#: One of kin who says again that they worry rings nobody again before this has passed.
WORRY_AGAIN = dt.timedelta(minutes=30)
#: If nobody takes a worry up, so long after it was said to some the next are told.
WORRY_RISES = dt.timedelta(minutes=10)
#: Once everybody was told, all of them hear of it again so often.
WORRY_REPEATS = dt.timedelta(minutes=60)
#: Of further words within that time so many are kept; more tell nothing more.
WORRIES_KEPT = 10


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What there is to know of whom kin wait for. `told`: kin were told that they are late;
    `in_persons_hands`: somebody speaks with the family now, `was_held`: or did on this mission;
    `alarm_phase`: of the open alarm."""

    is_out: bool
    due_at: dt.datetime | None = None
    call_out_at: dt.datetime | None = None
    back_at: dt.datetime | None = None
    told: bool = False
    in_persons_hands: bool = False
    was_held: bool = False
    alarm_phase: Phase | None = None


def keeping(*, is_copy: bool, is_awake: bool, is_paused: bool) -> Keeping:
    """How far the watch is kept just now, the gravest of what is so."""
    if is_copy:
        return Keeping.COPY
    if not is_awake:
        return Keeping.SILENT
    return Keeping.PAUSED if is_paused else Keeping.WATCHED


def knows_due(may_know: MayKnow) -> bool:
    """Whether these kin may know that somebody is out, and until when."""
    return may_know in (MayKnow.OUT_AND_DUE, MayKnow.AREA, MayKnow.UNIT)


def is_late(facts: Facts, *, now: dt.datetime) -> bool:
    """Whether somebody is out past the promised hour."""
    return facts.is_out and facts.due_at is not None and facts.due_at <= now


def shown(facts: Facts, may_know: MayKnow, *, now: dt.datetime) -> Shown:
    """What the page of these kin says now. Whoever may only know "late" and "back" reads "late"
    once they were told so or help is called, and "back" only after that. Nobody who was told of a
    worry is calmed by the page while it lasts, whatever they may know."""
    if may_know is MayKnow.NOTHING:
        return Shown.QUIET
    if facts.in_persons_hands:
        return Shown.HELD
    alarmed = facts.told or (facts.call_out_at is not None and facts.call_out_at <= now)
    if facts.is_out:
        if is_late(facts, now=now) and (alarmed or knows_due(may_know)):
            return Shown.LATE
        if facts.told and facts.alarm_phase is not None:
            return Shown.LOOKING
        return Shown.OUT if knows_due(may_know) else Shown.QUIET
    if facts.back_at is None or facts.was_held or now >= facts.back_at + BACK_SHOWN:
        return Shown.QUIET
    was_late = facts.told or (facts.call_out_at is not None and facts.call_out_at <= facts.back_at)
    return Shown.BACK if was_late or knows_due(may_know) else Shown.QUIET


def next_hour(count: int, *, reach: Reach | None, now: dt.datetime) -> dt.datetime:
    """The hour by which kin who have heard `count` words since they were told hear again: a full
    five minutes, and where they have hours in which to be reached, within these."""
    at = now + dt.timedelta(minutes=PAUSES[min(count, len(PAUSES) - 1)])
    if reach is not None and reach.verified:
        at = reach.opens_at(now=at - AHEAD, in_danger=False) + AHEAD
    over = dt.timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at if not over else at - over + dt.timedelta(minutes=5)


def acts_at(hour: dt.datetime) -> dt.datetime:
    """When the word leaves that is promised by an hour."""
    return hour - AHEAD


def rings(told_at: dt.datetime | None, *, now: dt.datetime) -> bool:
    """Whether a worry of somebody reaches the watch now: the first always does, a further one when
    the last rang half an hour ago (or by a clock that was set back since)."""
    return told_at is None or not told_at <= now < told_at + WORRY_AGAIN


def is_kept(count: int) -> bool:
    """Whether a further worry within the half hour is still written down, by how many were."""
    return count < WORRIES_KEPT
