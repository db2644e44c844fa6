"""Chances over time as a picture: a row for each kind of decision, a mark for each decision, full
where it went well and hollow where it did not. The same stands in words and in a list beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from homeby import instants
from homeby.welfare.queries.chances import Chance
from homeby.welfare.rules.said_of_chances import titles

WIDTH, ROW, HEAD, FOOT, EDGE = 600, 64, 8, 34, 12
_DAY = dt.timedelta(days=1)


def timeline(
    chances: Sequence[Chance], *, zone: str, since: dt.datetime | None = None
) -> dict[str, Any] | None:
    """What `chances/_timeline.html` draws; None where there is nothing. `since`: where a line
    stands that says since when."""
    if not chances:
        return None
    first = min(one.at for one in chances) - _DAY
    last = max(one.at for one in chances) + _DAY

    def x(at: dt.datetime) -> float:
        return round(EDGE + (at - first) / (last - first) * (WIDTH - 2 * EDGE), 1)

    rows: list[dict[str, Any]] = []
    for channel, title in titles().items():
        marks = [one for one in chances if one.channel is channel]
        if marks:
            top = HEAD + len(rows) * ROW
            rows.append(
                {
                    "title": title,
                    "text_y": top + 22,
                    "y": top + 44,
                    "marks": [{"x": x(one.at), "well": one.well} for one in marks],
                }
            )
    foot = HEAD + len(rows) * ROW
    return {
        "width": WIDTH,
        "height": foot + FOOT,
        "right": WIDTH - EDGE,
        "left": EDGE,
        "rows": rows,
        "foot": foot,
        "text_y": foot + 24,
        "first": _day(first + _DAY, zone),
        "last": _day(last - _DAY, zone),
        "since_x": x(since) if since is not None and first < since < last else None,
        "went": sum(one.well for one in chances),
        "all": len(chances),
    }


def _day(at: dt.datetime, zone: str) -> str:
    return instants.day(at.astimezone(instants.zone_info(zone)).date())
