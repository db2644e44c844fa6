"""`homeby watchkeeper`: one process that keeps the watch until told to stop, or orphaned."""

from __future__ import annotations

import logging
import os
import signal
import socket

from homeby import clock, output
from homeby.settings import current
from homeby.station import lifeline, live, start
from homeby.watch import watchkeeper
from homeby.watch.actions import canary, live_tests

log = logging.getLogger("homeby.watchkeeper")


def _send_the_canary_out() -> None:
    """The canary is no reason to keep no watch: where it cannot leave, the auditor misses it."""
    try:
        canary.set_out(now=clock.now())
    except Exception:
        log.exception("the canary could not be sent out")


def _plan_the_weekly_tests() -> None:
    """Nor are the tests of duty phones: without them people become unproven, and are shown so."""
    try:
        live_tests.set_out(now=clock.now())
    except Exception:
        log.exception("the weekly tests could not be planned")


def run(*, name: str) -> None:
    """Keep watch. Raises CannotStart when the database is unsafe, newer or does not answer,
    or when no address could be opened."""
    lifeline.hold_if_asked()
    output.catch_all()
    settings = current()
    start.join(settings=settings)
    start.refuse_without_key()
    _send_the_canary_out()
    _plan_the_weekly_tests()
    keeper = watchkeeper.Keeper(
        name=name or f"{socket.gethostname()}-{os.getpid()}",
        beside=live.rememberer(home=settings.home),
    )

    def leave(number: int, frame: object) -> None:
        keeper.stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    watchkeeper.spare_collection()
    watchkeeper.run(keeper)
