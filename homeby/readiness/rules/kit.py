"""Kit: where a thing stands, what speaks against taking it, and what a set should hold. Pure.

It advises and never forbids: whoever takes a thing all the same says why, and her name stands there
(`STORY.md` 52 to 55).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, declare
from homeby.sentences import gettext as _

LABEL_MAX = 40
NAME_MAX = 200
CONTENTS_MAX = 200
COUNT_MAX = 9999
INSPECT_DAYS_MAX = 3660


class KitState(StrEnum):
    """Where a thing stands."""

    READY = "READY"
    OUT = "OUT"
    TO_CHECK = "TO_CHECK"  # returned is not restocked: somebody looks before it is ready
    DAMAGED = "DAMAGED"
    MISSING = "MISSING"


class Returned(StrEnum):
    """How a thing came back."""

    AS_IT_WAS = "AS_IT_WAS"
    TO_CLEAN = "TO_CLEAN"
    DAMAGED = "DAMAGED"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A line of what a set should hold: how many, and until which day (that day included)."""

    name: str
    wanted: int
    there: int
    expires_date: dt.date | None = None

    @property
    def lacking(self) -> int:
        """How many are missing."""
        return max(0, self.wanted - self.there)

    def is_over(self, *, today: dt.date) -> bool:
        """Whether it has lapsed: what expires today is good until the end of the day."""
        return _is_over(self.expires_date, today)


@dataclass(frozen=True, kw_only=True)
class KitFacts:
    """A thing as it stands; `was_damaged` of one that was so when it was taken, or missed."""

    state: KitState
    was_damaged: bool = False
    may_leave: bool = True
    expires_date: dt.date | None = None
    inspected_date: dt.date | None = None
    inspect_days: int | None = None
    parts: Sequence[Part] = ()


def inspection_due(facts: KitFacts) -> dt.date | None:
    """The last day on which the inspection holds; None where nothing is inspected. What was never
    inspected has been due for ever."""
    if facts.inspect_days is None:
        return None
    if facts.inspected_date is None:
        return dt.date.min
    return facts.inspected_date + dt.timedelta(days=facts.inspect_days)


def against(facts: KitFacts, *, for_mission: bool, today: dt.date) -> list[str]:
    """What speaks against taking a thing now, each in a sentence; empty where nothing does."""
    due = inspection_due(facts)
    spoilt = any(part.is_over(today=today) for part in facts.parts)
    lacking = facts.state is KitState.READY and any(part.lacking for part in facts.parts)
    found = [
        (facts.state is KitState.TO_CHECK, _("It came back and nobody has checked it since.")),
        (is_damaged(facts), _("It is damaged.")),
        (facts.state is KitState.MISSING, _("It was reported missing.")),
        (for_mission and not facts.may_leave, _("It must stay here.")),
        (_is_over(facts.expires_date, today), _("It has passed its date.")),
        (_is_over(due, today), _("Its inspection is overdue.")),
        (spoilt, _("Something in it has passed its date.")),
        (lacking, _("Something that should be in it is missing.")),
    ]
    return [sentence for is_so, sentence in found if is_so]


def is_damaged(facts: KitFacts) -> bool:
    """Whether a thing is damaged, wherever it is: only who looks it through says it is mended."""
    return facts.state is KitState.DAMAGED or facts.was_damaged


def _is_over(day: dt.date | None, today: dt.date) -> bool:
    """Whether a day has passed: it is good until its end."""
    return day is not None and day < today


def after_return(facts: KitFacts, *, how: Returned) -> KitState:
    """Where a thing stands that came back: a set is checked before it is ready, and so is what
    must be cleaned; a key or a radio is in its place. What went out damaged is so still."""
    if how is Returned.DAMAGED or is_damaged(facts):
        return KitState.DAMAGED
    if facts.parts or how is Returned.TO_CLEAN:
        return KitState.TO_CHECK
    return KitState.READY


#: At this local hour people are asked for what they still have.
ASK_AT = dt.time(10)
#: Once an outing is over nobody is asked before so many hours: the return list can wait.
LEAST_HOURS = 12
#: After so many reminders whoever keeps the kit room hears of it, too.
REMINDERS_ALONE = 3


def ask_next(since: dt.datetime, *, zone: dt.tzinfo) -> dt.datetime:
    """When somebody is asked for what she has, of an outing that was over at `since`, or after the
    last time: at ten of a morning, half a day later at the earliest."""
    local = (since + dt.timedelta(hours=LEAST_HOURS)).astimezone(zone)
    day = local.date() if local.time() <= ASK_AT else local.date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, ASK_AT, tzinfo=zone).astimezone(dt.UTC)


_LINE = re.compile(r"^(?P<count>\d+)\s*x?\s+(?P<name>.+?)(?:\s+\((?P<day>[^()]*)\))?$")


def parse_contents(text: str, *, there: dict[str, int]) -> list[Part] | str:
    """What a set should hold, as people write it: one thing a line, `4 bandages` or `4 x bandages
    (2027-05-31)`. `there` says how many of each are in it now; of a new thing all are. A sentence
    names the line that is not understood."""
    found: dict[str, Part] = {}
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line]
    if len(lines) > CONTENTS_MAX:
        return _("These are {count} lines; {most} fit a set. Make two of it.").format(
            count=len(lines), most=CONTENTS_MAX
        )
    for number, line in lines:
        part = _part(line, there)
        if isinstance(part, str):
            return _("Line {number}, {line}: {problem}").format(
                number=number, line=line[:60], problem=part
            )
        if part.name in found:
            return _("Line {number}: {name} stands there twice; write one line for it.").format(
                number=number, name=part.name
            )
        found[part.name] = part
    return list(found.values())


def _part(line: str, there: dict[str, int]) -> Part | str:
    match = _LINE.match(line)
    if match is None:
        return _("write how many and what, for example “4 bandages (2027-05-31)”.")
    name, count, day = match["name"].strip(), int(match["count"][:9]), match["day"]
    if not 1 <= count <= COUNT_MAX:
        return _("a number from 1 to {most}, please.").format(most=COUNT_MAX)
    if len(name) > NAME_MAX:
        return _("this is too long; {most} letters fit.").format(most=NAME_MAX)
    expires = None
    if day is not None:
        try:
            expires = dt.date.fromisoformat(day.strip())
        except ValueError:
            return _("{day} is no date; write it as 2027-05-31.").format(day=day.strip()[:40])
    return Part(
        name=name, wanted=count, there=min(there.get(name, count), count), expires_date=expires
    )


def written(parts: Sequence[Part]) -> str:
    """The contents as `parse_contents` reads them."""
    return "\n".join(
        f"{part.wanted} {part.name}"
        + (f" ({part.expires_date.isoformat()})" if part.expires_date else "")
        for part in parts
    )


def _place(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.OFFICE, erase=Erasure.NOTHING_PERSONAL)


def _custody(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.WATCH, erase=Erasure.ERASE_BODY)


KIT_ADDED = _place("KIT_ADDED", "Kit was added")
KIT_CHANGED = _place("KIT_CHANGED", "Kit was changed, ended or taken up again")
KIT_TAKEN = _custody("KIT_TAKEN", "Kit was taken")
KIT_HANDED_OVER = _custody("KIT_HANDED_OVER", "Kit went from one person to another")
KIT_RETURNED = _custody("KIT_RETURNED", "Kit came back")
KIT_CHECKED = _custody("KIT_CHECKED", "Kit was checked")
KIT_MISSING = _custody("KIT_MISSING", "Kit was reported missing")
KIT_FOUND = _custody("KIT_FOUND", "Kit that was missing is there again")
KIT_PUT_OFF = _custody("KIT_PUT_OFF", "Bringing kit back was put off")
KIT_REMINDED = _custody("KIT_REMINDED", "Somebody was reminded of kit")
