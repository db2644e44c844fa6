"""Duties as they are planned: kinds, seats, answers, what speaks against a time. Pure.

It advises and never forbids a time; that two people are never on one duty is settled by whoever
calls, and said as anything else that stands against a seat is said.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, declare
from homeby.sentences import gettext as _

WHAT_MAX = 200
NOTE_MAX = 500
SEATS_MAX = 60
WEEKS_MAX = 52
#: So far ahead a duty is planned.
AHEAD_MAX = dt.timedelta(days=366)
#: A duty longer than this is a mistake in a date.
LONGEST = dt.timedelta(days=31)
#: From so many people asked for one duty on, a list is what was meant.
ASKED_MAX = 500


class DutyType(StrEnum):
    """What a duty is."""

    SHIFT = "SHIFT"
    TRAINING = "TRAINING"
    ACTIVITY = "ACTIVITY"
    TRAVEL = "TRAVEL"
    STAND_BY = "STAND_BY"  # at the station; at home and reachable is no duty


class DutyAnswer(StrEnum):
    """What somebody says when asked. An answer holds for the time for which it was given."""

    YES = "YES"
    NO = "NO"


class NotPicked(StrEnum):
    """Why somebody who could have come was not picked: one tap, for all of them at once."""

    SEATS_FULL = "SEATS_FULL"
    TURN_OF_OTHERS = "TURN_OF_OTHERS"
    NOT_NEEDED = "NOT_NEEDED"
    TOO_HARD = "TOO_HARD"
    OTHER = "OTHER"


class StoodDown(StrEnum):
    """Why somebody who was picked does not go. The first three leave her out of every count. Rest
    and health are one class: whoever plans never learns which of them it is."""

    OWN_WISH = "OWN_WISH"
    NOT_BEFORE = "NOT_BEFORE"
    LAPSED = "LAPSED"
    NOT_NEEDED = "NOT_NEEDED"
    TOO_EASY = "TOO_EASY"
    OTHER = "OTHER"


#: Earlier versions told rest and injury apart; their rows stand as the logbook has them.
_APART_ONCE = ("INJURY", "REST")


def stood_down_as(code: str) -> str:
    """Why she does not go, as anybody reads it now, whichever version kept it; "" of nothing."""
    return StoodDown.NOT_BEFORE if code in _APART_ONCE else code


class Attended(StrEnum):
    """Whether she was there."""

    CAME = "CAME"
    EXCUSED = "EXCUSED"
    NOT_THERE = "NOT_THERE"


class Against(StrEnum):
    """What somebody has at a time already."""

    DUTY = "DUTY"
    MISSION = "MISSION"
    EXAMINATION = "EXAMINATION"
    BUSY = "BUSY"
    LEAVE = "LEAVE"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A span of somebody's time that is taken, and since when it is known."""

    person_id: uuid.UUID
    begins: dt.datetime
    ends: dt.datetime
    what: Against
    ref: str = ""
    known_at: dt.datetime | None = None


def clash_of(
    taken: Sequence[Taken], *, begins: dt.datetime, ends: dt.datetime, but: str = ""
) -> Taken | None:
    """What of these stands against a time; the gravest where several do. `but`: the duty itself."""
    order = list(Against)
    found = [
        one for one in taken if one.begins < ends and begins < one.ends and one.ref != (but or None)
    ]
    return min(found, key=lambda one: (order.index(one.what), one.begins), default=None)


@dataclass(frozen=True, kw_only=True)
class AgainstTime:
    """What speaks against a time for a team: how many have what, and for whom it would be the
    how-manieth time in a row (from the second on)."""

    counts: Mapping[Against, int]
    running: Mapping[uuid.UUID, int]


def against_time(
    clashes: Mapping[uuid.UUID, Against], before: Sequence[Collection[uuid.UUID]]
) -> AgainstTime:
    """Judge a time. `before`: for each earlier duty of this kind and team, the last one first, who
    could not come for something else."""
    counts: dict[Against, int] = {}
    running: dict[uuid.UUID, int] = {}
    for person, what in clashes.items():
        counts[what] = counts.get(what, 0) + 1
        times = 1
        for earlier in before:
            if person not in earlier:
                break
            times += 1
        if times > 1:
            running[person] = times
    return AgainstTime(counts=counts, running=running)


def said_against(found: AgainstTime, *, names: Mapping[uuid.UUID, str]) -> list[str]:
    """What speaks against a time, in sentences; named are only those whom the reader may see."""
    sentences = {
        Against.DUTY: _("Have another duty then: {count}."),
        Against.MISSION: _("Are on a mission then: {count}."),
        Against.EXAMINATION: _("Have an examination that day: {count}."),
        Against.BUSY: _("Are busy elsewhere then: {count}."),
        Against.LEAVE: _("Are not available then: {count}."),
    }
    said = [
        sentence.format(count=found.counts[what])
        for what, sentence in sentences.items()
        if found.counts.get(what)
    ]
    for person, times in sorted(found.running.items(), key=lambda one: (-one[1], str(one[0]))):
        if person in names:
            said.append(
                _("{who} could not come: {times} times in a row.").format(
                    who=names[person], times=times
                )
            )
    return said


def seated(
    people: Sequence[uuid.UUID],
    seats: Mapping[uuid.UUID, str],
    holders: Mapping[str, Collection[uuid.UUID] | None],
) -> dict[uuid.UUID, uuid.UUID]:
    """Put people into seats (their keys, and the position that each needs), the scarcest seat
    first; gives the seat of each person who found one. A position of which nobody keeps who holds
    it is open to all."""

    def fits(person: uuid.UUID, seat: uuid.UUID) -> bool:
        known = holders.get(seats[seat]) if seats[seat] else None
        return known is None or person in known

    scarce = sorted(seats, key=lambda seat: (sum(fits(one, seat) for one in people), str(seat)))
    in_seat: dict[uuid.UUID, uuid.UUID] = {}

    def place(person: uuid.UUID, tried: set[uuid.UUID]) -> bool:
        for seat in scarce:
            if seat in tried or not fits(person, seat):
                continue
            tried.add(seat)
            if seat not in in_seat or place(in_seat[seat], tried):
                in_seat[seat] = person
                return True
        return False

    for person in people:
        place(person, set())
    return {person: seat for seat, person in in_seat.items()}


def is_available(
    *, answer: DutyAnswer | None, is_offered: bool, clash: Taken | None
) -> bool | None:
    """Whether she could come, by what is recorded. Nothing said is not "available": then None."""
    if answer is DutyAnswer.NO or (clash is not None and answer is not DutyAnswer.YES):
        return False
    return True if answer is DutyAnswer.YES or is_offered else None


def problem_with_time(begins: dt.datetime, ends: dt.datetime) -> str | None:
    """A sentence where a duty cannot be so long, or ends before it begins."""
    if ends <= begins:
        return _("It ends before it begins; give an end that is later.")
    if ends - begins > LONGEST:
        return _("It would last longer than {days} days; look at the dates again.").format(
            days=LONGEST.days
        )
    return None


def _duty(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.WATCH, erase=Erasure.ERASE_BODY)


def _own(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.PERSON, erase=Erasure.ERASE_BODY)


DUTY_PLANNED = _duty("DUTY_PLANNED", "A duty was planned")
DUTY_MOVED = _duty("DUTY_MOVED", "A duty has another time")
DUTY_CANCELLED = _duty("DUTY_CANCELLED", "A duty was called off")
DUTY_ASKED = _duty("DUTY_ASKED", "Somebody was asked for a duty")
DUTY_ANSWERED = _duty("DUTY_ANSWERED", "Somebody answered whether she comes to a duty")
DUTY_PICKED = _duty("DUTY_PICKED", "Who goes on a duty was decided")
DUTY_PLANNER_CHANGED = _duty("DUTY_PLANNER_CHANGED", "Another plans a duty from now on")
DUTY_PLANNER_CONFIRMED = _duty("DUTY_PLANNER_CONFIRMED", "Whoever plans a duty says she has it")
DUTY_PLANNER_REMINDED = _duty(
    "DUTY_PLANNER_REMINDED", "Whoever was handed a duty to plan was asked whether she has it"
)
DUTY_MINOR_APPROVED = _duty(
    "DUTY_MINOR_APPROVED", "A minor may be on a duty, by name and with a reason"
)
DUTY_STOOD_DOWN = _own("DUTY_STOOD_DOWN", "Somebody was taken off a duty")
DUTY_ATTENDED = _duty("DUTY_ATTENDED", "Whether somebody came to a duty was recorded")
DUTY_OFFERED = _duty("DUTY_OFFERED", "A duty was offered to another, for a swap or hand-over")
DUTY_PASSED = _duty("DUTY_PASSED", "A duty went from one person to another")
DUTY_KEPT = _duty("DUTY_KEPT", "A swap or hand-over was refused or taken back")
OWN_TIME_ENTERED = _own("OWN_TIME_ENTERED", "Leave or availability was entered")
OWN_TIME_ENDED = _own("OWN_TIME_ENDED", "Leave or availability was taken back")
BUSY_FEED_SET = _own("BUSY_FEED_SET", "An outside calendar is read, or no longer")
BUSY_FEED_READ = _own("BUSY_FEED_READ", "Outside duties were read from a calendar")
CALENDAR_LINK_SET = _own("CALENDAR_LINK_SET", "The address of an own calendar was made or ended")
