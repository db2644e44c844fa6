"""The shell: the event stream and `/healthz`, which answer whatever the pages do."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from functools import partial
from typing import Any

import pytest

from homeby import clock
from homeby.web.shell import events as stream
from homeby.web.shell import health
from homeby.web.shell.ticks import tick_of
from tests.rooms.asgi_client import Call, World, may_go, play, until


async def _listen(world: World, **words: Any) -> tuple[Call, asyncio.Task[Call]]:
    call = Call("/events", **words)
    task = asyncio.create_task(call.to(world.shell))
    await until(lambda: call.events("watch"))
    return call, task


def test_a_listener_hears_that_something_changed_and_how_fresh_the_watch_is() -> None:
    async def scene(world: World) -> None:
        await until(lambda: world.pulse.number() == 7)
        call, _task = await _listen(world)
        world.snapshot.last_entry_number = 8
        await until(lambda: call.events("changed"), seconds=1.5)
        assert call.events("changed") == [tick_of(8)]
        assert f"id: {tick_of(8)}\n" in call.text
        said = json.loads(call.events("watch")[0])
        assert said["fresh"] is True
        said_at = dt.datetime.fromisoformat(said["now"])
        assert abs(clock.now() - said_at) < dt.timedelta(minutes=1), "by which a page goes"
        assert dict(call.sent[0]["headers"])[b"content-type"].startswith(b"text/event-stream")

    play(scene)


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ({"headers": [(b"last-event-id", tick_of(5).encode())]}, [tick_of(7)]),
        ({"headers": [(b"last-event-id", tick_of(7).encode())]}, []),
        ({"query": f"after={tick_of(6)}"}, [tick_of(7)]),
        ({"query": "after=nonsense"}, []),
        ({"query": "after=6"}, []),
        ({"query": f"after={tick_of(9)}"}, [tick_of(7)]),
        ({}, []),
    ],
)
def test_who_comes_back_is_told_what_was_missed(words: dict[str, Any], heard: list[str]) -> None:
    async def scene(world: World) -> None:
        await until(lambda: world.pulse.number() == 7)
        call, _task = await _listen(world, **words)
        await asyncio.sleep(0.1)
        assert call.events("changed") == heard

    play(scene)


def _has_heard(call: Call, mark: str) -> bool:
    return mark in call.events("changed")


def test_whoever_listens_learns_no_number() -> None:
    """Anybody may: the marks have no order, and one says nothing of how many entries there are."""

    async def scene(world: World) -> None:
        await until(lambda: world.pulse.number() == 7)
        call, _task = await _listen(world)
        for _ in range(5):
            world.snapshot.last_entry_number += 1
            mark = tick_of(world.snapshot.last_entry_number)
            await until(partial(_has_heard, call, mark), seconds=2)
        heard = call.events("changed")
        assert all(re.fullmatch(r"[0-9a-f]{16}", one) for one in heard)
        assert len(set(heard)) == 5

    play(scene)


def test_a_listener_who_leaves_is_noticed_at_once() -> None:
    async def scene(world: World) -> None:
        call, task = await _listen(world)
        call.hang_up()
        await asyncio.wait_for(task, 0.5)
        assert not world.pulse.listeners

    play(scene)


def test_a_line_that_breaks_while_talking_ends_the_stream_quietly() -> None:
    async def scene(world: World) -> None:
        await until(lambda: world.pulse.number() == 7)
        call, task = await _listen(world, fails_after=2)
        world.snapshot.last_entry_number = 8
        await asyncio.wait_for(task, 2)
        assert not world.pulse.listeners
        assert call.events("changed") == []

    play(scene)


def test_there_is_a_limit_to_listeners(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_LISTENERS", 2)

    async def scene(world: World) -> None:
        await _listen(world)
        _call, task = await _listen(world)
        third = await Call("/events").to(world.shell)
        assert third.status == 503
        assert "listen already" in third.text
        _call.hang_up()
        await task
        await _listen(world)

    play(scene)


def test_a_station_that_stops_lets_every_listener_go() -> None:
    async def scene(world: World) -> None:
        listeners = [await _listen(world) for _ in range(5)]
        world.pulse.stop()
        await asyncio.wait_for(asyncio.gather(*(task for _call, task in listeners)), 1)
        assert all(call.sent[-1]["more_body"] is False for call, _task in listeners)

    play(scene)


def test_many_listeners_cost_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(world: World) -> None:
        listeners = [await _listen(world) for _ in range(200)]
        world.snapshot.last_entry_number = 8
        await until(
            lambda: all(call.events("changed") == [tick_of(8)] for call, _ in listeners), seconds=2
        )

    play(scene)


@pytest.mark.parametrize(
    ("age", "status", "words"),
    [
        (3.0, 200, None),
        (59.0, 200, None),
        (75.0, 503, "has not moved for 7"),
        (None, 503, "has not made a round yet"),
    ],
)
def test_healthz_says_whether_the_watch_is_awake(
    age: float | None, status: int, words: str | None
) -> None:
    async def scene(world: World) -> None:
        world.snapshot.watch_age_seconds = age
        found = await Call("/healthz").to(world.shell)
        assert found.status == status
        assert found.json["database"] == "ok"
        assert words is None or words in found.json["sentence"]

    play(scene)


def test_healthz_answers_while_every_page_thread_is_busy() -> None:
    async def scene(world: World) -> None:
        busy = [asyncio.create_task(Call("/waits").to(world.shell)) for _ in range(5)]
        await asyncio.sleep(0.1)
        found = await asyncio.wait_for(Call("/healthz").to(world.shell), 1)
        assert found.status == 200
        may_go.set()
        assert [call.status for call in await asyncio.gather(*busy)] == [200] * 5

    play(scene)


def test_healthz_never_answers_from_old_knowledge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "OLDEST_ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.4)

    async def scene(world: World) -> None:
        await until(lambda: world.pulse.number() == 7)
        world.held.clear()
        await asyncio.sleep(1.0)
        found = await asyncio.wait_for(Call("/healthz").to(world.shell), 2)
        assert (found.status, found.json["database"]) == (503, "no answer")
        assert found.json["watch_age_seconds"] is None

    play(scene)


def test_a_look_that_fails_is_tried_again_on_a_new_connection() -> None:
    async def scene(world: World) -> None:
        world.trouble = RuntimeError("the line to the database broke")
        await until(lambda: world.rested > 1)
        world.trouble = None
        await until(lambda: world.pulse.number() == 7)

    play(scene)


def test_a_database_of_a_newer_version_answers_every_page_with_a_sentence() -> None:
    async def scene(world: World) -> None:
        world.newer = True
        await until(lambda: world.pulse.database_is_newer)
        page = await Call("/").to(world.shell)
        assert page.status == 503
        assert "another version of Homeby" in page.text
        assert "newer version" in (await Call("/healthz").to(world.shell)).json["sentence"]

    play(scene)


def test_an_address_of_the_shell_is_only_read() -> None:
    async def scene(world: World) -> None:
        assert (await Call("/healthz", method="POST").to(world.shell)).status == 405

    play(scene)


def test_no_trace_is_answered_whatever_the_address() -> None:
    async def scene(world: World) -> None:
        for address in ("/log-in/", "/healthz", "/api/v1/entries", "/static/homeby/css/base.css"):
            for method in ("TRACE", "CONNECT", "PROPFIND"):
                call = await Call(address, method=method).to(world.shell)
                assert call.status == 405, (method, address)
        assert (await Call("/healthz").to(world.shell)).status != 405

    play(scene)


def test_no_websocket_is_opened() -> None:
    said: list[Any] = []

    async def scene(world: World) -> None:
        async def hear() -> Any:
            raise AssertionError("nobody is heard")

        async def say(message: Any) -> None:
            said.append(message)

        await world.shell({"type": "websocket", "path": "/events"}, hear, say)

    play(scene)
    assert [one["type"] for one in said] == ["websocket.close"]
