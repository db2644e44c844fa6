"""Who looks, with all that is kept from them of duties, too."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

from homeby.missions.queries import who as of_missions
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import Duty, DutyPerson
from homeby.readiness.queries.duties import visible_duties
from homeby.watch.queries.by_subject import refs_about


def viewer_for(person_id: uuid.UUID, *, now: dt.datetime) -> Viewer:
    """The viewer that a logged-in person is now. Whoever has a part in the watch or the office is
    told nothing of duties of secret units that are not for her. One query more than for missions,
    up to six where there are such duties."""
    viewer = of_missions.viewer_for(person_id, now=now)
    secret = Duty.objects.filter(unit__is_secret=True)
    if not (viewer.keeps_watch or viewer.has(Role.ADMINISTRATOR)) or not secret.exists():
        return viewer
    closed = list(secret.exclude(pk__in=visible_duties(viewer)).values_list("pk", flat=True))
    starts = DutyPerson.objects.filter(duty__in=closed).values_list("pk", flat=True)
    refs = refs_about(f"duty:{key}" for key in [*closed, *starts])
    return replace(viewer, closed_refs=viewer.closed_refs | frozenset(refs))
