"""What `/events` and `/healthz` tell anybody: that something changed, and the watch's age."""

from __future__ import annotations

from dataclasses import dataclass

from homeby import clock
from homeby.logbook import queries as logbook
from homeby.watch import queries as watch


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The newest entry's number and the watch's age in real seconds (None: nobody ever looked)."""

    last_entry_number: int
    watch_age_seconds: float | None


def snapshot() -> Snapshot:
    """Two index look-ups; holds no name and no count."""
    return Snapshot(
        last_entry_number=logbook.last_number(),
        watch_age_seconds=watch.watch_age_seconds(real_now=clock.real_now()),
    )
