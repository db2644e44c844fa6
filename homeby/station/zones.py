"""`homeby zones`: what new time zone data would move, and moving it once a person confirms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from homeby.logbook.rules import Refused, new_tap
from homeby.missions.actions.rezone import move_by_zones
from homeby.missions.queries.zones import ZoneChange, zone_changes
from homeby.people.rules import STATION


def run(*, confirmed: bool, now: dt.datetime, say: Callable[[str], None]) -> int:
    """List the times that today's zone data reads otherwise, and move them if `confirmed`. Gives 1
    while any is left, else 0."""
    found = zone_changes(STATION, now=now)
    if not found:
        say("Every open time means by today's time zone data what it meant when it was typed.")
        return 0
    left = 0
    for change in found:
        say(in_words(change))
        if not confirmed:
            left += 1
            continue
        try:
            move_by_zones(
                mission_id=change.mission_id,
                new_due_at=change.new_due_at,
                by=STATION,
                now=now,
                tap=new_tap("command"),
            )
        except Refused as refused:
            say(f"  {refused}")
            left += 1
    if confirmed:
        say(f"{len(found) - left} moved; the parties and whoever has the watch are told.")
    else:
        say("Nothing is moved. To move these and tell everybody concerned: homeby zones --confirm")
    return 1 if left else 0


def in_words(change: ZoneChange) -> str:
    """One line: who, what was typed, which instant it was and which it would be."""
    minutes = change.shift.total_seconds() / 60
    was, would_be = (f"{at:%Y-%m-%d %H:%M}Z" for at in (change.old_due_at, change.new_due_at))
    return (
        f"{change.title}: “{change.typed}” ({change.zone}) was {was}, would be {would_be} "
        f"({minutes:+.0f} min)  {change.mission_id}"
    )
