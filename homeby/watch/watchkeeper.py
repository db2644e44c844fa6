"""The watchkeeper: one process, two loops, never asleep for more than a second.

One thread judges (tick), one delivers; a slow provider never delays a judgement. Each finished
look leaves its time where every page and `/healthz` read it (promise 7).
"""

from __future__ import annotations

import datetime as dt
import logging
import queue
import threading
from dataclasses import dataclass, field

from django.db import close_old_connections, connection

from homeby import clock
from homeby.comms import queries as comms
from homeby.comms.actions.deliver import BATCH as DELIVERY_BATCH
from homeby.comms.actions.deliver import deliver
from homeby.watch import queries
from homeby.watch.actions.awake import looked
from homeby.watch.actions.tick import tick

log = logging.getLogger("homeby.watchkeeper")
CAP_SECONDS = 1.0
LOOKED_EVERY_SECONDS = 2.0
TROUBLE_LASTS = dt.timedelta(days=1)


@dataclass
class Keeper:
    """The shared state of the two loops of one watchkeeper process."""

    name: str
    stop: threading.Event = field(default_factory=threading.Event)
    moved: queue.SimpleQueue[frozenset[str]] = field(default_factory=queue.SimpleQueue)
    _last_looked: dt.datetime | None = None
    _is_new: bool = True

    def look(self) -> bool:
        """One look: judge a batch, leave the time of the look. Says whether more waits at once."""
        now = clock.now()
        causes: set[str] = set()
        while not self.moved.empty():
            causes |= self.moved.get_nowait()
        if self._is_new:  # what the process before this one learned and took with it
            causes |= comms.causes_in_trouble(since=now - TROUBLE_LASTS)
        try:
            done = tick(now=now, causes=frozenset(causes))
        except Exception:
            self.moved.put(frozenset(causes))
            raise
        self._is_new = False
        real = clock.real_now()
        due = self._last_looked is None or (
            (real - self._last_looked).total_seconds() >= LOOKED_EVERY_SECONDS
        )
        if due:
            looked(name=self.name, real_now=real)
            self._last_looked = real
        return done.more

    def hand_out(self) -> bool:
        """One round of deliveries. Says whether more waits at once."""
        done = deliver(now=clock.now(), lease_factor=clock.speed())
        if done.causes:
            self.moved.put(done.causes)
        return done.tried >= DELIVERY_BATCH


def _sleep_seconds(next_at: dt.datetime | None) -> float:
    """Real seconds until the next act, at most the cap."""
    if next_at is None:
        return CAP_SECONDS
    ahead = (next_at - clock.now()).total_seconds() / clock.speed()
    return min(max(ahead, 0.05), CAP_SECONDS)


def _judge(keeper: Keeper) -> None:
    while not keeper.stop.is_set():
        try:
            more = keeper.look()
            pause = 0.0 if more else _sleep_seconds(queries.next_act_at())
        except Exception:
            log.exception("a look failed; looking again")
            connection.close()
            pause = CAP_SECONDS
        clock.wait(seconds=pause, stop=keeper.stop)
    connection.close()


def _deliver(keeper: Keeper) -> None:
    while not keeper.stop.is_set():
        try:
            more = keeper.hand_out()
            pause = 0.0 if more else _sleep_seconds(comms.next_try_at())
        except Exception:
            log.exception("a round of deliveries failed; trying again")
            connection.close()
            pause = CAP_SECONDS
        clock.wait(seconds=max(pause, 0.02), stop=keeper.stop)
    connection.close()


def run(keeper: Keeper) -> None:
    """Keep watch until `keeper.stop` is set. If one of the loops ends by itself, the process ends,
    so that its supervisor starts a whole one."""
    close_old_connections()
    threads = [
        threading.Thread(target=loop, args=(keeper,), name=loop.__name__, daemon=True)
        for loop in (_judge, _deliver)
    ]
    for thread in threads:
        thread.start()
    log.info("watchkeeper %s is awake", keeper.name)
    while not clock.wait(seconds=0.5, stop=keeper.stop):
        if not all(thread.is_alive() for thread in threads):
            keeper.stop.set()
            raise SystemExit("A loop of the watchkeeper ended; the supervisor starts a new one.")
    for thread in threads:
        thread.join(timeout=5)
