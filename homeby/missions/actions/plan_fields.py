"""What a plan says: its fields as they were typed and understood, what is wrong with them, and the
columns of a mission that they become."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from homeby import instants
from homeby.missions import queries, rules
from homeby.missions.models import MissionKind
from homeby.missions.rules import Conditions, PlanTimes, planning
from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.queries.callsigns import inactive
from homeby.people.queries.who import units


@dataclass(frozen=True, kw_only=True)
class PlanFields:
    """A plan as it was typed and understood. Times are instants; what was typed stands beside."""

    party: tuple[uuid.UUID, ...]
    leader_id: uuid.UUID | None
    what: str
    zone: str
    times: PlanTimes | None
    sets_out_typed: str = ""
    due_typed: str = ""
    call_out_typed: str = ""
    check_in_typed: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    route_gpx: str = ""
    team_id: uuid.UUID | None = None
    unit_id: uuid.UUID | None = None
    kind_id: uuid.UUID | None = None
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
    key: str | None = None


_COPIED = (
    "what",
    "place",
    "latitude",
    "longitude",
    "route_gpx",
    "team_id",
    "unit_id",
    "kind_id",
    "is_solo",
    "zone",
    "sets_out_typed",
    "due_typed",
    "call_out_typed",
    "check_in_typed",
    "conditions",
    "vehicle",
    "kit",
    "communications",
    "device",
    "buddy_id",
    "leader_id",
    "asked_by_id",
    "assigned_by_id",
    "key",
)


def problems(fields: PlanFields, *, now: dt.datetime) -> dict[str, str]:
    """Everything that is wrong with a plan, a sentence a field; longer than fits is said too."""
    check = planning.PlanCheck(
        party=fields.party,
        leader_id=fields.leader_id,
        what=fields.what,
        times=fields.times,
        solo=fields.is_solo,
        buddy_id=fields.buddy_id,
        device=fields.device,
    )
    found = planning.problems_with_plan(check, queries.limits(), now=now)
    try:
        instants.zone_info(fields.zone)
    except instants.TimeProblem as unknown:
        found["zone"] = str(unknown)
    if fields.times is None:
        found.setdefault("due", _("Say when the party is expected back."))
    if fields.kind_id is not None and not MissionKind.objects.filter(pk=fields.kind_id).exists():
        found["kind"] = _("There is no such kind of mission; choose one of the list.")
    if fields.team_id is not None and fields.unit_id is not None:
        found["unit"] = _("It is for a team or for a special unit; leave one of them out.")
    for name, sentence in _not_available(fields).items():
        found.setdefault(name, sentence)
    for name in ("what", "place", "vehicle", "communications", "device"):
        text = getattr(fields, name)
        if len(text) > 300:
            found[name] = _("%d characters were typed; 300 fit.") % len(text)
    return found


def _not_available(fields: PlanFields) -> dict[str, str]:
    """Sentences about whoever has left the organisation, or is kept away from another of these: the
    same words for both, so that they tell nobody which."""
    chosen = [("buddy", fields.buddy_id), *(("party", key) for key in fields.party)]
    keys = [key for _name, key in chosen if key is not None]
    gone, apart = inactive(keys), apart_from(keys)
    together = [key for key in reversed(keys) if apart.get(key, frozenset()) & set(keys)]
    gone |= people.names(together[:1])
    words = _("%s is not available; choose somebody else.")
    return {name: words % gone[key] for name, key in chosen if key in gone}


def columns(fields: PlanFields) -> dict[str, Any]:
    """The columns of a mission that this plan sets."""
    assert fields.times is not None, "a checked plan has times"
    limits = queries.limits()
    values = {name: getattr(fields, name) for name in _COPIED}
    return values | {
        "sets_out_at": fields.times.sets_out_at,
        "due_at": fields.times.due_at,
        "call_out_at": rules.call_out_time(
            fields.times, limits, solo=fields.is_solo, conditions=fields.conditions
        ),
        "check_in_times": [at.isoformat() for at in sorted(fields.times.check_ins)],
        "check_in_minutes": rules.check_in_minutes(fields.times, limits, solo=fields.is_solo),
    }


def as_they_go(fields: PlanFields) -> PlanFields:
    """The plan with solo decided by who goes, whatever a form says of it."""
    heads = len(fields.party)
    is_unit = heads == 1 and bool(units(fields.party))
    solo = rules.counts_as_solo(heads=heads, is_unit=is_unit, said=fields.is_solo)
    return replace(fields, is_solo=solo)
