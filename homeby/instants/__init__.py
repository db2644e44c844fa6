"""Instants and local times: what people type, what it means, how it is said. Pure.

The time rules of the house (`DESIGN.md` 6 "Time", `FIELD.md` 4 rule 10): a due time is kept as an
instant (aware, UTC), an IANA zone, and what was typed. Nothing here reads the clock; `now` is
always handed in.
"""

from homeby.instants.local import (
    TYPED_LENGTH_MAX,
    Reading,
    Resolved,
    TimeProblem,
    UnknownZone,
    resolve,
    zone_info,
)
from homeby.instants.said import day, from_to, relative, short_span, span, wall, weekday
from homeby.instants.typed import (
    AHEAD_DAYS_MAX,
    CLOCKS_DIFFER,
    Problem,
    Typed,
    parse_past,
    parse_typed,
    reread,
)

__all__ = [
    "AHEAD_DAYS_MAX",
    "CLOCKS_DIFFER",
    "TYPED_LENGTH_MAX",
    "Problem",
    "Reading",
    "Resolved",
    "TimeProblem",
    "Typed",
    "UnknownZone",
    "day",
    "from_to",
    "parse_past",
    "parse_typed",
    "relative",
    "reread",
    "resolve",
    "short_span",
    "span",
    "wall",
    "weekday",
    "zone_info",
]
