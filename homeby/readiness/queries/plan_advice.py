"""What speaks against sending these people on a mission as it is planned: what they have already,
rest, "not before", examinations, limits of minors. It advises; whoever plans reads it of people
whose rest she may read, and of herself. Of outside duties and leave it says times and no more, of
what is not for whoever plans only that she is not available."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homeby import instants
from homeby.missions.queries.done import planned_begin
from homeby.missions.rules import Conditions
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.readiness.queries import minors, rest
from homeby.readiness.queries.times_read import taken_for
from homeby.readiness.rules import rest_said
from homeby.readiness.rules.duty_planning import Against, Taken
from homeby.readiness.rules.overrides import Lifted
from homeby.readiness.rules.rest import of_a_mission
from homeby.readiness.rules.sleep import Span
from homeby.readiness.rules.who_can_go import Asked
from homeby.sentences import gettext as _

#: Why somebody is away then is nobody's business; what takes the whole time is said alike.
_PRIVATE = (Against.BUSY, Against.LEAVE)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A mission as it is planned; `mission_id` of one that is changed."""

    party: Sequence[uuid.UUID]
    due_at: dt.datetime
    zone: str
    kind: str = ""
    conditions: Conditions = Conditions.NORMAL
    mission_id: uuid.UUID | None = None
    sets_out_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AgainstPlan:
    """What speaks against it, and about whom that is said. `overridden`: of whom a rest, or "not
    before", stands against it, and which of them, which somebody takes on herself by name and with
    a reason. `party`: whom it was asked of; `span`: from when until when they are taken to be
    out."""

    sentences: tuple[str, ...]
    about: tuple[uuid.UUID, ...]
    overridden: Mapping[uuid.UUID, Lifted]
    party: tuple[uuid.UUID, ...]
    span: Span


def against_plan(viewer: Viewer, plan: Planned, *, now: dt.datetime) -> AgainstPlan:
    """For whoever plans: from when they set out, or could (`planned_begin`), until they are back,
    but nothing that is over. A fixed number of queries."""
    keys = rest.reached(viewer, plan.party)
    begins = min(max(now, planned_begin(plan.sets_out_at, plan.due_at)), plan.due_at)
    names = people.names(keys)
    clashes = taken_for(viewer, keys, begins=begins, ends=plan.due_at)
    going = rest.Going(begins, plan.due_at, of_a_mission)
    rests = rest.against(keys, going, now=now, to=viewer)
    young = minors.against_going(keys, _asked(plan, begins), [*plan.party])
    said: list[str] = []
    overridden: dict[uuid.UUID, Lifted] = {}
    about = []
    for key in keys:
        has = [one for one in clashes.get(key, ()) if _counts(one, plan)]
        hers = [*dict.fromkeys(_clash(one, plan.zone, now, (begins, plan.due_at)) for one in has)]
        found = rests.get(key, rest.Against())
        # What begins while they are out is said as a clash, and is not what comes next.
        counts = [one for one in found.blocks if one.before is None or one.before >= plan.due_at]
        if any(one.rule is not None for one in found.blocks):  # the clash says the other duty
            counts = [one for one in counts if one.rule is not None or one.until is None]
        waits_until = found.not_before_at
        stops = rest_said.sentences(counts, zone=plan.zone, now=now, not_before_at=waits_until)
        stops = [*dict.fromkeys(stops)]
        if stops:
            overridden[key] = Lifted(rest=bool(counts), health=waits_until is not None)
        said += [f"{names.get(key, '?')}: {one}" for one in (*hers, *stops)]
        said += young.get(key, ())
        if hers or stops or key in young:
            about.append(key)
    return AgainstPlan(
        sentences=tuple(said),
        about=tuple(about),
        overridden=overridden,
        party=tuple(keys),
        span=(begins, plan.due_at),
    )


def _asked(plan: Planned, begins: dt.datetime) -> Asked:
    return Asked(
        mission_id=plan.mission_id or uuid.UUID(int=1),
        needs=(),
        begins=begins,
        ends=plan.due_at,
        zone=plan.zone,
        kind=plan.kind,
        conditions=plan.conditions,
    )


def _counts(one: Taken, plan: Planned) -> bool:
    return plan.mission_id is None or one.ref != f"mission:{plan.mission_id}"


def _clash(one: Taken, zone: str, now: dt.datetime, span: Span) -> str:
    if one.what in _PRIVATE and one.begins <= span[0] and span[1] <= one.ends:
        return _("is not available then.")
    sentence = {
        Against.DUTY: _("has a duty from {begins} to {ends}."),
        Against.MISSION: _("is on another mission until {ends}."),
        Against.EXAMINATION: _("has an examination that day."),
    }.get(one.what, _("is not available from {begins} to {ends}."))
    return sentence.format(
        begins=instants.wall(one.begins, zone, now), ends=instants.wall(one.ends, zone, now)
    )
