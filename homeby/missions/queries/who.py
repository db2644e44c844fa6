"""Who looks, with all that is kept from them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from functools import partial

from django.db.models import QuerySet

from homeby.database.asked import Asked
from homeby.database.references import Away, RefsOf
from homeby.missions.models import BrokenGlass, Mission, MissionUnit, PartyMember
from homeby.missions.queries.glass import untold_refs
from homeby.missions.queries.visible import closed_missions, visible_missions
from homeby.missions.rules import MissionState
from homeby.people import queries as people
from homeby.people.queries.apart import kept_since
from homeby.people.rules import Role, Viewer
from homeby.watch.queries.by_subject import refs_about, refs_around, refs_of_acts
from homeby.watch.queries.duress import silent_refs
from homeby.watch.queries.told import came_to
from homeby.watch.rules.duress import about_of


def viewer_for(person_id: uuid.UUID, *, now: dt.datetime) -> Viewer:
    """The viewer that a logged-in person is now. Whoever is kept away from somebody is told nothing
    of the missions these were on, nor of the acts that are waited for about them, nor of the alarms
    about them, nor of a glass that was broken over them; but for a mission about which an open
    alarm came to her, for nobody else was left, while it is open. Three queries, two more for
    whoever has a part in the watch or the office, and up to nine more for those few."""
    viewer = people.viewer_for(person_id, now=now)
    if viewer.keeps_watch or viewer.has(Role.ADMINISTRATOR):
        viewer = replace(viewer, silent=(*silent_refs(viewer), *untold_refs(viewer)))
        viewer = _but_secret(viewer)
    if not viewer.apart:
        return viewer
    theirs = PartyMember.objects.filter(person_id__in=viewer.apart)
    own = PartyMember.objects.filter(person_id=person_id).values("mission")
    keys = theirs.exclude(mission__in=own).values("mission")
    apart, missions = viewer.apart, Mission.objects.filter(pk__in=keys)
    last_resort, open_refs = _last_resort(viewer)
    away = Away(find=lambda: (*refs_about(refs_of_acts(apart)), *_refs_of(missions)), but=open_refs)
    return replace(viewer, apart_refs=away, last_resort=last_resort)


def _refs_of(missions: QuerySet[Mission]) -> list[RefsOf]:
    """By which references logbook and outbox know these missions, and what is about them: as
    questions, for there may be many."""
    broken = BrokenGlass.objects.filter(mission__in=missions.values("pk"))
    return [*refs_around(RefsOf("mission", missions)), RefsOf("glass", broken)]


def has_secret_units() -> bool:
    """Whether something was ever planned for a secret unit. No viewer: it decides what is kept from
    one. One query."""
    return _ANY_SECRET.any()


_ANY_SECRET = Asked(lambda: MissionUnit.objects.filter(is_secret=True).values_list("pk")[:1])


def _but_secret(viewer: Viewer) -> Viewer:
    """With what is kept from the viewer of missions of secret units. One query where there are
    none."""
    if sees_secret(viewer) or not has_secret_units():
        return viewer
    came = {_mission_of(ref) for ref, _at in came_to(viewer).values()}
    viewer = replace(viewer, alarmed=frozenset(key for key in came if key is not None))
    known = visible_missions(viewer).filter(unit__is_secret=True, state=MissionState.OUT)
    shares_all = viewer.has(Role.DUTY_OFFICER) or not known.exists()
    closed = Away(find=partial(_closed_refs, viewer))
    return replace(viewer, closed_refs=closed, shares_all=shares_all)


def _closed_refs(viewer: Viewer) -> list[RefsOf]:
    return _refs_of(closed_missions(viewer))


def sees_secret(viewer: Viewer) -> bool:
    """Whether nothing of secret units is kept from the viewer for being secret."""
    return viewer.has(Role.DUTY_OFFICER) and not viewer.apart


def _last_resort(viewer: Viewer) -> tuple[frozenset[uuid.UUID], frozenset[str]]:
    """The missions about which an open alarm came to the viewer although she is kept away from
    somebody of the party: she has it, or was told of it after that was filed, which is done where
    nobody else is left. And the references of what she sees of them: these missions and alarms, and
    no silent alarm beside them that did not come to her. Up to four queries."""
    come = came_to(viewer)
    keys = {key for ref, _at in come.values() if (key := _mission_of(ref)) is not None}
    if not keys:
        return frozenset(), frozenset()
    party: dict[uuid.UUID, set[uuid.UUID]] = {}
    theirs = PartyMember.objects.filter(mission_id__in=keys, person_id__in=viewer.apart)
    for mission_id, person_id in theirs.values_list("mission_id", "person_id"):
        party.setdefault(mission_id, set()).add(person_id)
    since = kept_since(viewer)
    missions: set[uuid.UUID] = set()
    refs: set[str] = set()
    for alarm, (ref, told_at) in come.items():
        key = _mission_of(ref)
        if key not in party or key is None:
            continue
        if told_at is None or all(told_at > since[one] for one in party[key]):
            missions.add(key)
            refs |= {alarm, ref, about_of(ref)}
    return frozenset(missions), frozenset(refs)


def _mission_of(ref: str) -> uuid.UUID | None:
    room, _sep, key = about_of(ref).partition(":")
    return uuid.UUID(key) if room == "mission" else None
