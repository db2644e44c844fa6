"""Who plans a duty, who else could, and what was handed to whom that she has not said she has."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import F, Q

from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.readiness.models import Duty
from homeby.readiness.queries.duties import visible_duties
from homeby.readiness.queries.duty_access import PLANNERS, may_plan
from homeby.readiness.queries.special_units import members_of
from homeby.readiness.queries.who import viewer_for

#: So many organisers are offered at most.
OFFERED = 60


@dataclass(frozen=True, kw_only=True)
class Planner:
    """Who plans a duty, as the viewer calls her ("" where nobody does); since when it is hers by
    another's word, and whether she has said that she has it."""

    name: str
    is_me: bool
    since_at: dt.datetime | None
    waits: bool


def planner_of(viewer: Viewer, duty: Duty) -> Planner:
    """Who plans it now, for whoever may see the duty. One query."""
    key = duty.planned_by_id
    return Planner(
        name=people.names([key], to=viewer).get(key, "?") if key is not None else "",
        is_me=key is not None and key == viewer.person_id,
        since_at=duty.planner_since_at,
        waits=duty.planner_since_at is not None and duty.planner_said_at is None,
    )


def could_plan(viewer: Viewer, duty: Duty, *, now: dt.datetime) -> list[tuple[uuid.UUID, str]]:
    """Who else plans duties of this team or special unit and sees this one: nobody from whom the
    viewer, or anybody on it, is kept away. A few queries for each."""
    if duty.unit_id is not None:
        keys = members_of(duty.unit_id)
    else:
        held = [people.holders(role, now=now, team_id=duty.team_id) for role in PLANNERS]
        keys = list(dict.fromkeys(key for several in held for key in several))
    barred = {viewer.person_id, duty.planned_by_id} | set(viewer.apart)
    keys = [key for key in keys if key not in barred][:OFFERED]
    names = people.names(keys, to=viewer)
    found = [(key, names.get(key, "?")) for key in keys if plans(key, duty, now=now)]
    return sorted(found, key=lambda one: one[1].casefold())


def plans(person_id: uuid.UUID, duty: Duty, *, now: dt.datetime) -> bool:
    """Whether somebody plans duties of this team or special unit, and sees this one. No viewer: it
    decides who may be handed it."""
    hers = viewer_for(person_id, now=now)
    return may_plan(hers, duty.whose) and visible_duties(hers).filter(pk=duty.pk).exists()


def handed_to_me(viewer: Viewer, *, now: dt.datetime) -> list[Duty]:
    """The duties to come whose planning was handed to the viewer and of which she has not said that
    she has it, by start. One query."""
    if viewer.person_id is None:
        return []
    rows = visible_duties(viewer).filter(
        planned_by_id=viewer.person_id,
        planner_since_at__isnull=False,
        planner_said_at__isnull=True,
        cancelled_at__isnull=True,
        ends_at__gt=now,
    )
    return list(rows.order_by("starts_at", "pk"))


def unsaid_since(at: dt.datetime, *, now: dt.datetime) -> list[Duty]:
    """The duties to come that were handed on before an instant and nobody has said she has. No
    viewer: whoever has them is reminded. One query."""
    rows = Duty.objects.filter(
        Q(planner_since_at__isnull=False) & Q(planner_since_at__lte=at),
        planner_said_at__isnull=True,
        planned_by_id__isnull=False,
        cancelled_at__isnull=True,
        ends_at__gt=now,
    )
    return list(rows.order_by(F("starts_at"), "pk"))
