"""Posting to webhooks, beside the messages to partner stations: in a thread of its own, so that a
receiver that hangs delays neither those nor, in another process, the watchkeeper."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import uuid
from dataclasses import replace

from django.db import close_old_connections, connection

from homeby import clock
from homeby.comms.actions import post
from homeby.logbook import queries as logbook
from homeby.missions.queries import who
from homeby.people.rules import Role, Viewer

log = logging.getLogger("homeby.webhooks")
LOOK_SECONDS = 2.0
DUTIES = "duty:"


def begin(stop: threading.Event) -> None:
    """Post in a thread until `stop` is set."""
    threading.Thread(target=_run, args=(stop,), name="webhooks", daemon=True).start()


def _seen(person_id: uuid.UUID, *, now: dt.datetime) -> Viewer:
    """Who reads by a webhook. This process holds no duties: where there are secret units, nothing
    of any duty is for whoever may not see all of them."""
    viewer = who.viewer_for(person_id, now=now)
    if viewer.has(Role.DUTY_OFFICER) or not who.has_secret_units():
        return viewer
    return replace(viewer, closed_refs=viewer.closed_refs | {DUTIES})


def _run(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            if not logbook.is_quarantined():  # a copy sends nothing (P18)
                post.queue(now=clock.now(), seen=_seen)
                post.send(now=clock.now(), seen=_seen)
        except Exception:
            log.exception("the webhooks could not be posted to; trying again")
            connection.close()
        close_old_connections()
        clock.wait(seconds=LOOK_SECONDS, stop=stop)
    connection.close()
