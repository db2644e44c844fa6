"""A minor on a duty: limits hold unless an adult has approved it by name and with a reason, as they
do for a mission (`missions.actions.minors`)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.queries.minors import minors_among
from homeby.people.rules import Viewer
from homeby.readiness.actions.duty_acts import at_duty, row_of
from homeby.readiness.models import Duty, DutyApproval
from homeby.readiness.queries.duty_access import PLANNERS, planners_ever
from homeby.readiness.queries.minors import against_duty
from homeby.readiness.rules import duty_planning as rules


def how_lifted() -> str:
    """What is to be done where a limit of a minor speaks against a duty."""
    return _(
        "A leader or duty officer of age who is not on it and did not plan it may approve it on "
        "this page, by name and with a reason."
    )


def adults_first(person_ids: Sequence[uuid.UUID], duty: Duty) -> list[uuid.UUID]:
    """These people with those who are minors on the day of the duty last."""
    young = {one.person_id for one in minors_among(person_ids, on=_day(duty))}
    return sorted(person_ids, key=lambda key: key in young)


@logbook.once
def approve_minor(
    *,
    duty_id: uuid.UUID,
    person_id: uuid.UUID,
    reason: str,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """An adult who is not on the duty and did not plan it says why a minor may be on it all the
    same. It holds for the time that the duty has now. Raises Refused."""
    with at_duty(duty_id, by, now, plans=False) as (book, duty):
        adult = _adult(by, duty)
        if not 3 <= len(reason.strip()) <= rules.NOTE_MAX:
            raise Refused(reason=_("Say in a sentence why (500 characters)."))
        if person_id in by.apart or not people.visible_people(by).filter(pk=person_id).exists():
            raise Refused(_("There is no such person here."))
        row = row_of(duty, adult)
        if adult in {*planners_ever(duty), person_id} or (row is not None and row.is_on):
            raise Refused(_("A second person approves: not who planned it, not who goes."))
        said = against_duty(duty, [person_id], with_others=True).get(person_id, ())
        if not said:
            raise Refused(_("Nothing speaks against it."))
        answer = _("Approved.")
        page = book.entry(
            rules.DUTY_MINOR_APPROVED,
            subject=duty.ref,
            person=person_id,
            facts={"why": reason.strip(), "against": list(said)},
            tap=tap,
            answer=answer,
        )
        values = {
            "frame": duty.frame,
            "by_id": adult,
            "reason": reason.strip(),
            "approved_at": now,
        }
        known = DutyApproval.objects.select_for_update().filter(duty=duty, person=person_id)
        earlier = known.first()
        if earlier is None:
            page.add(DutyApproval(id=uuid.uuid4(), duty=duty, person_id=person_id, **values))
        else:
            page.change(earlier, **values)
    return answer


def _adult(by: Viewer, duty: Duty) -> uuid.UUID:
    if by.person_id is None or not by.has_for(duty.team_id, *PLANNERS):
        raise Refused(_("A leader or duty officer approves that a minor is on a duty."))
    if minors_among([by.person_id], on=_day(duty)):
        raise Refused(_("An adult approves for a minor."))
    return by.person_id


def _day(duty: Duty) -> dt.date:
    return duty.starts_at.astimezone(instants.zone_info(duty.zone)).date()
