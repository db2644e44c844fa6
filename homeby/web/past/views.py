"""A mission, and the board, at a past moment: as known then, or as it was by what is known now."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from homeby.logbook.rules import Line
from homeby.logbook.then import Moment
from homeby.missions import queries as missions
from homeby.missions.queries import then
from homeby.missions.queries.looked import note_list
from homeby.web import timeline
from homeby.web.choosing import WATCHERS
from homeby.web.door import Door, page
from homeby.web.past import shown
from homeby.web.past.asked import asked


def _recorded(lines: list[Line], moment: Moment) -> tuple[list[Line], list[Line]]:
    """The lines that the moment tells; and those of what had happened by then without anybody
    having recorded it yet."""
    told = [
        one
        for one in lines
        if moment.holds(happened_at=one.happened_at, recorded_at=one.recorded_at)
    ]
    later = [
        one for one in lines if one.happened_at <= moment.at < one.recorded_at and one not in told
    ]
    return told, later


@page()
def mission_then(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """One mission at a past moment."""
    today = then.looking_back(door.viewer, [mission_id]).get(mission_id)
    if today is None:
        raise Http404
    lines = missions.timeline(door.viewer, mission_id)
    moment = asked(door, today.zone, changes=[one.recorded_at for one in lines])
    found = then.mission_then(door.viewer, mission_id, moment.moment, now=door.now)
    told, later = _recorded(lines, moment.moment)
    changes = [(one.recorded_at, one.label) for one in lines]

    def said(some: list[Line]) -> list[timeline.Entry]:
        return timeline.entries(door.viewer, some, zone=today.zone, now=door.now)

    context = {
        "mission_id": mission_id,
        "zone": today.zone,
        "moment": moment.context(changes, now=door.now),
        "mission": None if found is None else shown.mission(found, moment.begin, now=door.now),
        "entries": said(told),
        "later": said(later),
    }
    return render(door.request, "past/mission.html", context)


@page(*WATCHERS)
def board_then(door: Door) -> HttpResponse:
    """Who was out at a past moment."""
    note_list(door.viewer, "board")
    moment = asked(door, door.zone)
    found = then.out_then(door.viewer, moment.moment, now=door.now)
    changes = then.changes_near(door.viewer, moment.begin)
    rows = [shown.row(one, moment.begin, now=door.now) for one in found]
    context: dict[str, Any] = {
        "moment": moment.context(changes, now=door.now),
        "rows": rows,
        "heads": sum(row["heads"] for row in rows),
        "hours": int(then.NEAR / dt.timedelta(hours=1)),
    }
    return render(door.request, "past/board.html", context)
