"""Who was asked to explain how she plans: for welfare officers who look after the concern, and for
herself as long as an answer is waited for, without a word of what it is for."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.queries.led import teams_of
from homeby.people.rules import Viewer
from homeby.readiness.queries.duty_access import PLANNERS
from homeby.welfare.models import Asked, Concern, ConcernNote
from homeby.welfare.queries.concerns import officer_concerns, visible_notes
from homeby.welfare.rules.concerns import ConcernState


def visible_asked(viewer: Viewer | None) -> models.QuerySet[Asked]:
    """Those of concerns that she looks after, and those that she was asked herself."""
    found = Q(concern__in=officer_concerns(viewer))
    if viewer is not None and viewer.person_id is not None:
        found |= Q(person_id=viewer.person_id)
    return Asked.objects.filter(found)


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {Asked: visible_asked}


@dataclass(frozen=True, kw_only=True)
class Explained:
    """What somebody was asked, and what she says; None: she has not answered yet. `whose`: under
    whose key both are sealed."""

    row: Asked
    whose: uuid.UUID
    question: ConcernNote | None
    answer: ConcernNote | None


def organisers(row: Concern, *, now: dt.datetime) -> list[uuid.UUID]:
    """Who plans for the team of a concern, or for a team of hers where none is named, and so may be
    asked; nobody whom she keeps away from. No viewer: an act judges by it."""
    teams = (
        {row.team_id}
        if row.team_id is not None
        else teams_of([row.person_id]).get(row.person_id, set())
    )
    found = {
        key
        for team in teams
        for role in PLANNERS
        for key in people.holders(role, now=now, team_id=team)
    }
    away = {key for keys in apart_from([row.person_id]).values() for key in keys}
    return sorted(found - away - {row.person_id})


def open_to_me(viewer: Viewer | None) -> list[Explained]:
    """What the viewer was asked and has not answered, the oldest first; nothing once it is over, or
    whom it is about no longer wants anybody asked. Two queries."""
    if viewer is None or viewer.person_id is None:
        return []
    rows = visible_asked(viewer).filter(
        person_id=viewer.person_id,
        answered_at__isnull=True,
        concern__state=ConcernState.OPEN,
        concern__may_ask_at__isnull=False,
    )
    return _with_words(ConcernNote.objects.all(), rows)


def explained(viewer: Viewer | None, concern_id: uuid.UUID) -> list[Explained]:
    """What was asked and answered about a concern, for a welfare officer who looks after it. Three
    queries at most."""
    rows = Asked.objects.filter(
        concern_id=concern_id, concern__in=officer_concerns(viewer).values("pk")
    )
    return _with_words(visible_notes(viewer), rows)


def _with_words(
    notes: models.QuerySet[ConcernNote], rows: models.QuerySet[Asked]
) -> list[Explained]:
    found = list(rows.select_related("concern").order_by("asked_at", "pk"))
    keys = [key for one in found for key in (one.question_id, one.answer_id) if key is not None]
    known = {one.pk: one for one in notes.filter(pk__in=keys)} if keys else {}
    return [
        Explained(
            row=one,
            whose=one.concern.person_id,
            question=known.get(one.question_id),
            answer=known.get(one.answer_id) if one.answer_id is not None else None,
        )
        for one in found
    ]
