"""The calendar: a week or a month by its days, or a team by its people."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from homeby import instants
from homeby.missions.queries.looked import note_list
from homeby.missions.queries.out_times import mission_times
from homeby.people import queries as people
from homeby.people.queries.in_teams import own_teams, team_people
from homeby.readiness.queries import duties as queries
from homeby.readiness.queries.duties import DutyLine
from homeby.readiness.queries.duty_access import PLANNERS
from homeby.web import words
from homeby.web.door import Door, page
from homeby.web.duties.said import KINDS
from homeby.web.office.timed import key_of

DAY = dt.timedelta(days=1)
_SHOWN: words.Words = {
    "week": gettext_lazy("week"),
    "month": gettext_lazy("month"),
    "team": gettext_lazy("team"),
}


@page()
def calendar(door: Door) -> HttpResponse:
    """What is on: duties and missions the viewer may see."""
    shown = door.request.GET.get("show", "week")
    shown = shown if shown in _SHOWN else "week"
    first = _first_day(door, shown)
    days = [first + number * DAY for number in range(_length(shown, first))]
    after = days[-1] + DAY
    before = first - DAY if shown == "month" else first - 7 * DAY
    team = _team(door, is_needed=shown == "team")
    today = door.now.astimezone(instants.zone_info(door.zone)).date()
    context = {
        "choices": [
            {"key": key, "label": label, "current": key == shown} for key, label in _SHOWN.items()
        ],
        "shown": shown,
        "first": first.isoformat(),
        "near": (today if today in days else first).isoformat(),
        "before": (before.replace(day=1) if shown == "month" else before).isoformat(),
        "after": after.isoformat(),
        "from_day": instants.day(days[0]),
        "to_day": instants.day(days[-1]),
        "may_plan": door.viewer.has_somewhere(*PLANNERS),
        "teams": people.team_choices(door.viewer),
        "team": team,
        **(_by_people(door, days, team) if shown == "team" else _by_days(door, days, team)),
    }
    return render(door.request, "duties/calendar.html", context)


def _first_day(door: Door, shown: str) -> dt.date:
    """Monday of the week, or the first of the month, of the day that is asked for, or today."""
    today = door.now.astimezone(instants.zone_info(door.zone)).date()
    try:
        day = dt.date.fromisoformat(door.request.GET.get("from", ""))
    except ValueError:
        day = today
    if not 2000 < day.year < 2200:
        day = today
    return day.replace(day=1) if shown == "month" else day - day.weekday() * DAY


def _length(shown: str, first: dt.date) -> int:
    if shown != "month":
        return 7
    following = (first + 31 * DAY).replace(day=1)
    return (following - first).days


def _team(door: Door, *, is_needed: bool) -> uuid.UUID | None:
    asked = key_of(door.request.GET.get("team", ""))
    if asked is not None or not is_needed:
        return asked
    own = [*own_teams(door.viewer), *(key for key, _name in people.team_choices(door.viewer))]
    return next(iter(own), None)


def _midnight(door: Door, day: dt.date) -> dt.datetime:
    return instants.resolve(dt.datetime.combine(day, dt.time()), door.zone).instant


def _by_days(door: Door, days: list[dt.date], team: uuid.UUID | None) -> dict[str, Any]:
    begins, ends = _midnight(door, days[0]), _midnight(door, days[-1] + DAY)
    lines = queries.calendar(door.viewer, begins=begins, ends=ends, team_id=team)
    out = mission_times(door.viewer, begins=begins, ends=ends)
    if out:
        note_list(door.viewer, "calendar")
    zone = instants.zone_info(door.zone)
    today = door.now.astimezone(zone).date()
    shown: dict[dt.date, list[dict[str, Any]]] = {day: [] for day in days}
    for line in lines:
        first = max(line.duty.starts_at.astimezone(zone).date(), days[0])
        shown[first].append(described(line))
    for one in out:
        if team is None or one.team_id == team:
            day = (one.begins or one.ends).astimezone(zone).date()
            shown[max(min(day, days[-1]), days[0])].append(_mission(one))
    for items in shown.values():
        items.sort(key=lambda one: one["begins"] or one["ends"])
    return {
        "days": [
            {"label": instants.weekday(day), "date": day, "is_today": day == today, "items": items}
            for day, items in shown.items()
            if items or len(days) == 7
        ]
    }


def described(line: DutyLine) -> dict[str, Any]:
    """A duty as a line of a list."""
    return {
        "url": reverse("duty", args=[line.duty.pk]),
        "what": line.duty.what,
        "kind": words.word(KINDS, line.kind),
        "begins": line.duty.starts_at,
        "ends": line.duty.ends_at,
        "team": line.duty.unit.called if line.duty.unit else str(line.duty.team or ""),
        "on": line.on,
        "free": line.free,
        "is_off": line.duty.cancelled_at is not None,
        "is_mine": line.mine is not None and line.mine.is_on,
        "asks_me": line.asks_me,
    }


def _mission(one: Any) -> dict[str, Any]:
    return {
        "url": reverse("mission", args=[one.mission_id]),
        "what": one.what,
        "is_mission": True,
        "begins": one.begins,
        "ends": one.ends,
        "is_mine": one.is_mine,
    }


def _by_people(door: Door, days: list[dt.date], team: uuid.UUID | None) -> dict[str, Any]:
    """A row for each person of a team whom the viewer may see, a cell for each day."""
    begins, ends = _midnight(door, days[0]), _midnight(door, days[-1] + DAY)
    keys = team_people(door.viewer, team) if team is not None else []
    lines = queries.calendar(door.viewer, begins=begins, ends=ends, cancelled=False)
    there = queries.on_duties(door.viewer, [line.duty.pk for line in lines])
    zone = instants.zone_info(door.zone)
    cells: dict[tuple[uuid.UUID, dt.date], list[dict[str, Any]]] = {}
    for line in lines:
        day = max(line.duty.starts_at.astimezone(zone).date(), days[0])
        for key in there.get(line.duty.pk, ()):
            cells.setdefault((key, day), []).append(described(line))
    names = people.names(keys)
    return {
        "columns": [instants.weekday(day) for day in days],
        "rows": [
            {
                "name": names.get(key, "?"),
                "cells": [
                    {"label": instants.weekday(day), "items": cells.get((key, day), [])}
                    for day in days
                ],
            }
            for key in keys
        ],
    }
