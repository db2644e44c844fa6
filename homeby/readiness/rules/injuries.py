"""Injuries by facts, not ratings: how soon somebody looks again, and who may clear. Pure.

Nobody is asked "how bad?" (`STORY.md` 50); body part, bleeding, movement and fever say how soon a
second look is due. Fatigue raises it (48). Worse than first said is an update (49). A medic who
treats herself is no clearance (47).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from homeby.sentences import gettext as _

TEXT_MOST = 500


class BodyPart(StrEnum):
    """Where."""

    HEAD = "HEAD"
    NECK_BACK = "NECK_BACK"
    TRUNK = "TRUNK"
    ARM = "ARM"
    HAND = "HAND"
    LEG = "LEG"
    FOOT = "FOOT"
    SEVERAL = "SEVERAL"


class Bleeding(StrEnum):
    """Whether it bleeds."""

    NO = "NO"
    STOPPED = "STOPPED"
    SHINES_THROUGH = "SHINES_THROUGH"


class Movement(StrEnum):
    """Whether it moves as ever."""

    AS_EVER = "AS_EVER"
    HURTS = "HURTS"
    CANNOT = "CANNOT"


class Aid(StrEnum):
    """Who gave first aid."""

    NONE = "NONE"
    HERSELF = "HERSELF"
    ANOTHER = "ANOTHER"
    MEDIC = "MEDIC"


class InjuryState(StrEnum):
    """OPEN until another medic clears it."""

    OPEN = "OPEN"
    CLEARED = "CLEARED"


class Level(StrEnum):
    """How soon somebody looks again."""

    NOW = "NOW"
    SOON = "SOON"
    LATER = "LATER"


class ToldAs(StrEnum):
    """Who says it."""

    SELF = "SELF"
    COLLEAGUE = "COLLEAGUE"
    KIN = "KIN"
    MEDIC = "MEDIC"


class NoteKind(StrEnum):
    """What is said."""

    TOLD = "TOLD"
    UPDATE = "UPDATE"
    CHECK = "CHECK"
    CLEARANCE = "CLEARANCE"


#: What is asked, and what may be answered (None: free text). All but `part` may be left open.
FIELDS: Mapping[str, type[StrEnum] | None] = {
    "part": BodyPart,
    "bleeding": Bleeding,
    "movement": Movement,
    "fever": None,
    "cause": None,
    "aid": Aid,
    "aid_what": None,
    "aid_at": None,
}
_LOOK_AGAIN = {
    Level.NOW: dt.timedelta(hours=1),
    Level.SOON: dt.timedelta(hours=4),
    Level.LATER: dt.timedelta(hours=12),
}
_RAISED = {Level.LATER: Level.SOON, Level.SOON: Level.NOW, Level.NOW: Level.NOW}
_GRAVE_PARTS = frozenset({BodyPart.HEAD, BodyPart.NECK_BACK, BodyPart.TRUNK, BodyPart.SEVERAL})
#: From so long awake, or on duty, on fatigue counts.
SPENT_AWAKE = dt.timedelta(hours=17)
SPENT_ON_DUTY = dt.timedelta(hours=12)
CHECK_HOURS_MOST = 72
#: No time that clears an injury by itself lies further ahead.
CLEARS_WITHIN = dt.timedelta(days=28)


@dataclass(frozen=True, kw_only=True)
class Spent:
    """How long somebody was awake (None: not known) and on duty when it was told."""

    awake: dt.timedelta | None
    on_duty: dt.timedelta

    @property
    def counts(self) -> bool:
        """Whether fatigue raises the level."""
        is_long_awake = self.awake is not None and self.awake >= SPENT_AWAKE
        return is_long_awake or self.on_duty >= SPENT_ON_DUTY


def level_of(facts: Mapping[str, str], *, spent: Spent) -> Level:
    """How soon somebody looks again. Where nothing is known but that she is hurt: soon."""
    grave = (
        facts.get("bleeding") == Bleeding.SHINES_THROUGH
        or facts.get("movement") == Movement.CANNOT
        or facts.get("part") in _GRAVE_PARTS
    )
    known = bool(facts.get("part"))
    soon = not known or facts.get("movement") == Movement.HURTS or facts.get("fever") == "YES"
    found = Level.NOW if grave else Level.SOON if soon else Level.LATER
    return _RAISED[found] if spent.counts else found


def check_at(level: Level, *, now: dt.datetime) -> dt.datetime:
    """When somebody looks again."""
    return now + _LOOK_AGAIN[level]


def graver(one: Level, other: Level) -> Level:
    """Of two levels, the one that looks sooner: an update never puts a look off."""
    order = list(Level)
    return min(one, other, key=order.index)


def problems_with(facts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was said, a sentence each, by field."""
    problems = {}
    if not facts.get("part"):
        problems["part"] = _("Say where; it is the one thing that must be known.")
    for name, choices in FIELDS.items():
        text = facts.get(name, "")
        if choices is not None and text and text not in choices.__members__:
            problems[name] = _("Choose one of those that are shown.")
        elif len(text) > TEXT_MOST:
            problems[name] = _("This has {length} characters; {most} fit.").format(
                length=len(text), most=TEXT_MOST
            )
    return problems


def problem_with_set_time(at: dt.datetime, *, now: dt.datetime) -> str:
    """What is wrong with a time that clears an injury if nothing is told until then; "" where
    nothing is."""
    if at <= now:
        return _("That lies behind us; give a later day.")
    if at > now + CLEARS_WITHIN:
        return _("At most {days} days ahead; look again before.").format(days=CLEARS_WITHIN.days)
    return ""


def problem_with_clearing(*, person_id: uuid.UUID, by: uuid.UUID | None, is_medic: bool) -> str:
    """Why this person does not clear it, in a sentence; "" where she may."""
    if by == person_id:
        return _("Whoever treats herself is not cleared by it; another medic looks.")
    return "" if is_medic else _("Only a medic clears an injury.")
