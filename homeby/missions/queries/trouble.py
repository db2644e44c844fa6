"""Trouble that was reported and that nobody has looked into yet."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from homeby.missions.queries import party_title, visible_missions
from homeby.missions.queries.visible import came_home
from homeby.missions.rules import MemberState
from homeby.people.rules import Viewer

#: So many stand on the board by name; the list of missions marks every one.
SHOWN_MAX = 10


@dataclass(frozen=True, kw_only=True)
class OpenTrouble:
    """A mission whose trouble flag is open: who was on it, and the reason they gave last."""

    mission_id: uuid.UUID
    title: str
    reason: str


def open_troubles(viewer: Viewer | None) -> list[OpenTrouble]:
    """The missions with an open trouble flag, the longest open first, at most ten. Two queries."""
    rows = visible_missions(viewer).filter(is_trouble=True, trouble_cleared_at__isnull=True)
    rows = rows.exclude(pk__in=came_home(viewer).values("mission"))  # what others said since
    rows = rows.select_related("delay_reason").prefetch_related("party__person")
    return [
        OpenTrouble(
            mission_id=row.pk,
            title=party_title(
                [m.person.shown_as for m in row.party.all() if m.state != MemberState.STAYED]
            ),
            reason=row.delay_reason.label if row.delay_reason else "",
        )
        for row in rows.order_by("out_at", "pk")[:SHOWN_MAX]
    ]
