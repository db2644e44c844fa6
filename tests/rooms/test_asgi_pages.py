"""Pages behind the shell: bodies whole or not at all, a fixed pool of threads, kept connections."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import pytest_django
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.http import HttpRequest, JsonResponse
from django.test import override_settings
from django.urls import path

from homeby.web.shell import pages
from homeby.web.shell.pages import Pages
from tests.rooms.asgi_client import Call, World, closed, play


def test_a_body_comes_whole_and_a_header_cannot_pass_for_another() -> None:
    async def scene(world: World) -> None:
        body = [b"a" * 700_000, b"b" * 700_000, b"c"]
        headers = [(b"x_forwarded_proto", b"https"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]
        found = await Call("/", method="POST", body=body, headers=headers).to(world.shell)
        assert found.json["received"] == 1_400_001
        assert found.json["announced"] == "1400001"
        assert found.json["cookie"] == "a=1; b=2"
        assert found.json["proto"] is None

    play(scene)


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_that_is_too_large_gets_a_sentence(
    announced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_BODY_BYTES", 1000)
    monkeypatch.setattr(pages, "MOST_DRAINED_BYTES", 4000)

    async def scene(world: World) -> None:
        headers = [(b"content-length", b"1500")] if announced else []
        body = [b"x" * 500] * 3
        found = await Call("/", method="POST", body=body, headers=headers).to(world.shell)
        assert found.status == 413
        assert "larger than 25 MB" in found.text

    play(scene)


def test_half_a_form_is_dropped_and_holds_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "SILENCE_SECONDS", 0.3)

    async def scene(world: World) -> None:
        length = [(b"content-length", b"100")]
        slow = [
            Call("/", method="POST", body=[b"half"], whole=False, headers=length) for _ in range(6)
        ]
        tasks = [asyncio.create_task(call.to(world.shell)) for call in slow]
        assert (await asyncio.wait_for(Call("/").to(world.shell), 1)).status == 200
        slow[0].hang_up()
        await asyncio.wait_for(asyncio.gather(*tasks), 2)
        assert all(call.sent == [] for call in slow)
        short = await Call("/", method="POST", body=[b"half"], headers=length).to(world.shell)
        assert short.sent == []

    play(scene)


def test_a_page_that_cannot_be_made_at_all_is_a_sentence() -> None:
    async def scene(world: World) -> None:
        found = await Call("/broken").to(world.shell)
        assert found.status == 500
        assert "could not make this page" in found.text
        assert "a mistake of ours" not in found.text

    play(scene)


def test_a_reader_who_leaves_in_the_middle_of_a_long_page_frees_its_thread() -> None:
    async def scene(world: World) -> None:
        for _ in range(6):
            await asyncio.wait_for(Call("/long", fails_after=3).to(world.shell), 5)
        assert len(closed) == 6
        assert (await asyncio.wait_for(Call("/").to(world.shell), 1)).status == 200

    play(scene)


def _which(request: HttpRequest) -> JsonResponse:
    connection.ensure_connection()
    _together.wait(10)
    thread = threading.get_ident()
    return JsonResponse({"thread": thread, "connection": id(connection.connection)})


_together = threading.Barrier(3)
urlpatterns = [path("which/", _which)]


@pytest.mark.usefixtures("django_db_setup")
def test_threads_and_their_connections_to_the_database_are_kept(
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> None:
    """A new connection for each page costs more than the page. Threads of their own need real
    connections; nothing is written, so nothing need be swept away (the logbook would refuse)."""

    async def scene() -> list[dict[str, int]]:
        site = Pages(application=WSGIHandler(), threads=3)
        found = []
        for _round in range(10):
            calls = [asyncio.create_task(Call("/which/").to(site)) for _ in range(3)]
            found += [call.json for call in await asyncio.gather(*calls)]
        _close_connections(site._middleware.executor)
        site.close()
        return found

    with django_db_blocker.unblock(), override_settings(ROOT_URLCONF=__name__):
        found = asyncio.run(scene())
    assert len(found) == 30
    assert len({line["thread"] for line in found}) == 3
    assert len({(line["thread"], line["connection"]) for line in found}) == 3


def _close_connections(executor: ThreadPoolExecutor) -> None:
    def close() -> None:
        _together.wait(10)
        connections.close_all()

    for task in [executor.submit(close) for _ in range(3)]:
        task.result(10)
