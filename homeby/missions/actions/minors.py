"""An adult approves, with a reason, that a minor goes though a limit speaks against it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules
from homeby.missions.actions import telling
from homeby.missions.actions.plan import locked
from homeby.missions.models import MinorApproval
from homeby.missions.queries.minors import has_minors
from homeby.missions.rules import MissionState
from homeby.people import queries as people
from homeby.people.queries.minors import minors_among
from homeby.people.rules import Viewer

REASON_MAX = 500


@logbook.once
def approve_minors(
    *, mission_id: uuid.UUID, reason: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """A leader or duty officer of age, who does not go along and did not plan it, approves a
    mission with a minor and says why. It approves one alone as well."""
    adult = _adult(by, now=now)
    if not reason.strip() or len(reason) > REASON_MAX:
        raise Refused(reason=_("Say in a sentence why (500 characters)."))
    with logbook.writing(now=now, by=adult) as book:
        mission = locked(mission_id)
        party = set(mission.party.values_list("person_id", flat=True))
        if adult == mission.planned_by_id or adult in party:
            raise Refused(_("A second person approves: not who planned it, not who goes."))
        if mission.state not in (MissionState.PLANNED, MissionState.OUT):
            raise Refused(_("This mission is over or was taken back; there is nothing to approve."))
        if not has_minors(mission, now=now):
            raise Refused(_("No minor is of this party; approve it on the mission's page."))
        page = book.entry(
            rules.MISSION_APPROVED,
            subject=mission.ref,
            person=adult,
            facts={"why": reason.strip()},
            tap=tap,
            answer=_("Approved."),
        )
        values = {"by_id": adult, "reason": reason.strip(), "approved_at": now}
        earlier = MinorApproval.objects.select_for_update().filter(mission=mission).first()
        if earlier is None:
            page.add(MinorApproval(mission=mission, **values))
        else:
            page.change(earlier, **values)
        if mission.is_solo:
            page.change(mission, approved_by_id=adult, approved_at=now)
            telling.approval_waits_no_more(book, mission)
    return _("Approved.")


def _home_day(now: dt.datetime) -> dt.date:
    zone = people.zone()
    return now.astimezone(instants.zone_info(zone)).date()


def _adult(by: Viewer, *, now: dt.datetime) -> uuid.UUID:
    if by.person_id is None or not by.has(*telling.APPROVERS):
        raise Refused(_("A leader or duty officer approves a mission."))
    if minors_among([by.person_id], on=_home_day(now)):
        raise Refused(_("An adult approves for a minor."))
    return by.person_id
