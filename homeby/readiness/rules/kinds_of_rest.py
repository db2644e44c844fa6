"""The words of release, rest and injuries, and the kinds of their entries. Pure."""

from __future__ import annotations

from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, declare


class Standing(StrEnum):
    """How somebody stands after her release; where she is, nobody is told."""

    STOOD_DOWN = "STOOD_DOWN"  # free, and not waited for
    REACHABLE = "REACHABLE"  # resting, and may be called
    RESTING = "RESTING"  # let rest


class PackUse(StrEnum):
    """What a rule pack is used for."""

    REST = "REST"
    MINORS = "MINORS"


def _own(name: str, label: str, erase: Erasure = Erasure.NOTHING_PERSONAL) -> str:
    return declare(name, label, seen_by=Audience.PERSON, erase=erase)


RELEASED = _own("RELEASED", "Somebody was released and rests from now on", Erasure.ERASE_BODY)
REST_OVERRIDDEN = _own(
    "REST_OVERRIDDEN", "A rest was broken, by name and with a reason", Erasure.ERASE_BODY
)
PLAN_OVERRIDDEN = _own(
    "PLAN_OVERRIDDEN", "Somebody was planned though she rests then, by name", Erasure.ERASE_BODY
)
OVERRIDE_USED = _own("OVERRIDE_USED", "The word by which a rest was broken was used, for one duty")
AWAKE_SAID = _own("AWAKE_SAID", "Somebody said that she is awake and well")
SLEEP_TOLD = _own("SLEEP_TOLD", "Somebody said how long she slept", Erasure.ERASE_BODY)
SUPPORT_OFFERED = declare(
    "SUPPORT_OFFERED",
    "Support was offered to everybody of a hard mission",
    seen_by=Audience.WATCH,
    erase=Erasure.NOTHING_PERSONAL,
)
RULES_CHOSEN = declare(
    "RULES_CHOSEN",
    "The rules of rest, or those for minors, were chosen",
    seen_by=Audience.OFFICE,
    erase=Erasure.NOTHING_PERSONAL,
)
INJURY_TOLD = _own("INJURY_TOLD", "An injury was told of", Erasure.ERASE_BODY)  # names her, too
INJURY_CHECKED = _own("INJURY_CHECKED", "A medic looked again", Erasure.SHRED_KEY)
INJURY_CLEARED = _own("INJURY_CLEARED", "A medic cleared an injury", Erasure.SHRED_KEY)
INJURY_TIMED = _own(
    "INJURY_TIMED", "A medic set a time that clears an injury if nothing is told", Erasure.SHRED_KEY
)
INJURY_TIME_CLEARED = _own(
    "INJURY_TIME_CLEARED", "An injury was cleared by the time that a medic had set"
)
INJURY_OPENED = declare(
    "INJURY_OPENED",
    "A medic opened what was said of an injury",
    seen_by=Audience.PERSON,
    erase=Erasure.NOTHING_PERSONAL,
)
