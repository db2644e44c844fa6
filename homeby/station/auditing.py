"""`homeby auditor`: the process that gives a second opinion of the watch, until told to stop."""

from __future__ import annotations

import signal
import socket

from homeby import clock, output
from homeby.auditor import auditing
from homeby.auditor.heartbeat import Heartbeat
from homeby.people.rules import STATION
from homeby.settings import Settings
from homeby.station import lifeline, start
from homeby.watch import queries as watch


def run(*, settings: Settings) -> None:
    """Audit. Raises CannotStart when the database is unsafe, newer or does not answer."""
    lifeline.hold_if_asked()
    output.catch_all()
    start.join(settings=settings)
    found = auditing.Auditing(
        name=socket.gethostname()[:100],
        watch_age=_watch_age,
        heartbeat=Heartbeat(
            url=settings.heartbeat_url.get_secret_value().strip(), count=clock.boot_seconds
        ),
        reader=STATION,
    )

    def leave(number: int, frame: object) -> None:
        found.stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    auditing.run(found)


def _watch_age() -> float | None:
    return watch.watch_age_seconds(real_now=clock.real_now())
