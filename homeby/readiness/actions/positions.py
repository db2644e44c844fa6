"""Who had which position on a mission: said by whoever answers for it, and counted once it is back.

From these entries comes what keeps a qualification current (`FIELD.md` 6); no date is typed.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions import queries as missions
from homeby.missions.queries.done import outings_over
from homeby.missions.rules import MemberState
from homeby.people.rules import Role, Viewer
from homeby.readiness.actions.currency import count
from homeby.readiness.actions.only_one import only_one
from homeby.readiness.models import PartyPosition, Qualification
from homeby.readiness.rules import skill_kinds as kinds


@dataclass(frozen=True, kw_only=True)
class PositionFields:
    """What somebody was, and whether on the way to it. Of a mission without a kind also whether it
    was an exercise, and of which kind its hours count; else the mission says both."""

    person_id: uuid.UUID
    qualification_id: uuid.UUID
    as_trainee: bool = False
    is_exercise: bool = False
    mission_kind: str = ""


def may_say(by: Viewer, mission_id: uuid.UUID) -> bool:
    """Whether somebody may say who had which position: its leader, and whoever leads or has the
    watch."""
    mission = missions.mission(by, mission_id)
    if mission is None or by.person_id is None:
        return False
    acting = by.has_for(mission.team_id, Role.LEADER, Role.DUTY_OFFICER)
    return acting or mission.leader_id == by.person_id


@logbook.once
def say_position(
    *, mission_id: uuid.UUID, fields: PositionFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Say that one of the party has a position on this mission. It counts when all are back; of one
    that is back already at once. Nobody says her own. Raises Refused."""
    if not may_say(by, mission_id):
        raise Refused(_("Its leader says it, or whoever leads the team or has the watch."))
    if by.person_id == fields.person_id:
        raise Refused(
            person=_("Nobody says her own position; another who leads or has the watch says it.")
        )
    mission = missions.mission(by, mission_id)
    party = {one.person_id: one for one in missions.party(by, mission_id)}
    member = party.get(fields.person_id)
    if member is None or member.state == MemberState.STAYED:
        raise Refused(person=_("They are not on this mission."))
    row = Qualification.objects.filter(pk=fields.qualification_id).first()
    if row is None:
        raise Refused(qualification=_("There is no such qualification."))
    same = PartyPosition.objects.filter(
        mission_id=mission_id, person=fields.person_id, qualification=row
    )
    twice = _("This is said of them already.")
    if same.exists():
        raise Refused(qualification=twice)
    answer = _("Kept: %(who)s, %(name)s.") % {"who": member.person.shown_as, "name": row.name}
    with only_one(qualification=twice), logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            kinds.PARTY_ROLE_GIVEN,
            subject=f"mission:{mission_id}",
            person=fields.person_id,
            facts={"key": row.key, "as_trainee": fields.as_trainee},
            tap=tap,
            answer=answer,
        )
        page.add(
            PartyPosition(
                id=tap.entry_id,
                mission_id=mission_id,
                person_id=fields.person_id,
                qualification=row,
                as_trainee=fields.as_trainee,
                **_of_kind(mission, fields),
            )
        )
        pair = (mission_id, fields.person_id)
        outing = outings_over([pair]).get(pair)
        if outing is not None:
            count(book, outing)
    return answer


def _of_kind(mission: Any, fields: PositionFields) -> dict[str, Any]:
    kind = mission.kind if mission is not None else None
    return {
        "mission_kind": kind.code if kind is not None else fields.mission_kind.strip(),
        "is_exercise": kind.is_exercise if kind is not None else fields.is_exercise,
    }


@logbook.once
def take_position_back(*, position_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """What was said by mistake, before it counts. Raises Refused."""
    refused = Refused(_("Its leader says it, or whoever leads the team or has the watch."))
    known = PartyPosition.objects.filter(pk=position_id).first()
    if known is None or not may_say(by, known.mission_id):
        raise refused
    answer = _("Taken back.")
    with logbook.writing(now=now, by=by.person_id) as book:
        # It may be counted, or taken back by another, in this instant.
        row = PartyPosition.objects.select_for_update().filter(pk=position_id).first()
        if row is None:
            raise refused
        if row.done_date is not None:
            raise Refused(_("It counts already: the mission is over."))
        page = book.entry(
            kinds.PARTY_ROLE_GIVEN,
            subject=f"mission:{row.mission_id}",
            person=row.person_id,
            facts={"taken_back": True},
            tap=tap,
            answer=answer,
        )
        page.remove(row)
    return answer
