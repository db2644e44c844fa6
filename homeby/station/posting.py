"""Posting to webhooks, beside the messages to partner stations: in a thread of its own, so that a
receiver that hangs delays neither those nor, in another process, the watchkeeper."""

from __future__ import annotations

import logging
import threading

from django.db import close_old_connections, connection

from homeby import clock
from homeby.comms.actions import post
from homeby.logbook import queries as logbook
from homeby.readiness.queries.who import viewer_for

log = logging.getLogger("homeby.webhooks")
LOOK_SECONDS = 2.0


def begin(stop: threading.Event) -> None:
    """Post in a thread until `stop` is set."""
    threading.Thread(target=_run, args=(stop,), name="webhooks", daemon=True).start()


def _run(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            if not logbook.is_quarantined():  # a copy sends nothing (P18)
                post.queue(now=clock.now(), seen=viewer_for)
                post.send(now=clock.now(), seen=viewer_for)
        except Exception:
            log.exception("the webhooks could not be posted to; trying again")
            connection.close()
        close_old_connections()
        clock.wait(seconds=LOOK_SECONDS, stop=stop)
    connection.close()
