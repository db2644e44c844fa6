"""Promise 1, told of sleep: the watch sleeps until the next time it knows, at most a second; what
is written meanwhile with a nearer time wakes it; and what it has judged leaves before the rest is
judged."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeby import clock
from homeby.comms.actions.deliver import deliver
from homeby.database import bell
from homeby.watch import watchkeeper
from homeby.watch.actions.tick import tick
from homeby.watch.models import Alarm
from homeby.watch.watchkeeper import Keeper
from tests import pgplugin
from tests.world import World

LIMIT_SECONDS = 20
of_postgresql = pytest.mark.skipif(
    pgplugin.chosen.database != "postgresql", reason="the bell is PostgreSQL's alone"
)


@pytest.fixture
def rings(world: World, monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """When the bell rang."""
    found: list[dt.datetime] = []
    monkeypatch.setattr(bell, "ring", lambda: found.append(world.now))
    return found


@pytest.fixture
def keeper(world: World, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    """A watchkeeper that sees the world's time, and its phones."""
    for door in ("now", "real_now"):
        monkeypatch.setattr(clock, door, lambda: world.now)
    monkeypatch.setattr(watchkeeper, "deliver", partial(deliver, send=world._send))
    return Keeper(name="one")


def test_a_nearer_time_wakes_who_sleeps(world: World, rings: list[dt.datetime]) -> None:
    world.send_out("agent", due_minutes=16)  # reminded in a minute
    assert rings == [world.now]


def test_nobody_is_woken_for_a_later_time(world: World, rings: list[dt.datetime]) -> None:
    world.send_out("agent", due_minutes=120)
    assert not rings, "the watch wakes often enough before that by itself"
    world.send_out("mate", due_minutes=16)
    rings.clear()
    world.send_out("outsider", due_minutes=20)
    assert not rings, "the watch sleeps towards a nearer one"


def test_the_outbox_is_woken_after_the_first_batch(world: World, keeper: Keeper) -> None:
    world.send_out("agent", due_minutes=60)
    keeper.look()
    assert not keeper.written.is_set(), "nothing was due"
    world.now += dt.timedelta(minutes=61)
    assert keeper.look(), "it looks again at once: the next may be due meanwhile"
    assert keeper.written.is_set()
    assert not keeper.look()


def test_an_idle_look_costs_few_queries(world: World) -> None:
    for who in ("agent", "mate"):
        world.send_out(who, due_minutes=60)
    with CaptureQueriesContext(connection) as asked:
        tick(now=world.now)
    # Alarms, deadlines, pauses, and whether a worry of kin waits.
    assert len(asked) <= 4, "\n".join(one["sql"] for one in asked)
    world.fast_forward(minutes=70)
    assert Alarm.objects.filter(state="OPEN").count() == 2
    tick(now=world.now)
    with CaptureQueriesContext(connection) as asked:
        tick(now=world.now)
    assert len(asked) <= 8, "\n".join(one["sql"] for one in asked)


def beside(call: Callable[[], None]) -> threading.Thread:
    """A call on a thread, and so on a connection, of its own."""

    def run() -> None:
        try:
            call()
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


@of_postgresql
def test_the_bell_is_heard_at_once_and_never_twice(world: World) -> None:
    ready, slept = threading.Event(), list[float]()

    def sleep() -> None:
        ear, stop = bell.Ear(), threading.Event()
        ear.listen()
        for seconds in (LIMIT_SECONDS, 0.2):
            ready.set()
            began = time.monotonic()
            ear.wait(seconds=seconds, stop=stop)
            slept.append(time.monotonic() - began)
        beside(bell.ring).join()
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # the ring comes in with the answer
        began = time.monotonic()
        ear.wait(seconds=LIMIT_SECONDS, stop=stop)
        slept.append(time.monotonic() - began)

    sleeper = beside(sleep)
    assert ready.wait(LIMIT_SECONDS)
    beside(bell.ring).join()
    sleeper.join(LIMIT_SECONDS)
    woken, left_alone, rung_before = slept
    assert woken < LIMIT_SECONDS / 2
    assert left_alone >= 0.19
    assert rung_before < LIMIT_SECONDS / 2


def test_without_a_bell_it_sleeps_its_time(world: World) -> None:
    stop = threading.Event()
    began = time.monotonic()
    bell.Ear().wait(seconds=0.1, stop=stop)
    assert time.monotonic() - began >= 0.09
    stop.set()
    bell.Ear().wait(seconds=LIMIT_SECONDS, stop=stop)
    assert time.monotonic() - began < LIMIT_SECONDS / 2
