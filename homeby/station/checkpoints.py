"""The checkpoints that a station keeps of its own logbook: each minute, by the partner process, and
at once where something is about to leave (a backup, a proof)."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from dataclasses import dataclass, field

from django.db import models

from homeby import clock, settings
from homeby.logbook import keeping, look_tree, queries
from homeby.logbook.counting import Horizon
from homeby.logbook.keeping import Contradiction
from homeby.logbook.models import Entry, KeptCheckpoint, Read

log = logging.getLogger("homeby.checkpoints")
LOOK_SECONDS = 0.2
SETTLED_WITHIN_SECONDS = 10.0


@dataclass
class Keeper:
    """One process's looks. A copy keeps none: it signs for nobody (P18)."""

    horizon: Horizon = field(default_factory=Horizon)
    _contradiction: str = ""

    def look(self, *, now: dt.datetime) -> None:
        """Keep a checkpoint where a minute has passed and the logbook has grown. Raises
        DatabaseError, KeyProblem."""
        if not keeping.is_due(now=now) or queries.is_quarantined():
            return
        settled = self.horizon.look()
        key = keeping.key_of_station(settings.log_key())
        if settled is None or key is None:
            return
        try:
            keeping.keep(until=settled, key=key, now=now)
            self._contradiction = ""
        except Contradiction as found:
            if self._contradiction != str(found):
                self._contradiction = str(found)
                log.error("no checkpoint is kept any more: %s", found)


def settled_number(table: type[models.Model] = Entry) -> int | None:
    """The last number behind which no entry (or row of another table) can appear any more; waits
    for those who are writing just now, and gives None where one of them goes on for too long."""
    horizon, stop = Horizon(table=table), threading.Event()
    for _look in range(int(SETTLED_WITHIN_SECONDS / LOOK_SECONDS)):
        settled = horizon.look()
        if settled is not None:
            return settled
        clock.wait(seconds=LOOK_SECONDS, stop=stop)
    return None


def count_looks(*, now: dt.datetime) -> int:
    """Enter the head of the tree of looks in the logbook, where looks are new; says how many. While
    somebody writes one for too long none is counted: the next hour does."""
    settled = settled_number(Read)
    return 0 if settled is None else look_tree.count_looks(now=now, until=settled)


def keep_now(*, now: dt.datetime) -> KeptCheckpoint | None:
    """Keep the checkpoint of all that is settled, for good; the newest there is, where that cannot
    be. None where there is none at all. Raises Contradiction, KeyProblem, DatabaseError."""
    key, settled = keeping.key_of_station(settings.log_key()), settled_number()
    if key is None or settled is None or queries.is_quarantined():
        return keeping.newest()
    return keeping.keep_all(until=settled, key=key, now=now)
