"""The clock of a station's processes: what each trusts at its start, and `homeby clock`."""

from __future__ import annotations

from collections.abc import Callable

from homeby import clock, steady
from homeby.logbook.rules import Refused
from homeby.settings import Settings
from homeby.watch import queries
from homeby.watch.actions import clocks


def adopt(*, settings: Settings) -> None:
    """Trust what the other processes of this machine trust. Without any, time is at least that of
    the logbook's last entry; that of a demonstration is no witness, it may lie ahead of any clock.
    Raises DatabaseError."""
    seen = clock.clocks()
    ahead = settings.demonstration or clock.is_paced()
    zero_at = clocks.zero_to_trust(seen=seen, may_lie_ahead=ahead)
    clock.trust(zero_at=zero_at)


def run(*, accept: bool, say: Callable[[str], None]) -> int:
    """`homeby clock`: say what the clocks show, or accept the wall clock. Gives 1 while it is
    disputed, or when there was nothing to accept."""
    seen = clock.clocks()
    if accept:
        try:
            say(clocks.accept(seen=seen, by=None, now=steady.counted_at(seen, seen.zero_at)))
        except Refused as refused:
            say(str(refused))
            return 1
        return 0
    say(f"The clock of this machine shows {seen.wall_at:%Y-%m-%d %H:%M:%S}Z.")
    say(f"The station goes by {clock.real_now():%Y-%m-%d %H:%M:%S}Z.")
    found = [row for row in queries.open_disputes() if row.machine == seen.machine]
    for row in found:
        say(" ".join(clocks.words_of(row)[1:]))
    return 1 if found else 0
