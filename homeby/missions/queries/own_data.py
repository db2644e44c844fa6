"""The missions and parties that the viewer herself was on, for her archive."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from homeby.logbook.rules import plain
from homeby.missions.models import Extension, FirstReport, Lesson, Mission, PartyMember
from homeby.missions.queries import home
from homeby.missions.queries.sealed import visible_debriefs
from homeby.missions.rules import ExtensionState
from homeby.missions.rules.fading import area, is_faded
from homeby.people.rules import Viewer

_MISSION = (
    *("id", "state", "what", "place", "zone", "leader_id", "is_solo"),
    *(
        "sets_out_at",
        "due_at",
        "due_typed",
        "call_out_at",
        "check_in_minutes",
        "conditions",
        "vehicle",
        "kit",
    ),
    # Nor when the last of her party came home: her own return stands beside it.
    *("communications", "device", "buddy_id", "out_at"),
)
_OWN = (
    *("state", "description", "acceptance", "acceptance_note", "out_at", "out_how", "out_by_id"),
    *("back_at", "back_how", "back_by_id", "debriefed_at"),
)
_REPORT = (
    *("mission_id", "given_at", "hurt", "urgent", "still_out", "kit_missing", "danger"),
    "given_by_id",
)
_LESSON = ("mission_id", "text", "offered_at")
_SEALED = ("mission_id", "sealed_at", "sha256", "steps")
_EXTENSION = ("mission_id", "due_at", "due_typed", "why", "asked_at", "state", "decided_at")


def own_data(viewer: Viewer | None, *, now: dt.datetime, limit: int) -> dict[str, Any]:
    """The newest of her missions, at most so many, each with what she did on it and who else was of
    the party (ids), her first reports, lessons, sealed debriefs and requests for more time. Like on
    their pages the place of an old one is an area, and nobody stands there whom she is kept away
    from. Up to nine queries."""
    if viewer is None or viewer.person_id is None:
        return {}
    mine = PartyMember.objects.filter(person_id=viewer.person_id).select_related("mission")
    rows = list(mine.order_by("-mission__due_at", "pk")[:limit])
    left = home.own_returns(viewer, [row.mission_id for row in rows])
    for row in rows:
        if row.mission_id in left:
            row.mission = home.as_left(row.mission, row)
    party: dict[Any, list[str]] = {row.mission_id: [] for row in rows}
    others = PartyMember.objects.filter(mission__in=party).exclude(
        person_id__in=viewer.apart | {viewer.person_id}
    )
    for mission_id, person_id in others.values_list("mission_id", "person_id"):
        party[mission_id].append(str(person_id))
    reports = FirstReport.objects.filter(
        Q(person_id=viewer.person_id) | Q(given_by_id=viewer.person_id)
    )
    lessons = Lesson.objects.filter(person_id=viewer.person_id)
    sealed = visible_debriefs(viewer).filter(author_id=viewer.person_id)
    asked = Extension.objects.filter(asked_by_id=viewer.person_id)
    return {
        "missions": [
            {name: plain(getattr(row.mission, name)) for name in _MISSION}
            | _place(row.mission, now)
            | {"own": {name: plain(getattr(row, name)) for name in _OWN}}
            | {"with": sorted(party[row.mission_id])}
            for row in rows
        ],
        "first_reports": [
            plain(row) for row in reports.order_by("given_at", "pk").values(*_REPORT)[:limit]
        ],
        "lessons": [
            plain(row) for row in lessons.order_by("offered_at", "pk").values(*_LESSON)[:limit]
        ],
        "sealed_debriefs": [
            plain(row) for row in sealed.order_by("sealed_at", "pk").values(*_SEALED)[:limit]
        ],
        "more_time": [
            plain(_as_she_left(row, left))
            for row in asked.order_by("asked_at", "pk").values(*_EXTENSION)[:limit]
        ],
    }


def _as_she_left(row: dict[str, Any], left: Mapping[uuid.UUID, PartyMember]) -> dict[str, Any]:
    """A request of hers as it stood when she came home; what became of it since is the others'."""
    own, decided_at = left.get(row["mission_id"]), row["decided_at"]
    if own is None or own.back_at is None or decided_at is None or decided_at <= own.back_at:
        return row
    return row | {"state": ExtensionState.ASKED, "decided_at": None}


def _place(mission: Mission, now: dt.datetime) -> dict[str, Any]:
    at: tuple[float | None, float | None] = (mission.latitude, mission.longitude)
    if not is_faded(back_at=mission.back_at, now=now):
        return {"latitude": at[0], "longitude": at[1], "route_gpx": mission.route_gpx}
    around = area(*at) or (None, None)
    return {"latitude": around[0], "longitude": around[1], "route_gpx": ""}
