"""What of the missions is the viewer's own, so that she can be shown who looked at it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from homeby.logbook.looks import Span
from homeby.missions.models import Mission, PartyMember
from homeby.missions.queries import visible_missions
from homeby.people.rules import Viewer


@dataclass(frozen=True, kw_only=True)
class Outings:
    """Somebody's missions by their references, what each was, and when she was out."""

    named: dict[str, str] = field(default_factory=dict)
    out: tuple[Span, ...] = ()


def outings_of(
    viewer: Viewer | None, person_id: uuid.UUID, *, since: dt.datetime, until: dt.datetime
) -> Outings:
    """The missions somebody was ever on, as far as the viewer may see them, and when she was out in
    this time. One query."""
    rows = PartyMember.objects.filter(person_id=person_id, mission__in=visible_missions(viewer))
    found = list(rows.values_list("mission_id", "mission__what", "out_at", "back_at"))
    return Outings(
        named={f"mission:{key}": what for key, what, _, _ in found},
        out=tuple(
            (out_at, back_at)
            for _, _, out_at, back_at in found
            if out_at is not None and out_at <= until and (back_at is None or back_at > since)
        ),
    )


def called(viewer: Viewer | None, mission_ids: Iterable[uuid.UUID]) -> dict[str, str]:
    """What these missions are, by reference, as far as the viewer may see them. One query."""
    rows = visible_missions(viewer).filter(Q(pk__in=set(mission_ids)))
    return {f"mission:{key}": what for key, what in rows.values_list("pk", "what")}


def leads(viewer: Viewer, mission_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Whether the viewer leads this mission, and the person is of its party. One query."""
    if viewer.person_id is None:
        return False
    rows = Mission.objects.filter(pk=mission_id, leader_id=viewer.person_id)
    return rows.filter(party__person_id=person_id).exists()
