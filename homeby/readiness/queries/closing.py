"""Of which teams a duty has closed lately, or one that had closed was changed: so that the search
for people who are left out reads these teams alone. For the station alone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Q

from homeby.missions.queries.visible import visible_missions
from homeby.people.rules import STATION, Viewer
from homeby.readiness.models import DutyDecision, MissionDecision
from homeby.readiness.queries.decisions import CLOSES_AFTER
from homeby.readiness.queries.duties import visible_duties


def some_decision_before(before: dt.datetime) -> bool:
    """Whether what a decision saw is still kept of a duty that ended, or of a mission that was
    decided, before an instant. No viewer: it says whether anything is to be erased. Two queries."""
    return (
        DutyDecision.objects.filter(duty__ends_at__lt=before).exclude(facts={}).exists()
        or MissionDecision.objects.filter(at__lt=before).exclude(facts={}).exists()
    )


def decided_and_not_over(before: dt.datetime) -> set[str]:
    """Ids of the missions that were decided before an instant and not over by then. No viewer: as
    above. One query."""
    decided = MissionDecision.objects.filter(at__lt=before).exclude(facts={})
    rows = visible_missions(STATION).filter(pk__in=decided.values("mission_id"))
    rows = rows.filter(Q(back_at__isnull=True) | Q(back_at__gte=before))
    return {str(key) for key in rows.values_list("pk", flat=True)}


def teams_of_closed_duties(
    viewer: Viewer | None,
    *,
    after: dt.datetime,
    until: dt.datetime,
    touched: Collection[uuid.UUID] = (),
) -> set[uuid.UUID]:
    """The teams of which a duty closed after an instant until another, or of which one of those
    that were touched had closed by then. One query."""
    if viewer is None or not viewer.is_station:
        return set()
    ended = Q(ends_at__gt=after - CLOSES_AFTER, ends_at__lte=until - CLOSES_AFTER)
    ended |= Q(pk__in=touched, ends_at__lte=until - CLOSES_AFTER)
    rows = visible_duties(viewer).filter(ended, team__isnull=False)
    return set(rows.order_by().values_list("team_id", flat=True).distinct())
