"""The organisation's rules of retention, and whose contact points have outlived them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from homeby.logbook.looks import left_before
from homeby.logbook.queries import visible_entries
from homeby.people import kinds
from homeby.people.models import Person, PersonKey, Retention
from homeby.people.rules import PERSON_CHANGED, Viewer
from homeby.people.rules_private import Lasting


def visible_retention(viewer: Viewer | None) -> models.QuerySet[Retention]:
    """Whoever is known may read how long what is kept of her."""
    known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
    return Retention.objects.all() if known else Retention.objects.none()


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {Retention: visible_retention}


def days_kept(viewer: Viewer | None) -> dict[Lasting, int | None]:
    """For how many days each kind of data is kept; None: for ever. One query."""
    found = {Lasting(row.lasting): row.days for row in visible_retention(viewer)}
    return {one: found.get(one) for one in Lasting}


@dataclass(frozen=True, kw_only=True)
class Applied:
    """When the rules were last applied and when that last failed, None for never; since when there
    has been a rule, None where there is none."""

    done_at: dt.datetime | None
    failed_at: dt.datetime | None
    since_at: dt.datetime | None


def applied(viewer: Viewer | None) -> Applied:
    """What became of the rules, for whoever may read entries of the office. Four queries."""
    entries = visible_entries(viewer).filter(subject="retention")

    def last(kind: str) -> dt.datetime | None:
        rows = entries.filter(kind=kind).order_by("-number")
        return rows.values_list("recorded_at", flat=True).first()

    is_set = any(days is not None for days in days_kept(viewer).values())
    return Applied(
        done_at=last(kinds.RETENTION_APPLIED),
        failed_at=last(kinds.RETENTION_FAILED),
        since_at=last(kinds.RETENTION_SET) if is_set else None,
    )


def left_and_kept(*, before: dt.datetime) -> list[uuid.UUID]:
    """People who left before an instant and whose key still opens something. Two queries."""
    sealed = PersonKey.objects.filter(person=OuterRef("pk"), wrapped__isnull=False)
    gone = Person.objects.filter(Exists(sealed), is_active=False)
    keys = list(gone.order_by("pk").values_list("pk", flat=True))
    return left_before(keys, kind=PERSON_CHANGED, before=before)
