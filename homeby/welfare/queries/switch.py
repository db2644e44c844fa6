"""Whether the search for people who are left out is on, and what somebody wants not to be said
about herself."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F

from homeby.people.rules import Viewer
from homeby.welfare.models import NotAbout, SearchPeriod
from homeby.welfare.rules.switch import Period, Span, Unasked


def visible_periods(viewer: Viewer | None) -> models.QuerySet[SearchPeriod]:
    """Whoever is known may read whether it is on, since when, and what it promises."""
    known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
    return SearchPeriod.objects.all() if known else SearchPeriod.objects.none()


def visible_not_about(viewer: Viewer | None) -> models.QuerySet[NotAbout]:
    """Her own alone."""
    if viewer is not None and viewer.is_station:
        return NotAbout.objects.all()
    if viewer is None or viewer.person_id is None:
        return NotAbout.objects.none()
    return NotAbout.objects.filter(person_id=viewer.person_id)


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    SearchPeriod: visible_periods,
    NotAbout: visible_not_about,
}


@dataclass(frozen=True, kw_only=True)
class Search:
    """Whether it is on; since when without a break; and its promise: at most one false signal in so
    many years of one member (None where it never was on)."""

    is_on: bool
    since: dt.datetime | None = None
    one_in_years: int | None = None


def search(viewer: Viewer | None) -> Search:
    """As it stands. One query."""
    several = periods(viewer)
    if not several or several[-1].to_at is not None:
        return Search(is_on=False, one_in_years=several[-1].one_in_years if several else None)
    since = several[-1].from_at
    for one in reversed(several):
        if one.to_at is None or one.to_at == since:
            since = one.from_at
    return Search(is_on=True, since=since, one_in_years=several[-1].one_in_years)


def periods(viewer: Viewer | None) -> list[Period]:
    """Since when it was on, with which promise, until when; the first first. One that ended as it
    began is none. One query."""
    rows = visible_periods(viewer).exclude(to_at=F("from_at")).order_by("from_at")
    return [
        Period(id=row.pk, from_at=row.from_at, to_at=row.to_at, one_in_years=row.one_in_years)
        for row in rows
    ]


def not_about_me(viewer: Viewer | None) -> frozenset[Unasked]:
    """What she wants not to be said about herself unasked, as it stands. One query."""
    if viewer is None or viewer.person_id is None:
        return frozenset()
    rows = visible_not_about(viewer).filter(to_at__isnull=True)
    return frozenset(Unasked(one) for one in rows.values_list("said", flat=True))


def times_not_about(
    viewer: Viewer | None, people: Iterable[uuid.UUID], *, said: Unasked
) -> dict[uuid.UUID, list[Span]]:
    """Of whom this was not to be said when. One query."""
    rows = visible_not_about(viewer).filter(person_id__in=set(people), said=said)
    found: dict[uuid.UUID, list[Span]] = {}
    for person, from_at, to_at in rows.order_by("from_at").values_list(
        "person_id", "from_at", "to_at"
    ):
        found.setdefault(person, []).append((from_at, to_at))
    return found
