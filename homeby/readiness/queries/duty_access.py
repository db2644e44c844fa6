"""By what somebody sees a duty beside its team: she plans it, is on it, or is asked for it."""

from __future__ import annotations

from django.db.models import Q

from homeby.people.queries.in_teams import left_teams
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import DutyPerson

#: Who plans duties, for the whole organisation or for a team.
PLANNERS = (Role.LEADER, Role.DUTY_OFFICER)
ON = Q(picked_at__isnull=False, stood_down_at__isnull=True)


def planned_herself(viewer: Viewer) -> Q:
    """What she has planned, as long as she still plans: for that team, or for everybody."""
    own = Q(planned_by_id=viewer.person_id)
    if viewer.has(*PLANNERS):
        return own
    return own & Q(team_id__in=viewer.teams(*PLANNERS))


def own_duties(viewer: Viewer) -> Q:
    """What she is on, whatever became of her team, and what she is asked for: not by a team that
    she has left since."""
    assert viewer.person_id is not None, "it is a person who reads"
    own = DutyPerson.objects.filter(person_id=viewer.person_id)
    for team, left in left_teams(viewer).items():
        since = Q(asked_at__gte=left)
        own = own.filter(ON | since | ~Q(duty__team_id=team) | Q(duty__team__isnull=True))
    return Q(pk__in=own.values("duty_id"))
