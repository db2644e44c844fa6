"""What `/events`, `/healthz` and `/health/cycle` tell anybody: that something changed, how old the
watch's last look is, which bars every page shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from homeby import clock, steady
from homeby.logbook import queries as logbook
from homeby.watch import queries as watch
from homeby.watch.queries import pauses

CLOCK_BAR = "clock"  # the clock of a machine is disputed
PAUSE_BAR = "pause"  # the watch is paused
COPY_BAR = "copy"  # this is a copy of a station, and sends nothing


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The newest entry's number, the watch's age in real seconds (None: nobody ever looked), and
    when each watchkeeper last finished a look, the names of the bars that every page shows now, and
    until when the watch is paused."""

    last_entry_number: int
    watch_age_seconds: float | None
    looks: dict[str, dt.datetime]
    bars: tuple[str, ...] = ()
    paused_until: dt.datetime | None = None


def snapshot() -> Snapshot:
    """Five index look-ups; holds no name and no count."""
    looks, real_now = watch.looks(), clock.real_now()
    paused_until = pauses.paused_until(now=clock.now())
    bars = {
        CLOCK_BAR: bool(watch.open_disputes()),
        COPY_BAR: logbook.is_quarantined(),
        PAUSE_BAR: paused_until is not None,
    }
    return Snapshot(
        last_entry_number=logbook.last_number(),
        watch_age_seconds=watch.age_of(looks.values(), real_now=real_now),
        looks=looks,
        bars=tuple(name for name, shown in bars.items() if shown),
        paused_until=paused_until,
    )


def look() -> Snapshot:
    """A snapshot, and the clock of this process kept in step with that of the watchkeeper beside
    it, which judges the wall clock: what is recorded here bears the time that the watch goes by."""
    found = snapshot()
    seen = clock.clocks()
    if CLOCK_BAR in found.bars or not steady.agree(seen, clock.trusted()):
        noted = watch.zero_noted(seen)
        if noted is not None:
            clock.trust(zero_at=noted)
    return found
