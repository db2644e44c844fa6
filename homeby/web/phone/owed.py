"""Debriefs that are still to give, as a mission's page and one's own page say it."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from homeby import instants
from homeby.missions import queries as missions
from homeby.missions.queries.sheets import Sheet
from homeby.web.door import Door
from homeby.web.sealed.offered import seal_url


def debriefs(door: Door, sheet: Sheet) -> list[dict[str, str]]:
    """Whose debrief is still to give, with the button for whoever may say that it was given."""
    row = sheet.mission
    if row.debrief_due_at is None:
        return []
    when = debrief_due(row.debrief_due_at, row.zone, now=door.now)
    return [
        {
            "text": _("Debrief of %(who)s: %(when)s") % {"who": one.person.shown_as, "when": when},
            "url": "",
            "seal_url": seal_url(door, row.pk, one.person_id),
            "debrief_of": str(one.person_id)
            if missions.may_say_debriefed(door.viewer, row, one.person_id)
            else "",
        }
        for one in sheet.party
        if missions.owes_afterwards(one) and one.debriefed_at is None
    ]


def debrief_due(due_at: dt.datetime | None, zone: str, *, now: dt.datetime) -> str:
    """When a debrief falls due, in words: after rest, or since when it is."""
    assert due_at is not None, "a debrief is due at some time"
    said = _("due since %s") if due_at <= now else _("after rest, from %s")
    return said % instants.wall(due_at, zone, now)
