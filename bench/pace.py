"""The watch asleep and the watch in time: measured on the real watchkeeper, both of its loops."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Max

from bench import plain, seed
from homeby import clock
from homeby.comms.models import Message
from homeby.watch import queries, watchkeeper
from homeby.watch.actions import due
from homeby.watch.actions import tick as ticking
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import DeadlineState

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def empty_claims(*, count: int) -> dict[str, Any]:
    """How long it takes to find nothing: the claim of deadlines, a whole tick, the next time."""
    nobody: frozenset[Any] = frozenset()
    return {
        "claim_ms": _median_ms(count, lambda: due.deadlines(clock.now(), nobody, paused=False)),
        "tick_ms": _median_ms(count, lambda: ticking.tick(now=clock.now())),
        "next_ms": _median_ms(count, queries.next_act_at),
    }


def _median_ms(count: int, call: Callable[[], object]) -> float:
    call()
    found = []
    for _ in range(count):
        began = time.perf_counter()
        call()
        found.append(time.perf_counter() - began)
    return statistics.median(found) * 1000


@contextlib.contextmanager
def awake() -> Iterator[watchkeeper.Keeper]:
    """A watchkeeper in this process, as `homeby watchkeeper` runs it."""
    keeper = watchkeeper.Keeper(name="bench")
    thread = threading.Thread(target=watchkeeper.run, args=(keeper,))
    thread.start()
    try:
        yield keeper
    finally:
        keeper.stop.set()
        thread.join()


def asleep(*, seconds: float) -> dict[str, Any]:
    """The share of a core that a watchkeeper with nothing to do takes, and that of its database."""
    with awake() as keeper:
        clock.wait(seconds=2, stop=keeper.stop)
        began, own, its = time.monotonic(), time.process_time(), _backend_seconds()
        clock.wait(seconds=seconds, stop=keeper.stop)
        own, its = time.process_time() - own, _backend_seconds() - its
        lasted = time.monotonic() - began
    return {"own_percent": own / lasted * 100, "database_percent": its / lasted * 100}


def _backend_seconds() -> float:
    """Processor time that PostgreSQL's processes of our connections have used."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        pids = [row[0] for row in cursor.fetchall()]
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(words[11]) + int(words[12])
    return total / _TICKS_A_SECOND


def trickle(*, count: int, per_second: float) -> dict[str, Any]:
    """Deadlines one after the other: from each due time to the return of the tick that had
    committed its alarm. Milliseconds, one for each deadline."""
    finished: dict[dt.datetime, dt.datetime] = {}
    real = ticking.tick

    def timed(**values: Any) -> ticking.Ticked:
        done = real(**values)
        if done.judged:
            finished[values["now"]] = clock.now()
        return done

    first_at = _ahead(seconds=3)
    seed.open_deadlines(count=count, first_at=first_at, apart_seconds=1 / per_second)
    wanted = Deadline.objects.filter(due_at__gte=first_at, due_at__lt=first_at + seed.LATER / 2)
    with _in_place_of(watchkeeper, "tick", timed), awake() as keeper:
        began = time.process_time()
        _until(keeper, lambda: not wanted.filter(state=DeadlineState.OPEN).exists(), count)
        own = time.process_time() - began
    late = [
        (finished[ended_at] - due_at).total_seconds() * 1000
        for due_at, ended_at in wanted.values_list("due_at", "ended_at")
        if ended_at in finished
    ]
    seconds = count / per_second
    return {"late_ms": late, "lost": count - len(late), "own_percent": own / seconds * 100}


def trickle_of_the_driver(*, count: int, per_second: float, like: plain.Pattern) -> dict[str, Any]:
    """The limit of lateness in this very minute: the plain driver sleeps until the next is due,
    claims what is due and inserts its rows; nothing else runs beside it."""
    first_at, apart = _ahead(seconds=3), 1 / per_second
    seed.open_deadlines(count=count, first_at=first_at, apart_seconds=apart)
    number = Alarm.objects.aggregate(last=Max("number"))["last"] or 1000
    way = "many" if connection.vendor == "sqlite" else "copy"
    late, done, never = [], 0, threading.Event()
    while done < count:
        next_at = first_at + dt.timedelta(seconds=done * apart)
        clock.wait(seconds=(next_at - clock.now()).total_seconds() + 0.001, stop=never)
        took = plain.run(like=like, now=clock.now(), number=number + done, way=way)
        finished = clock.now()
        for place in range(done, done + took):
            due_at = first_at + dt.timedelta(seconds=place * apart)
            late.append((finished - due_at).total_seconds() * 1000)
        done += took
    seed.note_numbers(number + done + 1)
    return {"late_ms": late}


def first_words(*, count: int) -> dict[str, Any]:
    """`count` are due in one second: for each alarm when it was due. When its first message was
    taken, the hook knows."""
    first_at = _ahead(seconds=2)
    seed.open_deadlines(count=count, first_at=first_at, apart_seconds=1 / count)
    wanted = Alarm.objects.filter(due_at__gte=first_at, due_at__lt=first_at + seed.LATER / 2)

    def all_are_told() -> bool:
        keys = [f"alarm:{key}" for key in wanted.values_list("pk", flat=True)]
        told = Message.objects.filter(about__in=keys, handed_at__isnull=False)
        return len(keys) == count and told.values("about").distinct().count() == count

    with awake() as keeper:
        _until(keeper, all_are_told, 120)
    return {"due": {str(key): at.timestamp() for key, at in wanted.values_list("pk", "due_at")}}


def _ahead(*, seconds: float) -> dt.datetime:
    """A whole second, at least so far ahead: SQLite's own computation keeps milliseconds."""
    return clock.now().replace(microsecond=0) + dt.timedelta(seconds=seconds + 1)


def _until(keeper: watchkeeper.Keeper, done: Callable[[], bool], limit_seconds: float) -> None:
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > limit_seconds + 60:
            raise RuntimeError("the watch did not get done in time")
        clock.wait(seconds=0.5, stop=keeper.stop)


@contextlib.contextmanager
def _in_place_of(module: Any, name: str, stand_in: Any) -> Iterator[None]:
    real = getattr(module, name)
    setattr(module, name, stand_in)
    try:
        yield
    finally:
        setattr(module, name, real)
