"""Changing the team: three agree, an instant from which it counts, what is to be settled. Pure.

Both leaders and the person agree (`STORY.md` row 102). What she held in the old team ends with it;
what is planned with her stays on a list until somebody settles it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, declare
from homeby.sentences import gettext as _

#: So far ahead a change may be agreed at most; so long ago it may have been meant for "now".
AHEAD_MAX = dt.timedelta(days=366)
JUST_NOW = dt.timedelta(minutes=10)


class Side(StrEnum):
    """Who must agree."""

    PERSON = "PERSON"
    FROM = "FROM"  # the leader of the team she leaves
    TO = "TO"  # the leader of the team she goes to


class ChangeState(StrEnum):
    """Where a change of team stands."""

    ASKED = "ASKED"
    AGREED = "AGREED"  # by all three; waits for its hour
    DONE = "DONE"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


OPEN = (ChangeState.ASKED, ChangeState.AGREED)


class ItemKind(StrEnum):
    """What is to be settled after a change."""

    MISSION = "MISSION"  # planned with her
    DUTY = "DUTY"  # of the old team; she is on it, or was asked and has not said no
    WATCH = "WATCH"  # she stands in the watch bill
    ROLE = "ROLE"  # held for the old team; it ended with the change


def problem_with_effective(at: dt.datetime, *, now: dt.datetime) -> str:
    """What is wrong with the instant from which a change counts; "" where nothing is."""
    if at < now - JUST_NOW:
        return _("This time has passed; leave it empty for now, or write a later one.")
    if at > now + AHEAD_MAX:
        return _("This is more than a year ahead; check the year.")
    return ""


def problem_with_agreement(
    side: Side, by: uuid.UUID, agreed: Mapping[Side, uuid.UUID | None], *, person: uuid.UUID
) -> str:
    """Why this person cannot agree for this side; "" where she can. Three people agree: nobody for
    two sides, and for her own side only the person herself."""
    if agreed.get(side) is not None:
        return _("For this side it was agreed already.")
    if (side is Side.PERSON) != (by == person):
        return _("The person herself and a leader of each team agree, each for herself.")
    if by in agreed.values():
        return _("You have agreed for the other team; somebody else does it for this one.")
    return ""


def _own(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.PERSON, erase=Erasure.ERASE_BODY)


TEAM_CHANGE_ASKED = _own("TEAM_CHANGE_ASKED", "A change of team was asked for")
TEAM_CHANGE_ANSWERED = _own("TEAM_CHANGE_ANSWERED", "A change of team was agreed or refused")
TEAM_CHANGE_WITHDRAWN = _own("TEAM_CHANGE_WITHDRAWN", "A change of team was taken back")
TEAM_CHANGE_DONE = _own("TEAM_CHANGE_DONE", "A change of team took effect")
TEAM_CHANGE_SETTLED = _own("TEAM_CHANGE_SETTLED", "What a change of team left was settled")
