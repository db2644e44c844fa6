"""Whom a member does not want to hear from. Nobody else sees it, whatever the role."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from homeby.people.models import Block
from homeby.people.rules import Viewer


def visible_blocks(viewer: Viewer | None) -> models.QuerySet[Block]:
    """Her own."""
    if viewer is not None and viewer.is_station:
        return Block.objects.all()
    if viewer is None or viewer.person_id is None:
        return Block.objects.none()
    return Block.objects.filter(person_id=viewer.person_id)


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {Block: visible_blocks}


def blocked_by(viewer: Viewer | None) -> list[tuple[uuid.UUID, str]]:
    """Whom the viewer has blocked: the block's id and their callsign. One query."""
    rows = visible_blocks(viewer).select_related("blocked").order_by("from_at", "pk")
    return [(row.pk, row.blocked.shown_as) for row in rows]


def may_write_to(to: Iterable[uuid.UUID], *, by: uuid.UUID | None) -> list[uuid.UUID]:
    """Those of these people to whom a message of this member goes that is about nobody's safety:
    whoever blocked her is left out, and nothing tells her so. What the station itself sends is
    nobody's. One query."""
    found = list(to)
    if by is None or not found:
        return found
    rows = Block.objects.filter(blocked_id=by, person_id__in=found)
    blocking = set(rows.values_list("person_id", flat=True))
    return [key for key in found if key not in blocking]
