"""`homeby watchkeeper`: one process that keeps the watch until told to stop, or orphaned."""

from __future__ import annotations

import os
import signal
import socket

from homeby.station import lifeline, start
from homeby.watch import watchkeeper


def run(*, name: str) -> None:
    """Keep watch. Raises CannotStart when the database is unsafe, newer or does not answer,
    or when no address could be opened."""
    lifeline.hold_if_asked()
    start.refuse()
    start.refuse_without_key()
    keeper = watchkeeper.Keeper(name=name or f"{socket.gethostname()}-{os.getpid()}")

    def leave(number: int, frame: object) -> None:
        keeper.stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    watchkeeper.run(keeper)
