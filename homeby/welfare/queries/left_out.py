"""Signals that somebody is left out, for her, and for whoever looks after the concern that came of
one. Nobody else, and no state of anybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.people.rules import Viewer
from homeby.welfare.models import (
    Concern,
    ConcernNote,
    FollowUp,
    LeftOutSignal,
    SearchLook,
    TakenIn,
    TeamBase,
    TeamState,
    WelfareCheck,
)
from homeby.welfare.queries.concerns import officer_concerns


def visible_signals(viewer: Viewer | None) -> models.QuerySet[LeftOutSignal]:
    """Her own, and those behind concerns that the viewer looks after."""
    found = Q(concern__in=officer_concerns(viewer))
    if viewer is not None and viewer.person_id is not None:
        found |= Q(person_id=viewer.person_id)
    return LeftOutSignal.objects.filter(found)


def _of_the_station(table: type[models.Model]) -> Callable[..., Any]:
    """What is held of a team is shown to nobody: it would put people in an order."""

    def visible(viewer: Viewer | None) -> models.QuerySet[Any]:
        rows = table._default_manager.all()
        return rows if viewer is not None and viewer.is_station else rows.none()

    return visible


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    LeftOutSignal: visible_signals,
    **{table: _of_the_station(table) for table in (TeamState, TeamBase, TakenIn, SearchLook)},
}


def some_older_than(before: dt.datetime) -> bool:
    """Whether a signal whose concern ended before an instant still says by which decision it came.
    No viewer: it decides whether there is anything to erase. One query."""
    return LeftOutSignal.objects.filter(concern__ended_at__lt=before).exclude(key="").exists()


def _young(before: dt.datetime) -> models.QuerySet[Concern]:
    asked_again = FollowUp.objects.filter(done_at__isnull=True).values("concern")
    young = Q(ended_at__isnull=True) | Q(ended_at__gte=before) | Q(pk__in=asked_again)
    return Concern.objects.filter(young)


def young_concerns(before: dt.datetime) -> set[str]:
    """Ids of the concerns that were not over before an instant, or of which somebody asks again.
    No viewer: nothing that was said of them is erased. One query."""
    return {str(key) for key in _young(before).values_list("pk", flat=True)}


def some_said_before(before: dt.datetime) -> bool:
    """Whether words are still kept of a concern that is over since before an instant, or how she
    was found. No viewer: as `some_older_than`. Two queries at most."""
    young = _young(before).values("pk")
    rows = ConcernNote.objects.filter(concern__ended_at__lt=before).exclude(concern__in=young)
    checks = WelfareCheck.objects.filter(concern__ended_at__lt=before).exclude(concern__in=young)
    return rows.exclude(sealed=None, step="").exists() or checks.exclude(how="").exists()
