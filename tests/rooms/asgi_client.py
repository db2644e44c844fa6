"""Speaks ASGI to a shell without a server: requests, what was sent back, and hanging up."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from homeby.web.shell.pages import Pages
from homeby.web.shell.protocol import Application, Message
from homeby.web.shell.pulse import Eyes, Pulse
from homeby.web.shell.shell import Shell


@dataclass
class Call:
    """One request to the shell. `whole=False` leaves the body open; `hang_up` ends the line."""

    path: str
    method: str = "GET"
    query: str = ""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: list[bytes] = field(default_factory=lambda: [b""])
    whole: bool = True
    sent: list[Message] = field(default_factory=list)
    fails_after: int | None = None

    def __post_init__(self) -> None:
        self.inbox: asyncio.Queue[Message] = asyncio.Queue()
        last = len(self.body) - 1
        for index, chunk in enumerate(self.body):
            more = index < last or not self.whole
            self.inbox.put_nowait({"type": "http.request", "body": chunk, "more_body": more})

    def hang_up(self) -> None:
        self.inbox.put_nowait({"type": "http.disconnect"})

    async def send(self, message: Message) -> None:
        if self.fails_after is not None and len(self.sent) >= self.fails_after:
            raise OSError("the line is gone")
        self.sent.append(message)

    async def to(self, application: Application) -> Call:
        scope: dict[str, Any] = {
            "type": "http",
            "method": self.method,
            "path": self.path,
            "query_string": self.query.encode(),
            "headers": [(b"host", b"localhost"), *self.headers],
            "http_version": "1.1",
            "server": ("localhost", 80),
            "client": ("127.0.0.1", 1),
        }
        await application(scope, self.inbox.get, self.send)
        return self

    @property
    def status(self) -> int | None:
        return int(self.sent[0]["status"]) if self.sent else None

    @property
    def text(self) -> str:
        chunks = [m.get("body", b"") for m in self.sent if m["type"] == "http.response.body"]
        return b"".join(chunks).decode()

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    def events(self, name: str) -> list[str]:
        """The data of the events of this name, in order."""
        blocks = [block.splitlines() for block in self.text.split("\n\n")]
        return [
            line.removeprefix("data: ")
            for block in blocks
            if f"event: {name}" in block
            for line in block
            if line.startswith("data: ")
        ]


async def until(happened: Any, *, seconds: float = 5.0) -> None:
    """Let the loop run until it happened; fail when it does not."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not happened():
                await asyncio.sleep(0.01)
    assert happened(), "it did not happen in time"


@dataclass
class Snapshot:
    last_entry_number: int = 7
    watch_age_seconds: float | None = 1.0
    looks: dict[str, dt.datetime] = field(default_factory=dict)
    bars: tuple[str, ...] = ()
    paused_until: dt.datetime | None = None


class World:
    """A shell over a pretended database and a small page, for one test."""

    def __init__(self) -> None:
        self.snapshot = Snapshot()
        self.newer = False
        self.trouble: Exception | None = None
        self.held = threading.Event()
        self.held.set()
        self.rested = 0
        self.pulse = Pulse(
            eyes=Eyes(snapshot=self._look, database_is_newer=self._newer, rest=self._rest)
        )
        self.pages = Pages(application=_page, threads=2)
        self.shell = Shell(pulse=self.pulse, pages=self.pages)

    def _look(self) -> Snapshot:
        self.held.wait(20)
        if self.trouble:
            raise self.trouble
        return replace(self.snapshot, looks=dict(self.snapshot.looks))

    def _newer(self) -> bool:
        return self.newer

    def _rest(self) -> None:
        self.rested += 1


may_go = threading.Event()
closed: list[str] = []


def _page(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    name = environ["PATH_INFO"]
    if name == "/long":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return _long()
    if name == "/broken":
        raise ValueError("a mistake of ours")
    if name == "/waits":
        may_go.wait(20)
    size = int(environ.get("CONTENT_LENGTH") or 0)
    answer = {
        "thread": threading.current_thread().name,
        "received": len(environ["wsgi.input"].read(size)),
        "announced": environ.get("CONTENT_LENGTH"),
        "cookie": environ.get("HTTP_COOKIE"),
        "proto": environ.get("HTTP_X_FORWARDED_PROTO"),
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]


def _long() -> Iterator[bytes]:
    try:
        for _ in range(200):
            yield b"x" * 1000
    finally:
        closed.append(threading.current_thread().name)


def play(scene: Callable[[World], Coroutine[Any, Any, None]]) -> None:
    """Run a scene in a loop of its own, and clear up after it."""

    async def whole() -> None:
        world = World()
        world.pulse.begin()
        try:
            async with asyncio.timeout(30):
                await scene(world)
        finally:
            world.held.set()
            may_go.set()
            await world.pulse.end()
            world.pages.close()

    may_go.clear()
    closed.clear()
    asyncio.run(whole())
