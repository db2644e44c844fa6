"""Who looked at me: each look by day, and a picture of thirty days (promise P15)."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render

from homeby import instants
from homeby.logbook import looks
from homeby.logbook.looks import Looks
from homeby.missions.queries import looked
from homeby.people import queries as people
from homeby.people.queries.retention import days_kept
from homeby.people.rules import Viewer
from homeby.people.rules_callsigns import ERASED_NAME
from homeby.people.rules_private import Lasting
from homeby.web.door import Door, page
from homeby.web.office import look_words

DAYS = 30
#: What the picture is drawn in: 30 bars of 20, 100 high.
_BAR, _HIGH = 20, 100


@page()
def my_looks(door: Door) -> HttpResponse:
    """Thirty days up to the one that the address names (`?until=2026-11-20`), else up to today."""
    place = instants.zone_info(door.zone)
    today = door.now.astimezone(place).date()
    until = _day(door.request.GET.get("until", ""), today)
    since = until - dt.timedelta(days=DAYS - 1)
    begin = dt.datetime.combine(since, dt.time(), place)
    end = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), place)
    found, named = _looks(door, begin, end)
    context = {
        "days": _days(door.viewer, found, named, place),
        "bars": bars(found, since),
        "since": instants.day(since),
        "until": instants.day(until),
        "older": since - dt.timedelta(days=1),
        "kept": days_kept(door.viewer)[Lasting.LOOKS],
        "emptied": looks.were_emptied(since=begin, until=end),
        "newer": min(today, until + dt.timedelta(days=DAYS)) if until < today else None,
    }
    return render(door.request, "account/looks.html", context)


def _day(text: str, today: dt.date) -> dt.date:
    """The day of an address; one that cannot be is today."""
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return today
    return max(min(found, today), dt.date(2000, 1, 31))


def _looks(
    door: Door, begin: dt.datetime, end: dt.datetime
) -> tuple[list[Looks], Mapping[str, str]]:
    viewer = door.viewer
    assert viewer.person_id is not None, "the page needs a log-in"
    outings = looked.outings_of(viewer, viewer.person_id, since=begin, until=end)
    hers = looked.hers_of(viewer, outings)
    place = instants.zone_info(door.zone)
    return looks.at_me(viewer, hers, since=begin, until=end, zone=place), outings.named


def _days(
    viewer: Viewer, found: list[Looks], named: Mapping[str, str], place: ZoneInfo
) -> list[dict[str, Any]]:
    names: Mapping[uuid.UUID, str] = people.names({one.viewer_id for one in found}, to=viewer)
    return [
        {
            "day": instants.day(day),
            "looks": [
                {
                    "who": names.get(one.viewer_id, ERASED_NAME),
                    "what": look_words.what_of(one.kind, one.what, named),
                    "why": look_words.why_of(one.viewed_as, one.why),
                    "count": one.count,
                    "first": one.first_at.astimezone(place).strftime("%H:%M"),
                    "last": one.last_at.astimezone(place).strftime("%H:%M"),
                    "is_list": one.is_list,
                }
                for one in group
            ],
        }
        for day, group in itertools.groupby(found, key=lambda one: one.day)
    ]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One day of the picture: where it stands, and how high its two parts are."""

    x: int
    day: str
    own: int
    lists: int
    own_y: int
    own_height: int
    lists_y: int
    lists_height: int


def bars(found: list[Looks], since: dt.date) -> list[Bar]:
    """A bar for each day; the highest fills the picture. Below: looks at her and her party; above:
    lists on which she stood."""
    days = [since + dt.timedelta(days=number) for number in range(DAYS)]
    own = dict.fromkeys(days, 0)
    listed = dict.fromkeys(days, 0)
    for one in found:
        (listed if one.is_list else own)[one.day] += one.count
    most = max([own[day] + listed[day] for day in days] + [1])
    made = []
    for number, day in enumerate(days):
        low, high = _height(own[day], most), _height(listed[day], most)
        made.append(
            Bar(
                x=number * _BAR,
                day=instants.day(day),
                own=own[day],
                lists=listed[day],
                own_y=_HIGH - low,
                own_height=low,
                lists_y=_HIGH - low - high,
                lists_height=high,
            )
        )
    return made


def _height(count: int, most: int) -> int:
    """At least three where there is anything; two parts together never higher than the picture."""
    return max(3, count * (_HIGH - 6) // most) if count else 0
