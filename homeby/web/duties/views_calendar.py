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
from homeby.missions.queries.out_times import MissionTime, by_people, mission_times
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


def _touched(
    door: Door, days: list[dt.date], begins: dt.datetime, ends: dt.datetime
) -> list[dt.date]:
    """Those of these days on which it is on; what ends at midnight is not on the day after."""
    zone = instants.zone_info(door.zone)
    first = begins.astimezone(zone).date()
    last = max(first, (ends - dt.timedelta(microseconds=1)).astimezone(zone).date())
    return [day for day in days if first <= day <= last]


def _listed(
    door: Door, days: list[dt.date], begins: dt.datetime, ends: dt.datetime
) -> list[dt.date]:
    """Below which days of a list it stands: a night shift where it begins, what is longer below
    each of its days."""
    touched = _touched(door, days, begins, ends)
    return touched if ends - begins > DAY else touched[:1]


def _by_days(door: Door, days: list[dt.date], team: uuid.UUID | None) -> dict[str, Any]:
    begins, ends = _midnight(door, days[0]), _midnight(door, days[-1] + DAY)
    lines = queries.calendar(door.viewer, begins=begins, ends=ends, team_id=team)
    out = mission_times(door.viewer, begins=begins, ends=ends, now=door.now)
    if out:
        note_list(door.viewer, "calendar")
    today = door.now.astimezone(instants.zone_info(door.zone)).date()
    shown: dict[dt.date, list[dict[str, Any]]] = {day: [] for day in days}
    for line in lines:
        for day in _listed(door, days, line.duty.starts_at, line.duty.ends_at):
            shown[day].append(described(line))
    for one in out:
        if team is None or one.team_id == team:
            for day in _listed(door, days, one.begins or one.ends, one.until):
                shown[day].append(_mission(one))
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


def _mission(one: MissionTime) -> dict[str, Any]:
    return {
        "url": reverse("mission", args=[one.mission_id]),
        "what": one.what,
        "is_mission": True,
        "begins": one.begins,
        "ends": one.ends,
        "is_mine": one.is_mine,
    }


Cells = dict[tuple[uuid.UUID, dt.date], list[dict[str, Any]]]


def _by_people(door: Door, days: list[dt.date], team: uuid.UUID | None) -> dict[str, Any]:
    """A row for each person of a team whom the viewer may see, a cell for each day."""
    keys = team_people(door.viewer, team) if team is not None else []
    cells = _cells(door, days, frozenset(keys))
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


def _cells(door: Door, days: list[dt.date], keys: frozenset[uuid.UUID]) -> Cells:
    """What these people have on each of these days, as far as the viewer may see it."""
    begins, ends = _midnight(door, days[0]), _midnight(door, days[-1] + DAY)
    lines = queries.calendar(door.viewer, begins=begins, ends=ends, cancelled=False)
    there = queries.on_duties(door.viewer, [line.duty.pk for line in lines])
    cells: Cells = {}
    for line in lines:
        for day in _touched(door, days, line.duty.starts_at, line.duty.ends_at):
            for key in keys.intersection(there.get(line.duty.pk, ())):
                cells.setdefault((key, day), []).append(described(line))
    out = mission_times(door.viewer, begins=begins, ends=ends, now=door.now)
    if out:
        note_list(door.viewer, "calendar")
    for key, times in by_people(door.viewer, out).items():
        for one in times if key in keys else ():
            for day in _touched(door, days, one.begins or one.ends, one.until):
                cells.setdefault((key, day), []).append(_mission(one))
    return cells
