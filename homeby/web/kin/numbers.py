"""How many somebody named, for a screen that strangers see: no name, nothing that is sealed."""

from __future__ import annotations

from typing import Any

from homeby.missions.queries.sheets import Sheet
from homeby.missions.rules import MemberState
from homeby.people.queries import kin
from homeby.people.rules import MayKnow
from homeby.web.door import Door


def in_short(door: Door, sheet: Sheet) -> dict[str, Any] | None:
    """For a screen that strangers see and a phone that may be lost: how many may be told something
    of her, and when she confirmed it. None for whoever does not go herself. One query."""
    found = own_line(door, sheet)
    if found is None:
        return None
    named = kin.kin_named(door.viewer, found.person_id)
    told = [one for one in named if one.may_know is not MayKnow.NOTHING and not one.is_kept_from]
    return {"count": len(told), "confirmed_at": found.kin_confirmed_at}


def own_line(door: Door, sheet: Sheet) -> Any:
    """The viewer's own line on a mission that she has still to leave on; else None."""
    own = next((row for row in sheet.party if row.person_id == door.viewer.person_id), None)
    return own if own is not None and own.state == MemberState.PLANNED else None
