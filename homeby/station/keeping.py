"""`homeby watchkeeper`: one process that keeps the watch until told to stop, or orphaned."""

from __future__ import annotations

import os
import signal
import socket

from homeby.settings import current
from homeby.station import lifeline, live, start
from homeby.watch import watchkeeper


def run(*, name: str) -> None:
    """Keep watch. Raises CannotStart when the database is unsafe, newer or does not answer."""
    lifeline.hold_if_asked()
    settings = current()
    start.join(settings=settings)
    keeper = watchkeeper.Keeper(
        name=name or f"{socket.gethostname()}-{os.getpid()}",
        beside=live.rememberer(home=settings.home),
    )

    def leave(number: int, frame: object) -> None:
        keeper.stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    watchkeeper.run(keeper)
