"""What `homeby retain` does: the organisation's rules of retention, once, or once a day."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from homeby import clock, output
from homeby.logbook.queries import is_quarantined
from homeby.people.queries.retention import days_kept
from homeby.people.rules import STATION
from homeby.people.rules_private import Lasting
from homeby.retention import daily
from homeby.retention.applying import preview, retain
from homeby.station import lifeline

NOT_DONE = 2
#: Whoever keeps the watch goes first: on SQLite one writes at a time.
REST_SECONDS = 0.2
_GENTLE = 10


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
        say(f"{lasting}, kept for {days[lasting]} days: {count} {word}.")
    return 0


def run_if_due() -> int:
    """What the supervisor starts every hour: apply the rules unless that was done today, behind
    everybody else. It may be ended at any instant; 1 when something stood in its way."""
    if os.environ.get(lifeline.VARIABLE):
        lifeline.hold_if_asked()
        output.catch_all()
        os.nice(_GENTLE)
    return 0 if daily.apply_if_due(now=clock.now(), rest=_rest) else 1


def _rest() -> None:
    clock.wait(seconds=REST_SECONDS, stop=threading.Event())
