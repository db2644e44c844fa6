"""Passwords that were lost elsewhere are refused; a service that is down refuses nobody."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from homeby import settings
from tests.rooms.pages import PASSWORD, Pages, sent, text_of
from tests.world import World

LOST, GOOD = "a lost walk home", "a longer walk home"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """A range service; gives its address, and what it was asked after that."""
    digits = hashlib.sha1(LOST.encode()).hexdigest().upper()
    padding = hashlib.sha1(GOOD.encode()).hexdigest().upper()
    seen: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"{digits[5:]}:3\r\n{padding[5:]}:0\r\n".encode())

        def log_message(self, *words: Any) -> None:
            """It keeps no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    seen.append(f"http://127.0.0.1:{server.server_port}/range/")
    yield seen
    server.shutdown()
    server.server_close()


def ask_at(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    chosen = settings.current().model_copy(update={"password_range_url": address})
    monkeypatch.setattr(settings, "current", lambda: chosen)


def choose(pages: Pages, password: str, present: str = PASSWORD) -> str:
    fields = sent(present=present, password=password)
    return text_of(pages.as_("head").post("/me/password/", fields, follow=True))


def test_a_lost_password_is_refused_and_never_told(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    ask_at(monkeypatch, asked[0])
    assert "This password was lost elsewhere" in choose(pages, LOST)
    assert asked[1] == "/range/" + hashlib.sha1(LOST.encode()).hexdigest().upper()[:5]
    assert "Password changed." in choose(pages, GOOD)  # it stands there as padding only


def test_a_service_that_is_down_refuses_nobody_and_the_administrator_sees_it(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    ask_at(monkeypatch, "http://127.0.0.1:9/range/")
    said = choose(pages, LOST)
    assert "Password changed." in said
    assert "could not be asked; it was taken anyway" in said
    watch = text_of(pages.as_("admin").get("/office/watch/"))
    assert "The service of lost passwords has not answered since" in watch
    assert "taken unasked: 1." in watch
    ask_at(monkeypatch, asked[0])
    assert "Password changed." in choose(pages, GOOD, present=LOST)
    assert "The service of lost passwords" not in text_of(pages.as_("admin").get("/office/watch/"))


def test_the_bundled_list_needs_no_service(pages: Pages) -> None:
    assert "Strangers try this password among the first" in choose(pages, "basketball")
    assert "Password changed." in choose(pages, LOST)
