"""What `homeby retain` does: the organisation's rules of retention, at once."""

from __future__ import annotations

from collections.abc import Callable

from homeby import clock
from homeby.logbook.queries import is_quarantined
from homeby.people.queries.retention import days_kept
from homeby.people.rules import STATION
from homeby.people.rules_private import UNCOUNTED, Lasting
from homeby.retention.applying import preview, retain

NOT_DONE = 2


def run(*, dry_run: bool, say: Callable[[str], None]) -> int:
    """Erase, or count, what each rule no longer keeps; 2 on a copy, whose logbook is another's."""
    if is_quarantined():
        say("This is a copy: nothing is erased here. Say first which station is the live one.")
        return NOT_DONE
    now, days = clock.now(), days_kept(STATION)
    found: dict[Lasting, int]
    if dry_run:
        found = {one: n for one, n in preview(days=days, now=now).items() if n is not None}
    else:
        found = retain(by=None, now=now)
    if not found:
        say("No rule of retention is set: everything is kept. Office, For how long.")
    word = "would be erased" if dry_run else "erased"
    for lasting, count in found.items():
        counted = "not counted, what is due" if lasting in UNCOUNTED else str(count)
        say(f"{lasting}, kept for {days[lasting]} days: {counted} {word}.")
    return 0
