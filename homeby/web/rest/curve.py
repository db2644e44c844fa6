"""The curve of the two models as a picture, for the person herself and nobody else."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from homeby import instants
from homeby.people.rules import Viewer
from homeby.readiness.queries import rest as queries
from homeby.readiness.queries.rest_known import known_of
from homeby.readiness.rules.fatigue import KSS_LINE, Point, curve, how_sure

WIDTH, HEIGHT, FOOT = 600, 160, 24
BEFORE, AHEAD = dt.timedelta(hours=36), dt.timedelta(hours=12)
STEP = dt.timedelta(minutes=30)
_LEAST, _MOST = 1.0, 9.0


def own_curve(viewer: Viewer, *, zone: str, now: dt.datetime) -> dict[str, Any] | None:
    """Points of the picture `rest/_curve.html`, and what stands beside it; None where what she told
    of her sleep fits nothing."""
    assert viewer.person_id is not None, "the page needs a log-in"
    known = known_of([viewer.person_id], now=now)[viewer.person_id]
    facts = queries.rest_facts(known, zone=zone, now=now)
    found = queries.sleep_history(known, facts, now=now)
    if found is None:
        return None
    first = now - BEFORE
    points = curve(history=found, zone=zone, first=first, last=now + AHEAD, step=STEP)
    return {
        "width": WIDTH,
        "height": HEIGHT + FOOT,
        "line": _path(points, lambda one: one.kss),
        "band": _band(points),
        "line_y": _y(KSS_LINE),
        "now_x": _x(now, first),
        "foot_y": HEIGHT + FOOT - 6,
        "hours": _hours(first, zone),
        "sure": how_sure(found, now),
        "past_line": next((one.past_line for one in points if one.at >= now), False),
    }


def _x(at: dt.datetime, first: dt.datetime) -> float:
    return round((at - first) / (BEFORE + AHEAD) * WIDTH, 1)


def _y(kss: float) -> float:
    """The more tired the higher."""
    return round(HEIGHT - (kss - _LEAST) / (_MOST - _LEAST) * HEIGHT, 1)


def _path(points: list[Point], value: Any) -> str:
    first = points[0].at
    return " ".join(f"{_x(one.at, first)},{_y(value(one))}" for one in points)


def _band(points: list[Point]) -> str:
    first = points[0].at
    up = [f"{_x(one.at, first)},{_y(one.most)}" for one in points]
    down = [f"{_x(one.at, first)},{_y(one.least)}" for one in reversed(points)]
    return " ".join([*up, *down])


def _hours(first: dt.datetime, zone: str) -> list[dict[str, Any]]:
    """A mark for every sixth hour of the local clock."""
    place = instants.zone_info(zone)
    count = math.ceil((BEFORE + AHEAD) / dt.timedelta(hours=1))
    start = first.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    marks = []
    for number in range(1, count):
        at = start + dt.timedelta(hours=number)
        local = at.astimezone(place)
        if local.hour % 6 == 0 and local.minute == 0:
            marks.append({"x": _x(at, first), "label": f"{local:%H}"})
    return marks
