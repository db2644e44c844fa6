"""`/health/cycle` answers only after a full look that began after it was asked."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from homeby.web.shell import cycle, pulse
from tests.rooms.asgi_client import Call, World, play, until

AT = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "LOOK_EVERY_SECONDS", 0.05)


async def asked(world: World) -> tuple[Call, asyncio.Task[Call]]:
    """A question that waits, the watch of one watchkeeper having been read once since."""
    await until(lambda: world.pulse.number() == 7)
    call = Call("/health/cycle")
    task = asyncio.create_task(call.to(world.shell))
    await asyncio.sleep(0.3)
    return call, task


async def look_ends(world: World, name: str, second: float) -> None:
    world.snapshot.looks[name] = AT + dt.timedelta(seconds=second)
    await asyncio.sleep(0.3)


def test_it_answers_after_a_look_that_began_after_the_question() -> None:
    async def scene(world: World) -> None:
        world.snapshot.looks["one"] = AT
        call, task = await asked(world)
        await look_ends(world, "one", 2)
        assert not task.done(), "this look may have begun before the question"
        await look_ends(world, "one", 4)
        await asyncio.wait_for(task, 2)
        assert (call.status, call.json["watchkeeper"]) == (200, "one")

    play(scene)


def test_ends_of_two_watchkeepers_are_not_two_of_one() -> None:
    async def scene(world: World) -> None:
        world.snapshot.looks.update(one=AT, two=AT)
        _call, task = await asked(world)
        await look_ends(world, "one", 2)
        await look_ends(world, "two", 2)
        assert not task.done()
        await look_ends(world, "two", -1)  # a clock set back: it still looked
        assert (await asyncio.wait_for(task, 2)).status == 200

    play(scene)


def test_a_watch_that_does_not_look_is_503_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycle, "LIMIT_SECONDS", 0.5)

    async def scene(world: World) -> None:
        world.snapshot.looks["one"] = AT
        found = await asyncio.wait_for(Call("/health/cycle").to(world.shell), 2)
        assert found.status == 503
        assert "No watchkeeper made a full look" in found.json["sentence"]
        assert (await Call("/healthz").to(world.shell)).status == 200  # which asks another thing

    play(scene)


def test_a_database_that_hangs_is_503_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycle, "LIMIT_SECONDS", 0.5)

    async def scene(world: World) -> None:
        await until(lambda: world.pulse.number() == 7)
        world.held.clear()
        found = await asyncio.wait_for(Call("/health/cycle").to(world.shell), 2)
        world.held.set()
        assert found.status == 503

    play(scene)


def test_there_is_a_limit_to_those_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycle, "MOST_WAITING", 1)
    monkeypatch.setattr(cycle, "LIMIT_SECONDS", 1.0)

    async def scene(world: World) -> None:
        _call, task = await asked(world)
        found = await asyncio.wait_for(Call("/health/cycle").to(world.shell), 1)
        assert (found.status, "Too many" in found.json["sentence"]) == (503, True)
        await asyncio.wait_for(task, 3)
        assert not cycle._waiting

    play(scene)
