"""Special units beside the teams: who belongs to one, since when, and why no longer. Pure.

A secret one is known to its members and to those who were named, and to nobody else, whatever
their role (`STORY.md` rows 78, 83). A return gives nothing back by itself.
"""

from __future__ import annotations

from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, declare
from homeby.sentences import gettext as _

NAME_MAX = 100
CALLSIGN_MAX = 60
WHY_MAX = 500


class Place(StrEnum):
    """As what somebody stands in a special unit."""

    MEMBER = "MEMBER"
    KEEPER = "KEEPER"  # keeps the membership: asks people, ends memberships
    INFORMED = "INFORMED"  # named to know of it


class Reason(StrEnum):
    """The class of a reason for which a place begins, ends, or changes; never more than a class."""

    ASKED = "ASKED"  # she asked for it
    NEEDED = "NEEDED"  # she is needed there
    RETURN = "RETURN"  # back after a gap
    OWN_WISH = "OWN_WISH"
    OTHER_DUTY = "OTHER_DUTY"
    REST = "REST"
    REQUIREMENT = "REQUIREMENT"  # what the unit asks for is not there any more
    CONDUCT = "CONDUCT"
    NOT_TAKEN = "NOT_TAKEN"  # asked, and answered no


BEGINS = (Reason.ASKED, Reason.NEEDED, Reason.RETURN)
#: For what somebody who asked for a place is refused it.
REFUSES = (Reason.REQUIREMENT, Reason.REST, Reason.OTHER_DUTY, Reason.CONDUCT)
ENDS = (
    Reason.OWN_WISH,
    Reason.OTHER_DUTY,
    Reason.REST,
    Reason.REQUIREMENT,
    Reason.CONDUCT,
)


def problems_with_unit(*, name: str, callsign: str) -> dict[str, str]:
    """What is wrong with the names of a special unit, by field."""
    problems = {}
    if not name.strip():
        problems["name"] = _("Give the unit a name.")
    elif len(name.strip()) > NAME_MAX:
        problems["name"] = _("{length} characters were typed; {most} fit.").format(
            length=len(name.strip()), most=NAME_MAX
        )
    if len(callsign.strip()) > CALLSIGN_MAX:
        problems["callsign"] = _("{length} characters were typed; {most} fit.").format(
            length=len(callsign.strip()), most=CALLSIGN_MAX
        )
    return problems


def _own(name: str, label: str) -> str:
    """Read by the person it is about and by whoever did it; by nobody else, since a unit may be
    secret, or become so."""
    return declare(name, label, seen_by=Audience.PERSON, erase=Erasure.ERASE_BODY)


SPECIAL_UNIT_FOUNDED = _own("SPECIAL_UNIT_FOUNDED", "A special unit was founded")
SPECIAL_UNIT_CHANGED = _own("SPECIAL_UNIT_CHANGED", "A special unit was changed or ended")
SPECIAL_UNIT_ASKED = _own("SPECIAL_UNIT_ASKED", "Somebody was asked to join a special unit")
SPECIAL_UNIT_ANSWERED = _own(
    "SPECIAL_UNIT_ANSWERED", "Somebody answered whether to join a special unit"
)
SPECIAL_UNIT_WISHED = _own("SPECIAL_UNIT_WISHED", "Somebody asked for a place in a special unit")
SPECIAL_UNIT_DECIDED = _own(
    "SPECIAL_UNIT_DECIDED", "It was decided on a place that somebody had asked for"
)
SPECIAL_UNIT_LEFT = _own("SPECIAL_UNIT_LEFT", "Somebody left a special unit")
SPECIAL_UNIT_HANDED_DOWN = _own(
    "SPECIAL_UNIT_HANDED_DOWN", "Something is planned for a special unit for the first time"
)
