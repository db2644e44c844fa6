"""The watchkeeper: one process, two loops, never asleep for more than a second.

One thread judges (tick), one delivers; a slow provider never delays a judgement. A finished look
leaves its time where every page and `/healthz` read it (promise 7), but only while both halves of
the work get done: nothing that was due was left undone, and messages leave.
"""

from __future__ import annotations

import datetime as dt
import gc
import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.db import close_old_connections, connection

from homeby import clock, settings, steady
from homeby.comms import queries as comms
from homeby.comms.actions.deliver import BATCH as DELIVERY_BATCH
from homeby.comms.actions.deliver import deliver
from homeby.comms.rules import Leases
from homeby.database.bell import Ear
from homeby.logbook import queries as logbook
from homeby.watch import queries
from homeby.watch.actions import canary, clocks, outages, set_back
from homeby.watch.actions.awake import looked
from homeby.watch.actions.due import BATCH
from homeby.watch.actions.tick import tick
from homeby.watch.rules import Believed, Outage

log = logging.getLogger("homeby.watchkeeper")
CAP_SECONDS = 1.0
LEAST_SECONDS = 0.05
LOOKED_EVERY_SECONDS = 2.0
PUT_RIGHT_EVERY_SECONDS = 30.0
ROUND_SECONDS = 15.0  # a round of deliveries waits up to SEND_SECONDS for providers, then it writes
SKIPPED_MAX = 10 * BATCH
DOORS_SECONDS = 0.25  # what waits for the doors is due all the time


@dataclass
class Keeper:
    """The shared state of the two loops of one watchkeeper process.

    `is_live` says that this station is no copy (P18), None before the first look: until it is
    True nothing is judged and nothing leaves. `beside` is called whenever a look left its time.
    `written` says that a batch may have put messages into the outbox; `ear` hears the bell.
    """

    name: str
    stop: threading.Event = field(default_factory=threading.Event)
    beside: Callable[[], None] | None = None
    is_live: bool | None = None
    is_disputed: bool = False
    outage: Outage | None = None
    handed_out_seconds: float = field(default_factory=lambda: clock.boot_seconds())
    written: threading.Event = field(default_factory=threading.Event)
    ear: Ear = field(default_factory=Ear)
    _failing: frozenset[uuid.UUID] = frozenset()
    _last_looked_seconds: float | None = None
    _judged_seconds: float | None = None
    _knows_clock: bool = False
    _looked_at: dt.datetime | None = None
    _put_right_seconds: float | None = None

    def look(self) -> bool:
        """One look: judge a batch, leave the time of the look. Says whether more waits at once."""
        seen = clock.clocks()
        last = self._last_looked_seconds
        due = last is None or seen.boot_seconds - last >= LOOKED_EVERY_SECONDS
        if due or not steady.agree(seen, clock.trusted()):
            self._mind_clock(seen)
            is_live = not logbook.is_quarantined()
            if is_live:
                self._mind_set_back(seen.boot_seconds)
                self._mind_outage(seen)  # takes back what must not leave any more
            self.is_live = is_live
        more, whole = self._judge_batch() if self.is_live else (False, True)
        if due and whole:
            silent = self._silent_seconds(seen.boot_seconds)
            looked(
                name=self.name,
                real_now=clock.real_now() - dt.timedelta(seconds=silent),
                machine=seen.machine,
                zero_at=clock.trusted(),
                boot_seconds=seen.boot_seconds - silent,
            )
            self._last_looked_seconds = seen.boot_seconds
            if self.beside is not None:
                self.beside()
        return more

    def _judge_batch(self) -> tuple[bool, bool]:
        """Whether more waits at once, and whether all that was due could be done."""
        done = tick(now=clock.now(), skip=self._failing, outage=self.outage)
        self._judged_seconds = clock.boot_seconds()
        self._tell_those_out(more=done.more)
        if done.judged:
            self.written.set()
        if done.failed or self._failing:
            self._leave_out(done.failed)
            return done.more, False
        return done.more or done.judged > 0, True  # meanwhile the next may have become due

    def _mind_clock(self, seen: steady.Clocks) -> None:
        """Compare the two clocks before anything is judged by them (P8)."""
        is_first = False
        if not self._knows_clock:
            is_first = queries.zero_noted(seen) is None
            lies_ahead = settings.current().demonstration or clock.is_paced()
            clock.trust(zero_at=clocks.zero_to_trust(seen=seen, may_lie_ahead=lies_ahead))
        believed = Believed(
            zero_at=clock.trusted(), is_first=is_first, looked_seconds=self._last_looked_seconds
        )
        zero_at, self.is_disputed = clocks.mind(seen=seen, believed=believed, now=clock.now())
        clock.trust(zero_at=zero_at)
        self._knows_clock = True

    def _mind_set_back(self, seconds: float) -> None:
        """Whether what the station waits for was written by a clock that has been set back since:
        at once when it is this one, and now and then, for another machine's may have been it."""
        now, last = clock.now(), self._looked_at
        was_set_back = last is not None and now < last - steady.LEAST_SET_BACK
        done = self._put_right_seconds
        if was_set_back or done is None or seconds - done >= PUT_RIGHT_EVERY_SECONDS:
            set_back.put_right(now=now, was_set_back=was_set_back)
            self._put_right_seconds = seconds
        self._looked_at = now

    def _leave_out(self, failed: frozenset[uuid.UUID]) -> None:
        """Rows for which nothing could be done wait until a look without them has done all it found
        (then they are tried again), so that a whole batch of them never stops the others."""
        failing = self._failing | failed if failed else frozenset()
        self._failing = failing if len(failing) <= SKIPPED_MAX else frozenset()

    def _mind_outage(self, seen: steady.Clocks) -> None:
        """Whether nobody watched for a while, before anything is judged (P7)."""
        own, paced = self._judged_seconds, clock.paced_seconds()
        if paced is not None:  # the station's time stood still before
            own = max(seen.boot_seconds - paced, own or 0.0)
        self.outage = outages.mind(
            seen=seen,
            real_now=clock.real_now(),
            now=clock.now(),
            own_seconds=own,
            pace=clock.speed(),
        )

    def _tell_those_out(self, *, more: bool) -> None:
        """Whoever was out and is not missed hears of an outage, after everybody else."""
        if self.outage is None or self.outage.told or more or self._doors_first():
            return
        outages.tell_those_out(self.outage, now=clock.now())
        self.outage = replace(self.outage, told=True)

    def _doors_first(self) -> bool:
        return self.outage is not None and self.outage.doors_first(clock.now())

    def _silent_seconds(self, seconds: float) -> float:
        """Since when this watchkeeper does not do its whole work: 0, or since the last round of
        deliveries that came to its end, if that is longer ago than a round may take."""
        silent = seconds - self.handed_out_seconds
        return silent if silent > ROUND_SECONDS else 0.0

    def hand_out(self) -> bool:
        """One round of deliveries. Says whether more waits at once."""
        if not self.is_live:
            self.handed_out_seconds = clock.boot_seconds()
            return False
        note = clocks.note_on_alarms() if self.is_disputed else ""
        done = deliver(now=clock.now(), leases=_leases(), landed=canary.landed, note=note)
        if not done.failed_here:
            self.handed_out_seconds = clock.boot_seconds()
        return done.tried >= DELIVERY_BATCH

    def pause_seconds(self, next_at: dt.datetime | None) -> float:
        """Real seconds until the next act. A copy has none: what is due stays due."""
        if self.is_live is None:
            return LEAST_SECONDS  # the first look is under way
        pause = _sleep_seconds(next_at if self.is_live else None)
        return max(pause, DOORS_SECONDS) if self._doors_first() else pause


def _leases() -> Leases:
    """By the clock that all watchkeepers share; a demonstration's runs faster, and is its own."""
    if clock.is_paced():
        return Leases(factor=clock.speed())
    return Leases(at=comms.shared_now(machine_now=clock.real_now()))


def _sleep_seconds(next_at: dt.datetime | None) -> float:
    """Real seconds until the next act, at most the cap."""
    if next_at is None:
        return CAP_SECONDS
    ahead = (next_at - clock.now()).total_seconds() / clock.speed()
    return min(ahead, CAP_SECONDS) if ahead > 0 else LEAST_SECONDS  # due, and could not be done


def _judge(keeper: Keeper) -> None:
    while not keeper.stop.is_set():
        try:
            more = keeper.look()
            keeper.ear.listen()
            pause = 0.0 if more else keeper.pause_seconds(queries.next_act_at())
        except Exception:
            log.exception("a look failed; looking again")
            connection.close()
            pause = CAP_SECONDS
        _sleep(keeper, pause)
    connection.close()


def _sleep(keeper: Keeper, seconds: float) -> None:
    """Until the next act, or until the bell rings; a line that breaks meanwhile is opened anew."""
    try:
        keeper.ear.wait(seconds=seconds, stop=keeper.stop)
    except Exception:
        log.exception("the line to the database broke in the middle of a sleep")
        connection.close()


def _deliver(keeper: Keeper) -> None:
    while not keeper.stop.is_set():
        keeper.written.clear()
        try:
            more = keeper.hand_out()
            pause = 0.0 if more else keeper.pause_seconds(comms.next_try_at())
        except Exception:
            log.exception("a round of deliveries failed; trying again")
            connection.close()
            pause = CAP_SECONDS
        clock.wait(seconds=max(pause, 0.02), stop=keeper.written)
    connection.close()


def spare_collection() -> None:
    """Let Python's collector pass seldom in this process. What is loaded now stays, and the rows of
    a batch all live until its commit: looking through them again and again takes a fifth of the
    time of a burst, and finds nothing."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


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
    keeper.written.set()
    for thread in threads:
        thread.join(timeout=5)
