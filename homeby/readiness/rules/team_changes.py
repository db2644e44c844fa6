"""Changing the team: three agree, an instant from which it counts, what is to be settled. Pure.

Both leaders and the person agree (`STORY.md` row 102). What she held in the old team ends with it;
what is planned with her stays on a list, each line with whoever sees to it. A line is settled when
the rows say so: somebody else goes, it was called off, it is over; or when somebody says that it
stays as it is.
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

    MISSION = "MISSION"  # of the old team: she is to go, or is out on it
    DUTY = "DUTY"  # of the old team; she is on it, or was asked and has not said no
    PLANNED = "PLANNED"  # a duty of the old team that she planned
    WATCH = "WATCH"  # she stands in the watch bill
    MENTOR = "MENTOR"  # she teaches somebody of the old team, or is taught
    BOARD = "BOARD"  # she is to examine
    KIT = "KIT"  # she has it, and it is not issued to her
    ROLE = "ROLE"  # held for the old team; it ended with the change


#: What she sees to herself unless a leader takes it over; the rest is with the team that she left.
HERS = frozenset({ItemKind.MENTOR, ItemKind.BOARD, ItemKind.KIT})


class ItemState(StrEnum):
    """Where something stands that a change left; only OPEN is still to be settled."""

    OPEN = "OPEN"
    STAYS = "STAYS"  # somebody said that it stays as it is
    HANDED_OVER = "HANDED_OVER"  # she is not on it any more, or does not have it any more
    CANCELLED = "CANCELLED"
    OVER = "OVER"


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
TEAM_CHANGE_TAKEN = _own("TEAM_CHANGE_TAKEN", "Somebody sees to what a change of team left")
