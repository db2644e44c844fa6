"""What speaks against a minor on a mission. Pure: it advises, and asks for an adult's approval with
a reason; it blocks nobody's way, and least of all the way home (promise 12)."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

from homeby.missions.rules import Conditions
from homeby.people.rules_private import MinorFacts
from homeby.sentences import gettext as _


@dataclass(frozen=True, kw_only=True)
class Outing:
    """A mission as these rules see it: when from and until when, in which zone, in what conditions,
    how many adults (humans of age) are of the party. `out_at` None: not known yet."""

    out_at: dt.datetime | None
    due_at: dt.datetime
    zone: str
    conditions: Conditions
    adults: int


def against(outing: Outing, minors: Sequence[MinorFacts]) -> list[str]:
    """What speaks against it, a sentence each; empty where every limit is kept."""
    found = []
    if minors and not outing.adults:
        found.append(_("No adult is of the party."))
    for one in minors:
        if one.only_normal and outing.conditions is not Conditions.NORMAL:
            found.append(_("{who} may be out in normal conditions only.").format(who=one.callsign))
        if not _within_hours(outing, one):
            found.append(
                _("{who} may be out from {first} to {last} only.").format(
                    who=one.callsign, first=f"{one.not_before:%H:%M}", last=f"{one.not_after:%H:%M}"
                )
            )
    return found


def _within_hours(outing: Outing, one: MinorFacts) -> bool:
    """Both ends lie within the hours of one and the same day."""
    zone = zoneinfo.ZoneInfo(outing.zone)
    due = outing.due_at.astimezone(zone)
    if due.time() > one.not_after or due.time() < one.not_before:
        return False
    if outing.out_at is None:
        return True
    out = outing.out_at.astimezone(zone)
    return out.date() == due.date() and out.time() >= one.not_before
