"""Somebody at the gate who is on no list: recorded, shown to the watch, never refused."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions.actions.gate import keep_unmatched
from homeby.people import queries as people
from homeby.people.rules import Viewer


@logbook.once
def note(
    *,
    kind: str,
    who: str,
    person_id: uuid.UUID | None = None,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Note an act of somebody nobody knows, by what they said of themselves, or of a person who is
    not out. `kind` is the entry kind of the act it was meant to be."""
    if not by.keeps_watch:
        raise Refused(_("Ask the gate keeper to note it."))
    if person_id is None and not who.strip():
        raise Refused(who=_("Write who it is, as they say it."))
    known = people.names([person_id]).get(person_id, "") if person_id else ""
    why = _("%s is not out.") % known if known else _("“%s” is on no list.") % who.strip()[:300]
    with logbook.writing(now=now, by=by.person_id) as book:
        return keep_unmatched(book, kind, person_id, None, why, tap=tap)
