"""Planning a mission: who, where, what, expected back, call-out time; approval, acceptance."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules
from homeby.missions.actions import telling, units, young
from homeby.missions.actions.decided import decided
from homeby.missions.actions.plan_fields import PlanFields as PlanFields
from homeby.missions.actions.plan_fields import as_they_go, columns
from homeby.missions.actions.plan_fields import problems as problems
from homeby.missions.models import Mission, PartyMember
from homeby.missions.queries.minors import has_minors
from homeby.missions.queries.visible import keeps_unit
from homeby.missions.rules import (
    Acceptance,
    MemberState,
    MissionState,
)
from homeby.missions.rules.assignment import acceptance_of, who_is_asked
from homeby.people.queries.blocks import may_write_to
from homeby.people.rules import Viewer


@logbook.once
def plan(*, fields: PlanFields, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Plan a mission; its id is the tap's. Whoever is of the party or keeps watch may plan. The
    party is told, and asked to accept where somebody assigned it; whoever may approve is told."""
    _may_plan(fields, by, keeps=units.plans_for(by, fields.unit_id))
    fields = as_they_go(fields)
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
        mission = add_mission(page, tap.entry_id, fields, by=by, state=MissionState.PLANNED)
        decided(book, mission)
        _tell_planned(page, mission, fields.party, _asked(mission, fields.party))
    return _("Planned.")


def _asked(mission: Mission, party: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    return who_is_asked(
        tuple(party), assigned_by=mission.assigned_by_id, planned_by=mission.planned_by_id
    )


def _tell_planned(
    page: Page, mission: Mission, to: Iterable[uuid.UUID], asked: set[uuid.UUID]
) -> None:
    """Those who were put on a plan hear of it; whoever may approve it hears that it waits."""
    to, now = list(to), page.book.now
    heard = may_write_to(to, by=page.book.by)
    for ask in (True, False):
        words = partial(telling.planned_in, mission, asked=ask, now=now)
        telling.tell_party(
            page, [key for key in heard if (key in asked) is ask], words, mission=mission
        )
    _tell_if_approval_waits(page, mission, to)


def _tell_if_approval_waits(page: Page, mission: Mission, party: Iterable[uuid.UUID]) -> None:
    if rules.needs_approval(
        solo=mission.is_solo, approved_by=mission.approved_by_id, planned_by=mission.planned_by_id
    ):
        telling.tell_approvers(page, mission, party)


def _may_plan(fields: PlanFields, by: Viewer, *, keeps: bool) -> None:
    if not keeps and not by.watches(fields.team_id) and by.person_id not in fields.party:
        raise Refused(
            party=_("You are not in this party. Ask a leader or the duty officer to plan it.")
        )


def add_mission(
    page: Page, mission_id: uuid.UUID, fields: PlanFields, *, by: Viewer, state: MissionState
) -> Mission:
    """Write a mission and its party inside an open book."""
    mission = Mission(id=mission_id, state=state, planned_by_id=by.person_id, **columns(fields))
    asked = _asked(mission, fields.party)
    mission.acceptance = Acceptance.ASKED if asked else Acceptance.NOT_ASKED
    page.add(mission)
    for person_id in fields.party:
        key = uuid.uuid5(mission_id, str(person_id))
        page.add(_member(mission, person_id, fields, key=key, asked=person_id in asked))
    return mission


def _member(
    mission: Mission, person_id: uuid.UUID, fields: PlanFields, *, key: uuid.UUID, asked: bool
) -> PartyMember:
    return PartyMember(
        id=key,
        mission=mission,
        person_id=person_id,
        state=MemberState.PLANNED,
        description=fields.descriptions.get(person_id, "")[:1000],
        acceptance=Acceptance.ASKED if asked else Acceptance.NOT_ASKED,
    )


def locked(mission_id: uuid.UUID) -> Mission:
    """The mission, locked for this transaction."""
    mission = (
        Mission.objects.select_for_update(of=("self",))
        .select_related("leader", "team", "unit")
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
    changed plan for one alone needs its approval anew. Everybody it concerns is told; a changed
    party, hour or assigner asks for their answers anew."""
    fields = as_they_go(fields)
    if found := problems(fields, now=now):
        raise Refused(**found)
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        units.mind_secret(by, mission)
        if fields.unit_id != mission.unit_id:  # whoever takes it from a unit stands in it, too
            units.plans_for(by, mission.unit_id)
            units.plans_for(by, fields.unit_id)
        keeps = keeps_unit(by, mission.unit_id) or keeps_unit(by, fields.unit_id)
        _may_plan(fields, by, keeps=keeps)
        if mission.state != MissionState.PLANNED:
            raise Refused(_("The party has left. Ask for more time instead."))
        page = book.entry(
            rules.MISSION_CHANGED, subject=mission.ref, tap=tap, answer=_("Plan changed.")
        )
        members = {row.person_id: row for row in mission.party.all()}
        before = _Before(
            party=frozenset(members),
            due_at=mission.due_at,
            assigned_by=mission.assigned_by_id,
            said={name: getattr(mission, name) for name in _TOLD},
        )
        page.change(mission, **columns(fields), **young.no_longer_approved(page, mission))
        _change_party(page, mission, members, fields, anew=before.asks_anew(mission, fields))
        decided(book, mission)
        _tell_changed(page, mission, before, fields)
    return _("Plan changed.")


#: What of a plan moves somebody's day: a change of these is told to the party.
_TOLD = (
    "sets_out_at",
    "due_at",
    "call_out_at",
    "what",
    "place",
    "check_in_minutes",
    "check_in_times",
    "leader_id",
)


@dataclass(frozen=True, kw_only=True)
class _Before:
    """What stood before a plan was changed."""

    party: frozenset[uuid.UUID]
    due_at: dt.datetime | None
    assigned_by: uuid.UUID | None
    said: Mapping[str, Any]

    def asks_anew(self, mission: Mission, fields: PlanFields) -> bool:
        same = (self.party, self.due_at, self.assigned_by)
        return same != (frozenset(fields.party), mission.due_at, mission.assigned_by_id)


def _change_party(
    page: Page,
    mission: Mission,
    members: dict[uuid.UUID, PartyMember],
    fields: PlanFields,
    *,
    anew: bool,
) -> None:
    asked = _asked(mission, fields.party)
    for person_id, row in members.items():
        if person_id not in fields.party:
            page.remove(row)
    for person_id in fields.party:
        if person_id not in members:
            is_asked = person_id in asked
            row = _member(mission, person_id, fields, key=uuid.uuid4(), asked=is_asked)
            members[person_id] = row
            page.add(row)
            continue
        values: dict[str, Any] = {"description": fields.descriptions.get(person_id, "")[:1000]}
        if anew:
            answer = Acceptance.ASKED if person_id in asked else Acceptance.NOT_ASKED
            values |= {"acceptance": answer, "acceptance_note": ""}
        page.change(members[person_id], **values)
    answers = [Acceptance(members[key].acceptance) for key in fields.party]
    page.change(mission, acceptance=acceptance_of(answers), acceptance_note="")


def _tell_changed(page: Page, mission: Mission, before: _Before, fields: PlanFields) -> None:
    """Whoever was left out, put in, or whose plan somebody else changed, hears of it."""
    party, now = set(fields.party), page.book.now
    out = partial(telling.left_out, mission, now=now)
    telling.tell_party(page, before.party - party, out, mission=mission)
    _tell_planned(page, mission, party - before.party, _asked(mission, fields.party))
    if any(getattr(mission, name) != value for name, value in before.said.items()) or (
        before.asks_anew(mission, fields)
    ):
        staying = party & before.party
        asked = _asked(mission, fields.party) if before.asks_anew(mission, fields) else set()
        for ask in (True, False):
            words = partial(telling.changed, mission, before=before.due_at, asked=ask, now=now)
            to = [key for key in staying if (key in asked) is ask]
            telling.tell_party(page, to, words, mission=mission)


@logbook.once
def approve(*, mission_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Approve a mission as a second person; neither its planner nor one of its party may. It may
    still be said of one who is out already, and no more once they are back."""
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        units.mind_secret(by, mission)
        if by.person_id is None or not by.has_for(mission.team_id, *telling.APPROVERS):
            raise Refused(_("A leader or duty officer approves a mission."))
        if mission.state not in (MissionState.PLANNED, MissionState.OUT):
            raise Refused(_("This mission is over or was taken back; there is nothing to approve."))
        party = set(mission.party.values_list("person_id", flat=True))
        if by.person_id == mission.planned_by_id or by.person_id in party:
            raise Refused(_("A second person approves: not who planned it, not who goes."))
        if has_minors(mission, now=now):
            raise Refused(_("A minor goes: approve it with a reason, under Office, Minors."))
        page = book.entry(
            rules.MISSION_APPROVED,
            subject=mission.ref,
            person=by.person_id,
            tap=tap,
            answer=_("Approved."),
        )
        page.change(mission, approved_by_id=by.person_id, approved_at=now)
        telling.approval_waits_no_more(book, mission)
    return _("Approved.")


@logbook.once
def cancel(*, mission_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Take back a plan that nobody has left on; the party is told."""
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        units.mind_secret(by, mission)
        party = set(mission.party.values_list("person_id", flat=True))
        watches = by.watches(mission.team_id) or keeps_unit(by, mission.unit_id)
        if not watches and by.person_id not in party:
            raise Refused(_("Only the party or whoever keeps the watch takes a plan back."))
        if mission.state not in (MissionState.PLANNED, MissionState.UNCONFIRMED):
            raise Refused(_("The party has left; a mission that is out ends by signing in."))
        was_planned = mission.state == MissionState.PLANNED
        page = book.entry(
            rules.MISSION_CANCELLED, subject=mission.ref, tap=tap, answer=_("Taken back.")
        )
        page.change(mission, state=MissionState.CANCELLED)
        for row in mission.party.all():
            page.change(row, state=MemberState.STAYED)
        if was_planned:  # history wakes nobody
            words = partial(telling.taken_back, mission, now=now)
            telling.tell_party(page, party, words, mission=mission)
    return _("Taken back.")
