"""A correction: a new line that amends an earlier one. The earlier line stays as it was written."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import ENTRY_CORRECTED, Refused, Tap
from homeby.missions import queries
from homeby.missions.actions.plan import locked
from homeby.people.rules import Viewer


@logbook.once
def correct(
    *, mission_id: uuid.UUID, number: int, text: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Say what is right about line `number` of a mission's timeline. It changes no state: a wrong
    sign-in or time is put right by the act for it, and this line says why."""
    if not text.strip():
        raise Refused(text=_("Say what is right; the earlier line stays as it is."))
    if by.person_id is None:
        raise Refused(_("Log in first."))
    lines = {line.number: line for line in queries.timeline(by, mission_id)}
    if number not in lines:
        raise Refused(_("There is no such line on this mission."))
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        book.entry(
            ENTRY_CORRECTED,
            subject=mission.ref,
            person=lines[number].person_id,
            facts={"corrects": number, "text": text.strip()[:1000]},
            tap=tap,
            answer=_("Your correction stands beside the line."),
        )
    return _("Your correction stands beside the line.")
