"""What was learned, on a mission's page and in a plan: offered, to be decided, and what holds."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook.rules import Refused
from homeby.missions.actions import lessons as actions
from homeby.missions.queries import lessons as queries
from homeby.missions.queries.sheets import Sheet
from homeby.missions.rules import MemberState, MissionState
from homeby.web.door import Door, tap_of
from homeby.web.phone import coordinates
from homeby.web.phone.planning import Planning

_BEFORE = (MissionState.PLANNED, MissionState.OUT)


def on_mission(door: Door, sheet: Sheet) -> dict[str, Any]:
    """What was offered here and what holds for the place, before the return. At most three
    queries."""
    row, viewer = sheet.mission, door.viewer
    decides = queries.may_decide(viewer, row)
    return {
        "may_offer": any(
            one.person_id == viewer.person_id and one.state == MemberState.BACK
            for one in sheet.party
        ),
        "offered": [
            {
                "id": one.pk,
                "by": one.person.shown_as,
                "text": one.text,
                "at": one.offered_at,
                "is_decided": one.decided_at is not None,
                "is_shared": one.shared_id is not None,
                "may_decide": decides and one.decided_at is None,
                "may_share": row.state == MissionState.BACK,
            }
            for one in queries.lessons_on(viewer, row)
        ],
        "of_place": of_place(door, place=row.place, latitude=row.latitude, longitude=row.longitude)
        if row.state in _BEFORE
        else [],
    }


def of_place(
    door: Door, *, place: str, latitude: float | None, longitude: float | None
) -> list[dict[str, Any]]:
    """What whoever goes there should know. One query."""
    may_end = queries.may_end(door.viewer)
    found = queries.lessons_at(door.viewer, place=place, latitude=latitude, longitude=longitude)
    return [
        {
            "id": one.pk,
            "text": one.text,
            "since": one.shared_at.astimezone(instants.zone_info(door.zone)).year,
            "may_end": may_end,
        }
        for one in found
    ]


def of_plan(made: Planning) -> list[dict[str, Any]]:
    """The same for what stands in a plan's form. At most one query."""
    typed = {name: str(made.form[name].value() or "") for name in ("where", "coordinates")}
    try:
        at = coordinates.parse(typed["coordinates"])
    except coordinates.BadCoordinates:
        at = None  # the field says it
    latitude, longitude = at or (None, None)
    return of_place(made.door, place=typed["where"], latitude=latitude, longitude=longitude)


def offer(door: Door, sheet: Sheet) -> str:
    """Offer what was typed."""
    return actions.offer_lesson(
        mission_id=sheet.mission.pk,
        text=door.request.POST.get("text", ""),
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


def share(door: Door, _sheet: Sheet) -> str:
    """Share it in the words that stand in the field; none are no decision."""
    text = door.request.POST.get("text", "")
    if not text.strip():
        raise Refused(_("Write the words that are shared, or press “Do not share it”."))
    return _decide(door, text)


def keep(door: Door, _sheet: Sheet) -> str:
    """Do not share it."""
    return _decide(door, "")


def _decide(door: Door, text: str) -> str:
    return actions.decide_lesson(
        lesson_id=_key(door), text=text, by=door.viewer, now=door.now, tap=tap_of(door.request)
    )


def end(door: Door, _sheet: Sheet) -> str:
    """It holds no more."""
    return actions.end_lesson(
        lesson_id=_key(door), by=door.viewer, now=door.now, tap=tap_of(door.request)
    )


def _key(door: Door) -> uuid.UUID:
    try:
        return uuid.UUID(door.request.POST.get("lesson", ""))
    except ValueError:
        raise Refused(_("This lesson is not here any more.")) from None
