"""Which times of missions new time zone data would read otherwise (`RELIABILITY.md` 4, Deadlines).

What was typed is kept beside the instant and the zone, so it can be read again: a country that
changes its clocks between a plan and the return moves the hour that people wrote.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from homeby import instants
from homeby.missions.models import Mission
from homeby.missions.queries import home, party_title, visible_missions
from homeby.missions.rules import MissionState
from homeby.people.rules import Viewer

#: No country moves its clocks by more than this; what differs by more was never understood so.
_MOST = dt.timedelta(hours=26)


@dataclass(frozen=True, kw_only=True)
class ZoneChange:
    """The expected return of one mission, as it was understood and as today's zone data reads it.
    The call-out time keeps its distance."""

    mission_id: uuid.UUID
    title: str
    typed: str
    zone: str
    old_due_at: dt.datetime
    new_due_at: dt.datetime

    @property
    def shift(self) -> dt.timedelta:
        """By how much the times move."""
        return self.new_due_at - self.old_due_at


def reading_now(mission: Mission) -> dt.datetime | None:
    """The expected return by today's zone data where it differs from the one kept, else None."""
    if mission.due_at is None or not mission.due_typed:
        return None
    found = instants.reread(mission.due_typed, mission.zone, mission.due_at)
    if found is None or found == mission.due_at or abs(found - mission.due_at) > _MOST:
        return None
    return found


def zone_changes(viewer: Viewer | None, *, now: dt.datetime) -> list[ZoneChange]:
    """Every mission planned or out whose expected return is still to come and would be understood
    otherwise today, the next first. Two queries."""
    states = (MissionState.PLANNED, MissionState.OUT)
    rows = home.in_states(viewer, visible_missions(viewer), states)
    rows = rows.filter(due_at__gt=now).exclude(due_typed="")
    found = []
    for row in rows.order_by("due_at", "pk").prefetch_related("party__person"):
        new = reading_now(row)
        if new is None or row.due_at is None:
            continue
        title = party_title([member.person.shown_as for member in row.party.all()])
        found.append(
            ZoneChange(
                mission_id=row.pk,
                title=title,
                typed=row.due_typed,
                zone=row.zone,
                old_due_at=row.due_at,
                new_due_at=new,
            )
        )
    return found
