"""The auditor's process: every few seconds it takes in what was recorded, says whether it agrees
with the watch, and lets the outside heartbeat go or not."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from homeby import clock, steady
from homeby.auditor.heartbeat import Heartbeat
from homeby.auditor.opinion import Limits, opinion, watch_trouble
from homeby.auditor.picture import Picture
from homeby.logbook import actions as logbook
from homeby.logbook import queries
from homeby.logbook.rules import Reader

log = logging.getLogger("homeby.auditor")
EVERY_SECONDS = 5.0
BATCH = 5000
#: After a start the watch has this long to catch up before a disagreement is one.
PATIENCE = dt.timedelta(seconds=120)
#: So long between two looks of its own means that it did not run.
ASLEEP = dt.timedelta(seconds=120)
#: A number that has not appeared by then belongs to a transaction that was taken back.
MISSING = dt.timedelta(minutes=10)
MOST_MISSING = 10_000


@dataclass
class Auditing:
    """One auditor. `watch_age` gives the real seconds since the watch last looked, None if never:
    the station brings it, for the auditor reads nothing but the logbook."""

    name: str
    watch_age: Callable[[], float | None]
    heartbeat: Heartbeat
    reader: Reader
    limits: Limits = field(default_factory=Limits)
    patience: dt.timedelta = PATIENCE
    stop: threading.Event = field(default_factory=threading.Event)
    picture: Picture = field(default_factory=Picture)
    agrees: bool | None = None
    sentences: list[str] = field(default_factory=list)
    _started_at: dt.datetime | None = None
    _looked_at: dt.datetime | None = None
    _recorded: bool | None = None
    _missing: dict[int, dt.datetime] = field(default_factory=dict)

    def look(self, *, now: dt.datetime, real_now: dt.datetime) -> None:
        """One look: read on, judge, write down a verdict that has changed, beat or not."""
        if self._started_at is None:
            self._started_at = real_now
            marks = (one for one in queries.auditor_marks(self.reader) if one.name == self.name)
            self._recorded = next((one.agrees for one in marks), None)
        elif self._looked_at is not None and real_now - self._looked_at > ASLEEP:
            self._started_at, self.agrees = real_now, None  # the machine slept: as after a start
        self._looked_at = real_now
        if queries.is_quarantined():
            self.agrees, self.sentences = None, [_("This is a copy: it watches nobody.")]
            self._leave_mark(real_now)
            return  # a copy must not answer the heartbeat for the live station
        self.read_on(now=now, real_now=real_now)
        limits = self.limits.at_pace(clock.speed())
        self.sentences = [
            *watch_trouble(self.watch_age(), limits=limits),
            *opinion(self.picture, now=now, limits=limits),
        ]
        agrees: bool | None = not self.sentences
        has_patience = dt.timedelta() <= real_now - self._started_at < self.patience
        if self.agrees is None and not agrees and has_patience:
            agrees = None
        self.agrees = agrees
        if agrees is not None and agrees is not self._recorded:
            logbook.judged(agrees=agrees, sentences=self.sentences, now=now)
            self._recorded = agrees
        paused = self.picture.pauses.now(now)
        note = "" if paused is None else f"The watch is paused until {paused.over_at:%H:%MZ}."
        self.heartbeat.beat(agrees=agrees, at=real_now, note=note)
        self._leave_mark(real_now)

    def read_on(self, *, now: dt.datetime, real_now: dt.datetime) -> None:
        """Take in what was recorded since the last look, late numbers included."""
        while not self.stop.is_set():
            after = self.picture.number
            entries = queries.recorded(after=after, numbers=self._missing, limit=BATCH)
            for entry in entries:
                self._missing.pop(entry.number, None)
            self.picture.take_in(entries)
            new = [entry for entry in entries if entry.number > after]
            self._note_gaps(after, new, now - MISSING * clock.speed(), real_now)
            if len(entries) < BATCH:
                return

    def _note_gaps(
        self,
        after: int,
        entries: list[queries.Recorded],
        fresh_at: dt.datetime,
        real_now: dt.datetime,
    ) -> None:
        """Numbers left out may still come: on PostgreSQL a transaction that began earlier may end
        later. They are asked for again, for a while; gaps older than that are settled."""
        self._missing = {n: at for n, at in self._missing.items() if real_now - at < MISSING}
        for entry in entries:
            if entry.recorded_at > fresh_at and entry.number - after < MOST_MISSING:
                for number in range(after + 1, entry.number):
                    self._missing.setdefault(number, real_now)
            after = entry.number

    def _leave_mark(self, real_now: dt.datetime) -> None:
        logbook.audited(
            name=self.name,
            real_now=real_now,
            started_at=self._started_at,
            agrees=self.agrees,
            sentences=self.sentences,
            heartbeat_set=bool(self.heartbeat.url),
            heartbeat_at=self.heartbeat.well_at,
            heartbeat_answer=self.heartbeat.answer[:300],
            **self._outside_time(),
        )

    def _outside_time(self) -> dict[str, Any]:
        """What the other side of the heartbeat says of the hour, once it has said anything."""
        if self.heartbeat.heard is None:
            return {}
        zero_at, boot_seconds = self.heartbeat.heard
        seen = clock.clocks()
        ours = steady.time_at(seen, clock.trusted())
        ahead = (ours - steady.counted_at(seen, zero_at)).total_seconds()
        return {
            "outside_zero_at": zero_at,
            "outside_boot_seconds": boot_seconds,
            "outside_apart_seconds": ahead,
            "outside_machine": seen.machine,
        }


def run(auditing: Auditing) -> None:
    """Look until told to stop. A look that fails is tried again; meanwhile the heartbeat is silent,
    and the mark it did not leave grows old where people see it."""
    log.info("auditor %s is awake", auditing.name)
    while not auditing.stop.is_set():
        try:
            auditing.look(now=clock.now(), real_now=clock.real_now())
        except Exception:
            log.exception("a look of the auditor failed; looking again")
            connection.close()
        clock.wait(seconds=EVERY_SECONDS, stop=auditing.stop)
    connection.close()
