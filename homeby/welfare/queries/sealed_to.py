"""To whose keys what somebody says at the door is sealed, and who of them may open it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from homeby.missions.queries import sealed
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.welfare.queries.concerns import officers_outside
from homeby.welfare.rules.concerns import OF_BOTH, ConcernKind


def is_offered(viewer: Viewer, *, now: dt.datetime) -> bool:
    """Whether sealing is offered at all: there is an archive key, and some welfare officer has one.
    It tells nothing of anybody's teams. Three queries."""
    officers = people.holders(Role.WELFARE_OFFICER, now=now)
    keys = sealed.visible_reader_keys(viewer).filter(person_id__in=officers, ended_at__isnull=True)
    return sealed.archive_key(viewer) is not None and keys.exists()


def keys_for(
    viewer: Viewer,
    *,
    kind: ConcernKind,
    person_id: uuid.UUID,
    team_id: uuid.UUID | None,
    not_to: Collection[uuid.UUID],
    now: dt.datetime,
) -> list[Any]:
    """The reader keys (rows, by their age) to which this is sealed; none where nobody who would
    read it has one. Of what is said of somebody else they follow from teams alone, not from whom
    she is kept away from, which they would tell: the station hands such an officer nothing."""
    what: dict[str, Any] = {"now": now, "kind": kind, "not_to": not_to}
    would_read = officers_outside(person_id, team_id, **what)
    to = would_read
    if kind in OF_BOTH:
        to = officers_outside(person_id, team_id, **what, though_apart=True)
    rows = sealed.visible_reader_keys(viewer).filter(ended_at__isnull=True)
    if not rows.filter(person_id__in=would_read).exists():
        return []
    return list(rows.filter(person_id__in=to).order_by("made_at", "pk"))


def keys_among(viewer: Viewer, publics: Sequence[str]) -> list[Any]:
    """The rows of these keys, ended ones too, as far as the viewer may know of them. One query."""
    return list(sealed.visible_reader_keys(viewer).filter(public__in=publics).order_by("made_at"))
