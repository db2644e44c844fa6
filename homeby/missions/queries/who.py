"""Who looks, with all that is kept from them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

from homeby.missions.models import BrokenGlass, PartyMember
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.watch.queries.by_subject import refs_about, refs_of_acts


def viewer_for(person_id: uuid.UUID, *, now: dt.datetime) -> Viewer:
    """The viewer that a logged-in person is now. Whoever is kept away from somebody is told nothing
    of the missions these were on, nor of the acts that are waited for about them, nor of the alarms
    about them, nor of a glass that was broken over them. Three queries, and four more for those
    few."""
    viewer = people.viewer_for(person_id, now=now)
    if not viewer.apart:
        return viewer
    theirs = PartyMember.objects.filter(person_id__in=viewer.apart)
    own = PartyMember.objects.filter(person_id=person_id).values("mission")
    ids = list(theirs.exclude(mission__in=own).values_list("mission_id", flat=True).distinct())
    acts = refs_of_acts(viewer.apart)
    refs = refs_about([*(f"mission:{key}" for key in ids), *acts])
    broken = BrokenGlass.objects.filter(mission_id__in=ids).values_list("pk", flat=True)
    return replace(viewer, apart_refs=frozenset([*refs, *(f"glass:{key}" for key in broken)]))
