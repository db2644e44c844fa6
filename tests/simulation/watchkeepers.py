"""The watchkeepers of a world: the real `Keeper`, each with its own clock, its own deaths.

Only three doors of the product are led elsewhere: the clock, the channels and the connection.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from django.db import connection

from homeby import clock, steady
from homeby.comms import queries as comms
from homeby.comms.actions.deliver import deliver
from homeby.logbook import queries as logbook
from homeby.watch import watchkeeper
from homeby.watch.actions.awake import looked
from homeby.watch.watchkeeper import Keeper
from tests.simulation.faults import Faults, Killed, forget_connection

MOST_ROUNDS = 60
SPARED_SECONDS = 30.0
AT_THE_DOORS = dt.timedelta(seconds=4)


@dataclass
class SimulatedKeeper:
    """One watchkeeper process. `ahead` is how far its clock is from the true time."""

    name: str
    ahead: dt.timedelta
    not_before: dt.datetime
    chance: random.Random
    faults: Faults
    tell: Callable[[str], None]
    died: Callable[[SimulatedKeeper, float], None]
    stumbled: Callable[[], None]
    is_up: bool = True
    looking: bool = False
    process: Keeper = field(default_factory=lambda: Keeper(name="simulated"))

    def wakes_at(self, due_at: dt.datetime | None) -> dt.datetime | None:
        """When it will look, by true time: at what is due by its own clock, at most a second
        later; None while it is down or has nothing to do."""
        if not self.is_up or self.looking:
            return None
        if self.process._last_looked_seconds is None:
            return self.not_before  # whoever starts looks at once
        if due_at is None:
            return None
        return max(due_at - self.ahead, self.not_before)

    def look(self, now: dt.datetime) -> None:
        """Judge and hand out until nothing is due by its clock; perhaps it dies on the way."""
        self.looking = True
        self.not_before = now + dt.timedelta(seconds=self.chance.uniform(0.3, 1.0))
        if self.process.outage is not None and now < self.process.outage.doors_until_at:
            self.not_before += AT_THE_DOORS  # what waits there is due all the time
        self.faults.maybe(kill=0.04, trouble=0.02)
        try:
            with _own_clock(now + self.ahead, shared_at=now):
                if self.process._last_looked_seconds is None:
                    self.process.handed_out_seconds = clock.boot_seconds()
                self._rounds()
        except Killed as killed:
            self._die(str(killed))
        except Exception as trouble:  # noqa: BLE001 - as the loops of the product do
            self.tell(f"{self.name} stumbles: {type(trouble).__name__}: {trouble}")
            self.stumbled()
            forget_connection()
        finally:
            self.looking = False
            self.faults.maybe(kill=0, trouble=0)

    def _rounds(self) -> None:
        for _ in range(MOST_ROUNDS):
            before = logbook.last_number()
            more = self.process.look()
            more |= self.process.hand_out()
            if not (more or self._due() or logbook.last_number() > before):
                return
        self.tell(f"{self.name} does not come to rest")

    def _due(self) -> bool:
        at = due_at()
        return at is not None and at <= clock.now() and not self.process._doors_first()

    def looked_meanwhile(self, now: dt.datetime) -> None:
        """It was up since its last look, and has looked again and again."""
        last, count = self.process._last_looked_seconds, (now + self.ahead).timestamp() - 1
        if last is None or count - last < SPARED_SECONDS:
            return
        with _own_clock(now + self.ahead - dt.timedelta(seconds=1), shared_at=now):
            self.process._last_looked_seconds = self.process._judged_seconds = count
            self.process.handed_out_seconds = count
            both = clock.clocks()
            looked(
                name=self.process.name,
                real_now=both.wall_at,
                machine=both.machine,
                zero_at=clock.trusted(),
                boot_seconds=count,
            )

    def _die(self, where: str) -> None:
        forget_connection()
        self.process = Keeper(name="simulated")
        long = self.chance.random() < 0.15
        seconds = self.chance.uniform(60, 4 * 3600) if long else self.chance.uniform(0.2, 5)
        self.tell(f"{self.name} is killed {where}; a new one starts in {seconds:.1f} s")
        self.is_up = False
        self.died(self, seconds)

    def is_switched_off(self, seconds: float) -> None:
        """The machine is off for a while."""
        self.process = Keeper(name="simulated")
        self.is_up = False
        self.died(self, seconds)

    def starts(self, now: dt.datetime) -> None:
        """A new process begins, with nothing but the database."""
        self.is_up = True
        self.not_before = now


DUE = """
SELECT MIN(at) FROM (
  SELECT MIN(act_at) AS at FROM watch_deadline WHERE state = 'OPEN'
  UNION ALL SELECT MIN(act_at) FROM watch_alarm WHERE state = 'OPEN'
  UNION ALL SELECT MIN(CASE WHEN lease_until > next_try_at THEN lease_until ELSE next_try_at END)
    FROM comms_delivery WHERE state = 'QUEUED'
) AS coming
"""


def due_at() -> dt.datetime | None:
    """The next instant at which a watchkeeper has something to do. A watchkeeper looks every second
    anyhow; this only spares the looks that would find nothing."""
    with connection.cursor() as cursor:
        cursor.execute(DUE)
        (found,) = cursor.fetchone()
    if isinstance(found, str):  # SQLite
        return dt.datetime.fromisoformat(found).replace(tzinfo=dt.UTC)
    return found


@contextmanager
def _own_clock(shows: dt.datetime, *, shared_at: dt.datetime) -> Iterator[None]:
    """The product's door to the time shows this for as long as a look takes; wall and boot clock
    agree, as they do on a machine whose clock is right. `shared_at` is what the clock shows that
    all watchkeepers share, the database's."""
    kept = clock.now, clock.real_now, clock.clocks, clock.trusted(), clock.boot_seconds
    shared, comms_door = comms.shared_now, cast(Any, comms)
    both = steady.Clocks(wall_at=shows, boot_seconds=shows.timestamp(), machine="simulated")
    door: Any = clock
    door.now = door.real_now = lambda: shows
    door.clocks = lambda: both
    comms_door.shared_now = lambda *, machine_now: shared_at
    door.boot_seconds = lambda: both.boot_seconds
    clock.trust(zero_at=both.zero_at)
    try:
        yield
    finally:
        door.now, door.real_now, door.clocks = kept[:3]
        comms_door.shared_now = shared
        clock.trust(zero_at=kept[3])
        door.boot_seconds = kept[4]


@contextmanager
def sending_to(send: Any) -> Iterator[None]:
    """The watchkeeper hands its messages to this provider."""
    door: Any = watchkeeper
    kept = door.deliver
    door.deliver = partial(deliver, send=send)
    try:
        yield
    finally:
        door.deliver = kept
