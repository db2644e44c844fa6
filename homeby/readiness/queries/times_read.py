"""What people have within a time as one reader may know it: of a duty or mission that is not for
her she reads "not available", as of leave, and neither its hours nor what it is."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import replace

from homeby.missions.queries.visible import visible_missions
from homeby.people.rules import Viewer
from homeby.readiness.queries.duties import visible_duties
from homeby.readiness.queries.times_taken import taken
from homeby.readiness.rules.duty_planning import Against, Taken


def taken_for(
    viewer: Viewer, person_ids: Collection[uuid.UUID], *, begins: dt.datetime, ends: dt.datetime
) -> dict[uuid.UUID, list[Taken]]:
    """The same as `taken`, for this reader; what is not for her takes the whole time. Two queries
    more at most, besides those that ask what she sees."""
    found = taken(person_ids, begins=begins, ends=ends)
    closed = closed_refs(viewer, (one for several in found.values() for one in several))

    def read(one: Taken) -> Taken:
        if one.ref not in closed or one.person_id == viewer.person_id:
            return one
        return replace(one, what=Against.LEAVE, begins=begins, ends=ends, known_at=None)

    return {key: [read(one) for one in several] for key, several in found.items()}


def closed_refs(viewer: Viewer, times: Iterable[Taken]) -> set[str]:
    """Which of these missions and duties the viewer may not see, by their refs. Two queries at
    most, besides those that ask what she sees."""
    keys: dict[Against, set[uuid.UUID]] = {Against.MISSION: set(), Against.DUTY: set()}
    for one in times:
        if one.what in keys:
            keys[one.what].add(uuid.UUID(one.ref.partition(":")[2]))
    closed = closed_to(viewer, keys[Against.MISSION], keys[Against.DUTY])
    return {f"{what.lower()}:{key}" for what, found in keys.items() for key in found & closed}


def closed_to(viewer: Viewer, missions: set[uuid.UUID], duties: set[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these the viewer may not see. Two queries at most, besides those that ask what she
    sees."""
    closed: set[uuid.UUID] = set()
    for wanted, rows in ((missions, visible_missions), (duties, visible_duties)):
        if wanted:
            closed |= wanted - set(rows(viewer).filter(pk__in=wanted).values_list("pk", flat=True))
    return closed
