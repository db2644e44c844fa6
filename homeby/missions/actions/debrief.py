"""The debrief: that it was given. What was said in it is kept elsewhere."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions import queries, rules
from homeby.missions.actions.expecting import members_locked
from homeby.missions.actions.plan import locked
from homeby.missions.models import Mission, PartyMember
from homeby.missions.queries.home import own_returns
from homeby.people.rules import Viewer


def owing(
    by: Viewer, mission: Mission, person_id: uuid.UUID, *, again: bool = False
) -> PartyMember:
    """The one of the party whose debrief is due, locked; `again`: or was given already. Raises
    Refused."""
    members = members_locked(mission)
    member = next((row for row in members if row.person_id == person_id), None)
    # Who may not say it is refused first: whether they are back is not hers to know.
    if member is not None and not queries.may_say_debriefed(by, mission, person_id):
        raise Refused(_("Only %s or a leader says so.") % member.person.shown_as)
    # For one of the party who is home it is due by her own return, whoever is out still.
    is_due = mission.debrief_due_at is not None or mission.pk in own_returns(by, [mission.pk])
    if member is None or not is_due or not queries.owes_afterwards(member):
        raise Refused(_("No debrief is due of them on this mission."))
    if member.debriefed_at is not None and not again:
        raise Refused(_("This debrief was given already."))
    return member


@logbook.once
def debrief_given(
    *, mission_id: uuid.UUID, person_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """One of the party has given their debrief: they say so, or a leader does."""
    answer = _("Noted: the debrief is given.")
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        member = owing(by, mission, person_id)
        page = book.entry(
            rules.DEBRIEF_GIVEN, subject=mission.ref, person=person_id, tap=tap, answer=answer
        )
        page.change(member, debriefed_at=now, debriefed_by_id=by.person_id)
    return answer
