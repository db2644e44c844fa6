"""Whom a viewer leads or answers for: the people of the teams for which she holds a role."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Q

from homeby.people.models import Membership, Person
from homeby.people.rules import PersonKind, Role, Viewer


def of_role(viewer: Viewer | None, *roles: Role, column: str = "person_id") -> Q:
    """The rows whose person is the viewer, or belongs to a team for which she holds one of these
    roles, everybody where she holds it for the organisation; never whoever she is kept away from.
    `column` names the one of the person."""
    if viewer is None:
        return Q(pk__in=())
    if viewer.is_station:
        return Q()
    if viewer.person_id is None:
        return Q(pk__in=())
    if viewer.has(*roles):
        return ~Q(**{f"{column}__in": viewer.apart}) if viewer.apart else Q()
    found = Q(**{column: viewer.person_id})
    if teams := viewer.teams(*roles):
        members = Membership.objects.filter(team__in=teams, to_at__isnull=True)
        mates = Q(**{f"{column}__in": members.values("person_id")})
        found |= mates & ~Q(**{f"{column}__in": viewer.apart}) if viewer.apart else mates
    return found


def teams_of(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """The teams to which these people belong now. One query."""
    rows = Membership.objects.filter(person_id__in=set(person_ids), to_at__isnull=True)
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for person_id, team_id in rows.values_list("person_id", "team_id"):
        found.setdefault(person_id, set()).add(team_id)
    return found


def of_whom(viewer: Viewer | None, *roles: Role) -> set[uuid.UUID]:
    """The active humans for whom the viewer holds one of these roles, to be counted and not to be
    shown. One query."""
    rows = Person.objects.filter(
        of_role(viewer, *roles, column="pk"), is_active=True, kind=PersonKind.HUMAN
    )
    return set(rows.values_list("pk", flat=True))
