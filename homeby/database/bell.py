"""A bell between processes: whoever writes a time that is nearer than any other rings it, and a
watchkeeper that sleeps wakes at once. PostgreSQL only; on SQLite its short sleep is enough.

The bell carries no promise: one that is lost costs the rest of that sleep, at most a second.
"""

from __future__ import annotations

import select
import threading
from typing import Any

from django.db import connection

NAME = "homeby_wake"


def ring() -> None:
    """Wake who sleeps, when the transaction commits."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {NAME}")


class Ear:
    """Hears the bell, in the thread that owns this database connection."""

    def __init__(self) -> None:
        self._line: Any = None
        self._rang = False

    def listen(self) -> None:
        """Hear what rings from now on. To be called before the look whose result decides how long
        to sleep: what rings after that look cuts the sleep short. A new connection listens anew."""
        if connection.vendor != "postgresql" or self._line is connection.connection is not None:
            return
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {NAME}")
        self._line = connection.connection
        self._line.add_notify_handler(self._hear)  # rings that come in with a query's answer

    def _hear(self, _: object) -> None:
        self._rang = True

    def wait(self, *, seconds: float, stop: threading.Event) -> None:
        """Wait real seconds, or until the bell rings. `stop` ends it at once where there is no
        bell, else within these seconds."""
        if self._line is None or self._line is not connection.connection:
            stop.wait(seconds)
        elif not self._rang and select.select([self._line.fileno()], [], [], seconds)[0]:
            self._line.pgconn.consume_input()  # raises when the line is dead: a new one is opened
            while self._line.pgconn.notifies() is not None:
                pass
        self._rang = False
