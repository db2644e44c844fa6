"""By what somebody sees a duty beside its team: she plans it, is on it, or is asked for it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from homeby.people.queries.in_teams import left_teams
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import Duty, DutyDecision, DutyPerson
from homeby.readiness.queries.special_units import kept_units
from homeby.readiness.rules.duty_planning import StoodDown
from homeby.readiness.rules.whose import Whose

#: Who plans duties, for the whole organisation or for a team.
PLANNERS = (Role.LEADER, Role.DUTY_OFFICER)
ON = Q(picked_at__isnull=False, stood_down_at__isnull=True)


def planned_herself(viewer: Viewer) -> Q:
    """What she has planned, as long as she still plans: for that team, or for everybody."""
    own = Q(planned_by_id=viewer.person_id)
    if viewer.has(*PLANNERS):
        return own
    return own & (Q(team_id__in=viewer.teams(*PLANNERS)) | Q(unit__in=kept_units(viewer)))


def own_duties(viewer: Viewer) -> Q:
    """What she is on, whatever became of her team, and what she is asked for: not by a team that
    she has left since."""
    assert viewer.person_id is not None, "it is a person who reads"
    own = DutyPerson.objects.filter(person_id=viewer.person_id)
    for team, left in left_teams(viewer).items():
        since = Q(asked_at__gte=left)
        own = own.filter(ON | since | ~Q(duty__team_id=team) | Q(duty__team__isnull=True))
    return Q(pk__in=own.values("duty_id"))


def duties_kept_from(viewer: Viewer, rows: models.QuerySet[Duty]) -> models.QuerySet[Duty]:
    """Of these duties those that somebody is on from whom the viewer is kept away."""
    assert viewer.person_id is not None, "it is a person who is kept away"
    theirs = DutyPerson.objects.filter(ON, person_id__in=viewer.apart).values("duty_id")
    own = DutyPerson.objects.filter(person_id=viewer.person_id).values("duty_id")
    found = rows.filter(pk__in=theirs).exclude(pk__in=own)
    return found.exclude(planned_by_id__isnull=False, planned_by_id=viewer.person_id)


def planners_ever(duty: Duty) -> set[uuid.UUID | None]:
    """Whoever plans the duty now, or set its time before it passed on. No viewer: it decides who is
    a second person. One query."""
    frames = DutyDecision.objects.filter(duty=duty, kind="FRAME")
    return {duty.planned_by_id, *frames.values_list("by_id", flat=True)}


def is_excused_by(row_id: uuid.UUID, by: uuid.UUID) -> bool:
    """Whether somebody takes her off a duty for a reason that is said, and neither planned it nor
    put her on it; or she has said so herself. No viewer: it decides whether she is looked for. Two
    queries."""
    row = DutyPerson.objects.filter(pk=row_id).select_related("duty").first()
    if row is None:
        return False
    if by == row.person_id or row.stood_down_by_id == row.person_id:
        return True
    why = row.duty.cancelled_why or row.stood_down_why
    plans = by in {*planners_ever(row.duty), row.picked_by_id, row.asked_by_id}
    return bool(why) and why != StoodDown.OTHER and not plans


def may_plan(viewer: Viewer, whose: Whose) -> bool:
    """Whether the viewer plans duties of this team or special unit (who keeps it does), or of
    everybody where there is none."""
    if whose.unit_id is not None:
        return kept_units(viewer).filter(unit=whose.unit_id).exists()
    team_id = whose.team_id
    return viewer.is_station or viewer.has_for(team_id, *PLANNERS)
