"""Planning a mission: who, where, what, expected back, call-out time; approval, acceptance."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.missions import queries, rules
from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import Acceptance, Conditions, MemberState, MissionState, PlanTimes
from homeby.people.queries.callsigns import inactive
from homeby.people.rules import Role, Viewer


@dataclass(frozen=True, kw_only=True)
class PlanFields:
    """A plan as it was typed and understood. Times are instants; what was typed stands beside."""

    party: tuple[uuid.UUID, ...]
    leader_id: uuid.UUID | None
    what: str
    zone: str
    times: PlanTimes | None
    due_typed: str = ""
    call_out_typed: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    route_gpx: str = ""
    team_id: uuid.UUID | None = None
    is_solo: bool = False
    conditions: Conditions = Conditions.NORMAL
    vehicle: str = ""
    kit: str = ""
    communications: str = ""
    device: str = ""
    buddy_id: uuid.UUID | None = None
    descriptions: Mapping[uuid.UUID, str] = field(default_factory=dict)
    asked_by_id: uuid.UUID | None = None
    assigned_by_id: uuid.UUID | None = None
    acceptance: Acceptance = Acceptance.NOT_ASKED
    key: str | None = None


_COPIED = (
    "what",
    "place",
    "latitude",
    "longitude",
    "route_gpx",
    "team_id",
    "is_solo",
    "zone",
    "due_typed",
    "call_out_typed",
    "conditions",
    "vehicle",
    "kit",
    "communications",
    "device",
    "buddy_id",
    "leader_id",
    "asked_by_id",
    "assigned_by_id",
    "acceptance",
    "key",
)


def problems(fields: PlanFields, *, now: dt.datetime) -> dict[str, str]:
    """Everything that is wrong with a plan, a sentence a field; longer than fits is said too."""
    check = rules.PlanCheck(
        party=fields.party,
        leader_id=fields.leader_id,
        what=fields.what,
        times=fields.times,
        solo=fields.is_solo,
        buddy_id=fields.buddy_id,
        device=fields.device,
    )
    found = rules.problems_with_plan(check, queries.limits(), now=now)
    try:
        instants.zone_info(fields.zone)
    except instants.TimeProblem as unknown:
        found["zone"] = str(unknown)
    if fields.times is None:
        found.setdefault("due", _("Say when the party is expected back."))
    for name, sentence in _inactive(fields).items():
        found.setdefault(name, sentence)
    for name in ("what", "place", "vehicle", "communications", "device"):
        text = getattr(fields, name)
        if len(text) > 300:
            found[name] = _("%d characters were typed; 300 fit.") % len(text)
    return found


def _inactive(fields: PlanFields) -> dict[str, str]:
    """Sentences about whoever has left the organisation: nobody plans them in or relies on them."""
    chosen = [("buddy", fields.buddy_id), *(("party", key) for key in fields.party)]
    gone = inactive(key for _name, key in chosen if key is not None)
    words = _("%s is no longer active; choose somebody else.")
    return {name: words % gone[key] for name, key in chosen if key in gone}


def _columns(fields: PlanFields) -> dict[str, Any]:
    assert fields.times is not None, "a checked plan has times"
    limits = queries.limits()
    values = {name: getattr(fields, name) for name in _COPIED}
    return values | {
        "due_at": fields.times.due_at,
        "call_out_at": rules.call_out_time(
            fields.times, limits, solo=fields.is_solo, conditions=fields.conditions
        ),
        "check_in_minutes": rules.check_in_minutes(fields.times, limits, solo=fields.is_solo),
    }


@logbook.once
def plan(*, fields: PlanFields, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Plan a mission; its id is the tap's. Whoever is of the party or keeps watch may plan."""
    _may_plan(fields, by)
    if found := problems(fields, now=now):
        raise Refused(**found)
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.MISSION_PLANNED,
            subject=f"mission:{tap.entry_id}",
            person=fields.leader_id,
            facts={"what": fields.what, "due_typed": fields.due_typed, "zone": fields.zone},
            tap=tap,
            answer=_("Planned."),
        )
        add_mission(page, tap.entry_id, fields, by=by, state=MissionState.PLANNED)
    return _("Planned.")


def _may_plan(fields: PlanFields, by: Viewer) -> None:
    if not by.keeps_watch and by.person_id not in fields.party:
        raise Refused(
            party=_("You are not in this party. Ask a leader or the duty officer to plan it.")
        )


def add_mission(
    page: Page, mission_id: uuid.UUID, fields: PlanFields, *, by: Viewer, state: MissionState
) -> Mission:
    """Write a mission and its party inside an open book."""
    mission = Mission(id=mission_id, state=state, planned_by_id=by.person_id, **_columns(fields))
    page.add(mission)
    for person_id in fields.party:
        page.add(
            PartyMember(
                id=uuid.uuid5(mission_id, str(person_id)),
                mission=mission,
                person_id=person_id,
                state=MemberState.PLANNED,
                description=fields.descriptions.get(person_id, "")[:1000],
            )
        )
    return mission


def locked(mission_id: uuid.UUID) -> Mission:
    """The mission, locked for this transaction."""
    mission = (
        Mission.objects.select_for_update(of=("self",))
        .select_related("leader", "team")
        .filter(pk=mission_id)
        .first()
    )
    if mission is None:
        raise Refused(_("There is no such mission."))
    return mission


@logbook.once
def change_plan(
    *, mission_id: uuid.UUID, fields: PlanFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Change a plan before anybody has signed out; afterwards times move by extension only. A
    changed plan for one alone needs its approval anew."""
    _may_plan(fields, by)
    if found := problems(fields, now=now):
        raise Refused(**found)
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        if mission.state != MissionState.PLANNED:
            raise Refused(_("The party has left. Ask for more time instead."))
        page = book.entry(
            rules.MISSION_CHANGED, subject=mission.ref, tap=tap, answer=_("Plan changed.")
        )
        page.change(mission, **_columns(fields), approved_by_id=None, approved_at=None)
        members = {row.person_id: row for row in mission.party.all()}
        for person_id, row in members.items():
            if person_id not in fields.party:
                page.remove(row)
        for person_id in fields.party:
            text = fields.descriptions.get(person_id, "")[:1000]
            if person_id in members:
                page.change(members[person_id], description=text)
            else:
                page.add(
                    PartyMember(
                        id=uuid.uuid4(),
                        mission=mission,
                        person_id=person_id,
                        state=MemberState.PLANNED,
                        description=text,
                    )
                )
    return _("Plan changed.")


@logbook.once
def approve(*, mission_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Approve a mission as a second person; neither its planner nor one of its party may."""
    if by.person_id is None or not by.has(Role.LEADER, Role.DUTY_OFFICER, Role.ADMINISTRATOR):
        raise Refused(_("A leader or duty officer approves a mission."))
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        party = set(mission.party.values_list("person_id", flat=True))
        if by.person_id == mission.planned_by_id or by.person_id in party:
            raise Refused(_("A second person approves: not who planned it, not who goes."))
        page = book.entry(
            rules.MISSION_APPROVED,
            subject=mission.ref,
            person=by.person_id,
            tap=tap,
            answer=_("Approved."),
        )
        page.change(mission, approved_by_id=by.person_id, approved_at=now)
    return _("Approved.")


@logbook.once
def answer_assignment(
    *,
    mission_id: uuid.UUID,
    accept: bool,
    note: str = "",
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Accept or refuse an assignment. Refusing is a normal answer and stands without a reason."""
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        if by.person_id not in set(mission.party.values_list("person_id", flat=True)):
            raise Refused(_("Only one of the party answers."))
        acceptance = Acceptance.ACCEPTED if accept else Acceptance.REFUSED
        answer = _("Accepted.") if accept else _("Refused. That is a normal answer.")
        page = book.entry(
            rules.MISSION_ANSWERED,
            subject=mission.ref,
            person=by.person_id,
            facts={"acceptance": acceptance},
            tap=tap,
            answer=answer,
        )
        page.change(mission, acceptance=acceptance, acceptance_note=note[:500])
    return answer


@logbook.once
def cancel(*, mission_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Take back a plan that nobody has left on."""
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        party = set(mission.party.values_list("person_id", flat=True))
        if not by.keeps_watch and by.person_id not in party:
            raise Refused(_("Only the party or whoever keeps the watch takes a plan back."))
        if mission.state not in (MissionState.PLANNED, MissionState.UNCONFIRMED):
            raise Refused(_("The party has left; a mission that is out ends by signing in."))
        page = book.entry(
            rules.MISSION_CANCELLED, subject=mission.ref, tap=tap, answer=_("Taken back.")
        )
        page.change(mission, state=MissionState.CANCELLED)
        for row in mission.party.all():
            page.change(row, state=MemberState.STAYED)
    return _("Taken back.")
