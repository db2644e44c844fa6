"""Ranks, and who has which."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from homeby.people.models import Person, Rank
from homeby.people.queries import visible_ranks
from homeby.people.rules import Viewer


def ranks(viewer: Viewer | None, *, ended: bool = False) -> list[Rank]:
    """The ranks of the organisation, highest first; with `ended` every one. One query."""
    found = visible_ranks(viewer).order_by("place", "name")
    return list(found if ended else found.filter(ended_at__isnull=True))


def beside(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What stands beside the callsigns of these people; nobody without a rank. One query."""
    rows = Person.objects.filter(pk__in=set(person_ids), rank__isnull=False)
    return {row.pk: str(row.rank) for row in rows.select_related("rank")}
