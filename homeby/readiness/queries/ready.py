"""Whether somebody is ready, for whoever decides on an examination or a place in a unit: what
speaks against a duty now, how tired she may be, how much there was of late. Health is in it as "not
before" alone; whoever does not read how she rests is told to ask her."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from homeby.people.rules import Viewer
from homeby.readiness.queries import days
from homeby.readiness.queries import rest as resting
from homeby.readiness.queries.rest_known import known_of
from homeby.readiness.queries.rest_read import open_to
from homeby.readiness.rules.recent_load import said_of_late
from homeby.sentences import gettext as _


def ready(
    viewer: Viewer, person_ids: Collection[uuid.UUID], *, now: dt.datetime
) -> dict[uuid.UUID, list[str]]:
    """What the viewer may know of how ready each of these people is, in sentences. A fixed number
    of queries."""
    seen = resting.for_planners(viewer, person_ids, now=now)
    known = known_of(list(seen), now=now)
    known |= open_to(viewer, known)
    found = {}
    for key in person_ids:
        if key not in seen:
            found[key] = [_("How she rests is for her leaders to read: ask her.")]
            continue
        facts = resting.rest_facts(known[key], zone=days.zone(), now=now)
        spans = resting.duty_spans(facts, now=now)
        free = [] if seen[key].sentences else [_("Nothing speaks against a duty now.")]
        said = [*seen[key].sentences, *free, seen[key].tired, said_of_late(spans, now=now)]
        found[key] = [one for one in said if one]
    return found
