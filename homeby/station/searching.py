"""What `homeby welfare recompute` does, and what of the search for people who are left out is done
every hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from homeby import clock
from homeby.logbook.queries import is_quarantined
from homeby.people.rules import STATION
from homeby.retention import left_out
from homeby.welfare.actions import companions, contact, officers_missing, searching, switching
from homeby.welfare.actions.searching import Looked, SwitchedOff
from homeby.welfare.queries.switch import search

NOT_DONE = 2
#: A line after so many seconds, so that whoever waits sees that it goes on.
LINE_SECONDS = 2.0


def run(*, say: Callable[[str], None]) -> int:
    """Make everything again; 2 where there is nothing to be done, or on a copy."""
    if is_quarantined():
        say("This is a copy: nobody is told anything from here. Say first which station is live.")
        return NOT_DONE
    if not search(STATION).is_on:
        say("The search for people who are left out is off: office, Left behind.")
        return NOT_DONE
    lately = clock.boot_seconds()

    def progress(done: int, total: int) -> None:
        nonlocal lately
        if done == total or clock.boot_seconds() - lately >= LINE_SECONDS:
            lately = clock.boot_seconds()
            say(f"{done} of {total} teams")

    try:
        found = searching.recompute(now=clock.now(), rest=_no_rest, progress=progress)
    except SwitchedOff:
        say("Somebody switched the search off meanwhile; nothing is held any more.")
        return NOT_DONE
    say(f"Decisions: {found.decisions}.")
    say(f"Teams of which something else was held until now: {found.changed}.")
    return 0


def go_round(*, now: dt.datetime, rest: Callable[[], None]) -> Looked:
    """Everybody is told first, then looked after; whoever is silent is asked after; what was said
    long ago fades."""
    switching.tell_everybody(now=now, rest=rest)
    officers_missing.tell(now=now)
    is_first_today = companions.is_first_today(now=now)
    found = searching.look(now=now, rest=rest)
    found.signals += contact.ask_after(now=now, rest=rest)
    if is_first_today:
        found.signals += companions.ask_after(now=now, rest=rest)
    left_out.fade(now=now, rest=rest)
    return found


def _no_rest() -> None:
    """Somebody waits for it."""
