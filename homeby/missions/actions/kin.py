"""One tap before a mission: the people who wait for me are right. Nothing asks for it, and whoever
does not tap goes out all the same."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules
from homeby.missions.actions.expecting import members_locked
from homeby.missions.actions.plan import locked
from homeby.missions.rules import MissionState
from homeby.people.rules import Viewer


@logbook.once
def confirm_kin(*, mission_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """One of the party confirms for this mission whom she named to be told, and what each may know.
    For herself only."""
    answer = _("Confirmed for this mission: those you named, and what they may know.")
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        rows = members_locked(mission)
        member = next((row for row in rows if row.person_id == by.person_id), None)
        if member is None or mission.state not in (MissionState.PLANNED, MissionState.OUT):
            raise Refused(_("Only somebody who goes on this mission confirms whom she named."))
        page = book.entry(
            rules.KIN_CONFIRMED,
            subject=mission.ref,
            person=member.person_id,
            tap=tap,
            answer=answer,
        )
        page.change(member, kin_confirmed_at=now)
    return answer
