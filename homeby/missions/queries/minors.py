"""Missions with minors, for the safeguarding lead and for whoever approves."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from homeby.missions.models import MinorApproval, Mission
from homeby.missions.queries.visible import but_apart
from homeby.missions.rules import Conditions, MissionState
from homeby.missions.rules.minors import Outing, against
from homeby.people.queries import names
from homeby.people.queries.minors import minors_among
from homeby.people.rules import PersonKind, Role, Viewer
from homeby.people.rules_private import MinorFacts

#: Who sees which missions minors are on: the safeguarding lead, and whoever approves.
SEE = (Role.SAFEGUARDING_LEAD, Role.LEADER, Role.DUTY_OFFICER)
_AHEAD = (MissionState.PLANNED, MissionState.OUT)


@dataclass(frozen=True, kw_only=True)
class WithMinors:
    """A mission that is planned or out, the minors of its party, what speaks against it, and who
    approved it all the same, with the reason."""

    mission_id: uuid.UUID
    what: str
    zone: str
    due_at: dt.datetime
    is_out: bool
    minors: tuple[MinorFacts, ...]
    against: tuple[str, ...]
    approved_by: str = ""
    reason: str = ""


def missions_with_minors(viewer: Viewer | None, *, now: dt.datetime) -> list[WithMinors]:
    """All of them, soonest due first. Four queries, however many."""
    if viewer is None or not (viewer.is_station or viewer.has(*SEE)):
        return []
    rows = list(
        but_apart(viewer, Mission.objects.filter(state__in=_AHEAD, due_at__isnull=False))
        .prefetch_related("party__person")
        .order_by("due_at", "pk")
    )
    party = [member.person_id for row in rows for member in row.party.all()]
    young = {one.person_id: one for one in minors_among(party, on=now.date())}
    if not young:
        return []
    found = MinorApproval.objects.filter(mission__in=rows)
    approvals = {approval.mission_id: approval for approval in found}
    called = names([approval.by_id for approval in approvals.values()])
    listed = [_one(row, young, approvals.get(row.pk), called) for row in rows]
    return [one for one in listed if one.minors]


def _one(
    row: Mission,
    young: dict[uuid.UUID, MinorFacts],
    approval: MinorApproval | None,
    called: dict[uuid.UUID, str],
) -> WithMinors:
    members = list(row.party.all())
    minors = [young[one.person_id] for one in members if one.person_id in young]
    humans = [one for one in members if one.person.kind == PersonKind.HUMAN]
    assert row.due_at is not None, "asked for above"
    outing = Outing(
        out_at=row.out_at,
        due_at=row.due_at,
        zone=row.zone,
        conditions=Conditions(row.conditions),
        adults=len(humans) - len(minors),
    )
    return WithMinors(
        mission_id=row.pk,
        what=row.what,
        zone=row.zone,
        due_at=row.due_at,
        is_out=row.state == MissionState.OUT,
        minors=tuple(minors),
        against=tuple(against(outing, minors)),
        approved_by=called.get(approval.by_id, "?") if approval else "",
        reason=approval.reason if approval else "",
    )


def has_minors(mission: Mission, *, on: dt.date) -> bool:
    """Whether a minor is of the party of this mission. Two queries."""
    party = mission.party.values_list("person_id", flat=True)
    return bool(minors_among(party, on=on))
