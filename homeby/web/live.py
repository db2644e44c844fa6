"""What `/events`, `/healthz` and `/health/cycle` tell anybody: that something changed, how old the
watch's last look is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from homeby import clock
from homeby.logbook import queries as logbook
from homeby.watch import queries as watch


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The newest entry's number, the watch's age in real seconds (None: nobody ever looked), and
    when each watchkeeper last finished a look."""

    last_entry_number: int
    watch_age_seconds: float | None
    looks: dict[str, dt.datetime]


def snapshot() -> Snapshot:
    """Two index look-ups; holds no name and no count."""
    number, looks = logbook.last_number(), watch.looks()
    last, real_now = max(looks.values(), default=None), clock.real_now()
    return Snapshot(
        last_entry_number=number,
        watch_age_seconds=None if last is None else (real_now - last).total_seconds(),
        looks=looks,
    )
