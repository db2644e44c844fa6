"""Missions with minors, for the safeguarding lead and for whoever approves."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from homeby import instants
from homeby.missions.models import MinorApproval, MinorLimit, Mission, PartyMember
from homeby.missions.queries.visible import but_apart
from homeby.missions.rules import Conditions, MemberState, MissionState
from homeby.missions.rules.minors import Limit, Outing, against, by_limits
from homeby.people.queries import names
from homeby.people.queries.minors import ever_minors, minors_among
from homeby.people.rules import PersonKind, Role, Viewer
from homeby.people.rules_private import MinorFacts

#: Who sees which missions minors are on: the safeguarding lead, and whoever approves.
SEE = (Role.SAFEGUARDING_LEAD, Role.LEADER, Role.DUTY_OFFICER)
OUT = MemberState.OUT
#: So long a mission that is over stands there.
OVER_FOR = dt.timedelta(days=180)
_AHEAD = (MissionState.PLANNED, MissionState.OUT)


@dataclass(frozen=True, kw_only=True)
class WithMinors:
    """A mission, the minors of its party, what speaks against it, and who approved it all the same,
    with the reason."""

    mission_id: uuid.UUID
    what: str
    zone: str
    due_at: dt.datetime
    is_out: bool
    is_over: bool
    minors: tuple[MinorFacts, ...]
    against: tuple[str, ...]
    approved_by: str = ""
    reason: str = ""


def missions_with_minors(viewer: Viewer | None, *, now: dt.datetime) -> list[WithMinors]:
    """All that are planned or out, soonest due first; then those over within `OVER_FOR`, the newest
    first. Six queries, however many."""
    if viewer is None or not (viewer.is_station or viewer.has(*SEE)):
        return []
    ahead = Mission.objects.filter(state__in=_AHEAD, due_at__isnull=False).order_by("due_at", "pk")
    over = Mission.objects.filter(
        state=MissionState.BACK, due_at__isnull=False, back_at__gt=now - OVER_FOR
    ).filter(party__person__in=ever_minors())
    over = over.distinct().order_by("-back_at", "pk")
    rows = [
        row
        for several in (ahead, over)
        for row in but_apart(viewer, several)
        .select_related("kind")
        .prefetch_related("party__person")
    ]
    party = [member.person_id for row in rows for member in row.party.all()]
    first = min((day_of(row, row.out_at or now) for row in rows), default=now.date())
    young = {one.person_id: one for one in minors_among(party, on=first)}
    if not young:
        return []
    found = MinorApproval.objects.filter(mission__in=rows)
    approvals = {approval.mission_id: approval for approval in found}
    called = names([approval.by_id for approval in approvals.values()], to=viewer)
    told = _Told(approvals=approvals, called=called, rules=limits())
    listed = [_one(row, young, told, now=now) for row in rows]
    return [one for one in listed if one.minors]


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What is read once for all of them."""

    approvals: dict[uuid.UUID, MinorApproval]
    called: dict[uuid.UUID, str]
    rules: list[Limit]


def _one(
    row: Mission,
    young: dict[uuid.UUID, MinorFacts],
    told: _Told,
    *,
    now: dt.datetime,
) -> WithMinors:
    approval, called, rules = told.approvals.get(row.pk), told.called, told.rules
    members, today = list(row.party.all()), day_of(row, row.out_at or now)
    minors = [young[one.person_id] for one in members if one.person_id in young]
    minors = [one for one in minors if one.until_date > today]
    humans = [one for one in members if one.person.kind == PersonKind.HUMAN]
    assert row.due_at is not None, "asked for above"
    outing = Outing(
        out_at=row.out_at,
        due_at=row.due_at,
        zone=row.zone,
        conditions=Conditions(row.conditions),
        adults=len(humans) - len(minors),
        kind=code_of(row),
    )
    return WithMinors(
        mission_id=row.pk,
        what=row.what,
        zone=row.zone,
        due_at=row.due_at,
        is_out=row.state == MissionState.OUT,
        is_over=row.state == MissionState.BACK,
        minors=tuple(minors),
        against=(*against(outing, minors), *by_limits(outing, minors, rules, people=len(humans))),
        approved_by=called.get(approval.by_id, "?") if approval else "",
        reason=approval.reason if approval else "",
    )


def speaks_against(
    mission: Mission,
    members: Iterable[PartyMember],
    *,
    going: Collection[uuid.UUID],
    out_at: dt.datetime | None,
) -> tuple[str, ...]:
    """What speaks against these leaving, or (none named) against those who are out; nothing where
    an adult has approved it. The adults of the party count who are out, leave, or may yet follow.
    One query, three where minors leave."""
    if mission.due_at is None or out_at is None:
        return ()
    leaving = [m for m in members if m.person_id in going or (not going and m.state == OUT)]
    there = [m for m in members if m in leaving or m.state in (OUT, MemberState.PLANNED)]
    humans = [m.person_id for m in there if m.person.kind == PersonKind.HUMAN]
    young = minors_among(humans, on=day_of(mission, out_at))
    gone = {member.person_id for member in leaving}
    theirs = [one for one in young if one.person_id in gone]
    if not theirs or MinorApproval.objects.filter(mission=mission).exists():
        return ()
    outing = Outing(
        out_at=out_at,
        due_at=mission.due_at,
        zone=mission.zone,
        conditions=Conditions(mission.conditions),
        adults=len(humans) - len(young),
        kind=code_of(mission),
    )
    return (*against(outing, theirs), *by_limits(outing, theirs, limits(), people=len(humans)))


def limits() -> list[Limit]:
    """The limits that hold for every minor. No viewer: they are rules. One query."""
    return [
        Limit(
            name=row.name,
            below_age=row.below_age,
            begins=row.begins,
            ends=row.ends,
            hours=row.hours,
            adults=row.adults,
            kinds=tuple(row.kinds),
        )
        for row in MinorLimit.objects.order_by("rank")
    ]


def code_of(mission: Mission) -> str:
    """The code of its kind, "" for an ordinary one."""
    return mission.kind.code if mission.kind is not None else ""


def day_of(mission: Mission, at: dt.datetime) -> dt.date:
    """The day on which an instant falls there: by it somebody is of age, and not by another's."""
    return at.astimezone(instants.zone_info(mission.zone)).date()


def has_minors(mission: Mission, *, now: dt.datetime) -> bool:
    """Whether a minor is of the party of this mission. Two queries."""
    party = mission.party.values_list("person_id", flat=True)
    return bool(minors_among(party, on=day_of(mission, now)))
