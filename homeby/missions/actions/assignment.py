"""Answering an assignment: each of the party for herself (`STORY.md` 14)."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules
from homeby.missions.actions import telling
from homeby.missions.actions.plan import locked
from homeby.missions.rules import Acceptance, MissionState
from homeby.missions.rules.assignment import acceptance_of
from homeby.people.queries.blocks import may_write_to
from homeby.people.rules import Viewer
from homeby.watch.actions import recipients


@logbook.once
def answer(
    *,
    mission_id: uuid.UUID,
    accept: bool,
    note: str = "",
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Accept or refuse an assignment, each of the party for themselves, and until they leave.
    Refusing is a normal answer and stands without a reason; whoever assigned it is told."""
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        members = list(mission.party.select_for_update(of=("self",)).select_related("person"))
        own = next((row for row in members if row.person_id == by.person_id), None)
        if own is None:
            raise Refused(_("Only one of the party answers."))
        if mission.state != MissionState.PLANNED:
            raise Refused(_("The party has left or the plan is over; there is nothing to answer."))
        if own.acceptance == Acceptance.NOT_ASKED:
            raise Refused(_("Nobody asked you to accept this; you are free to change the plan."))
        acceptance = Acceptance.ACCEPTED if accept else Acceptance.REFUSED
        told = _("Accepted.") if accept else _("Refused. That is a normal answer.")
        page = book.entry(
            rules.MISSION_ANSWERED,
            subject=mission.ref,
            person=by.person_id,
            facts={"acceptance": acceptance},
            tap=tap,
            answer=told,
        )
        page.change(own, acceptance=acceptance, acceptance_note=note[:500])
        page.change(mission, acceptance=acceptance_of([Acceptance(m.acceptance) for m in members]))
        who = own.person.shown_as
        words = partial(telling.answered, mission, who, acceptance=acceptance, note=note)
        to = {mission.assigned_by_id, mission.planned_by_id} - {by.person_id, None}
        key = f"{mission.ref}/answer/{tap.entry_id}"
        away = recipients.away_from_any([own.person_id])
        able = [k for k in to if k and k not in away] or telling.deciders(mission, now=now)
        heard = may_write_to(able if to else [], by=by.person_id)
        telling.tell_about(page, heard, words, key=key, mission=mission)
    return told
