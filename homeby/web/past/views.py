"""A mission, the board, a person at a past moment: as known then, or as it was by what is known."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from homeby.logbook import queries as logbook
from homeby.logbook.rules import Line
from homeby.logbook.then import Moment
from homeby.missions import queries as missions
from homeby.missions.queries import then
from homeby.missions.queries.looked import note_list
from homeby.people.queries import then as people_then
from homeby.web import timeline, words
from homeby.web.choosing import WATCHERS
from homeby.web.context import OFFICE_ROLES
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


#: So many of the newest lines about a person.
LINES_MOST = 500


@page(*OFFICE_ROLES)
def person_then(door: Door, person_id: uuid.UUID) -> HttpResponse:
    """One person or unit at a past moment."""
    if not people_then.may_look_back_at(door.viewer, person_id):
        raise Http404
    subjects = [f"person:{person_id}"]
    lines = logbook.lines(door.viewer, subjects=subjects, limit=LINES_MOST)
    moment = asked(door, door.zone, changes=[one.recorded_at for one in lines])
    found = people_then.person_then(door.viewer, person_id, moment.moment)
    told, later = _recorded(lines, moment.moment)
    context: dict[str, Any] = {
        "person_id": person_id,
        "moment": moment.context([(one.recorded_at, one.label) for one in lines], now=door.now),
        "person": None,
        "entries": timeline.entries(door.viewer, told, zone=door.zone, now=door.now),
        "later": timeline.entries(door.viewer, later, zone=door.zone, now=door.now),
    }
    if found is not None:
        held = [(words.word(words.ROLES, one.role), one) for one in found.roles]
        reached = found.contacts
        context |= {
            "person": {
                "label": found.shown_as,
                "is_active": found.is_active,
                "is_gone": found.is_gone,
            },
            "roles": [
                {"label": label, "team": one.team, "from_at": one.from_at} for label, one in held
            ],
            "teams": found.teams,
            "contacts": None
            if reached is None
            else [
                {"channel": words.word(words.CHANNELS, name), "verified": verified}
                for name, verified in reached
            ],
        }
    return render(door.request, "past/person.html", context)
