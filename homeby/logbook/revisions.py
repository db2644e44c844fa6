"""How often something was changed: for whoever shows it elsewhere, and must say so (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from homeby.logbook.models import Entry


@dataclass(frozen=True, kw_only=True)
class Revision:
    """An entry that may have changed what somebody reads; `is_own`: it is about herself."""

    kind: str
    is_own: bool
    at: dt.datetime


def revisions(
    refs: Collection[str], *, kinds: Collection[str], person_id: uuid.UUID
) -> dict[str, list[Revision]]:
    """The entries about each of these subjects that are of these kinds, or about this person. They
    are never taken away, so that their number never falls, however a clock is set. No viewer: how
    many and when, and nothing of what they say. One query."""
    wanted = Q(kind__in=kinds) | Q(person_id=person_id)
    rows = Entry.objects.filter(wanted, subject__in=refs).order_by("number")
    found: dict[str, list[Revision]] = {}
    for ref, kind, about, at in rows.values_list("subject", "kind", "person_id", "recorded_at"):
        one = Revision(kind=kind, is_own=about == person_id, at=at)
        found.setdefault(ref, []).append(one)
    return found
