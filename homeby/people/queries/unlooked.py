"""Whose kin were never looked through for somebody who is kept away."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef

from homeby.logbook.queries import visible_entries
from homeby.people import kinds
from homeby.people.models import Kin
from homeby.people.queries.apart import visible_stay_aways
from homeby.people.rules import Viewer


def unlooked(viewer: Viewer | None) -> list[uuid.UUID]:
    """Who named kin that were never looked through, though somebody is kept away for her sake. One
    query."""
    looked = visible_entries(viewer).filter(kind=kinds.KIN_LOOKED_THROUGH)
    kin = Kin.objects.filter(person_id=OuterRef("person_id"))
    rows = visible_stay_aways(viewer).filter(Exists(kin), ended_at__isnull=True)
    rows = rows.exclude(Exists(looked.filter(person_id=OuterRef("person_id"))))
    return list(rows.order_by("person_id").values_list("person_id", flat=True).distinct())
