"""A provider on the loopback that keeps durable receipts, and refuses, resets or loses its reply as
often as it is told to. A receipt is on the disk before the answer leaves."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from tests.sinks import HOST, reset

NAMES = re.compile(r"\bU\d{3,}\b")
MISBEHAVIOURS = ("503", "reset", "reply lost")


class Receipt(NamedTuple):
    """One message as it was taken."""

    key: str
    at: float
    names: list[str]


@dataclass
class DurableProvider:
    """What it took, a line a message: the key, the instant in seconds, and of whom it told the
    officer (one by one or in a list); nobody when it asked a party whether they are back."""

    path: Path
    chance: random.Random
    faulty: float
    slow_seconds: float = 0.0
    host: str = HOST
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Where messages are posted."""
        return f"http://{self.host}:{self.port}/hook"

    def behaviour(self) -> str:
        """How it behaves this time."""
        with self.lock:
            if self.chance.random() >= self.faulty:
                return "takes it"
            return self.chance.choice(MISBEHAVIOURS)

    def keep(self, path: str, body: dict[str, str]) -> None:
        """A receipt that survives us; the answer may take its time."""
        said = "" if "unit=" in path else body["subject"] + " " + body["text"]
        line = [body["key"], time.time(), sorted(set(NAMES.findall(said)))]
        with self.lock, self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        threading.Event().wait(self.slow_seconds)

    def receipts(self) -> list[Receipt]:
        """All it took, oldest first."""
        if not self.path.exists():
            return []
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return [Receipt(*line) for line in map(json.loads, lines)]


class _Handler(BaseHTTPRequestHandler):
    provider: DurableProvider

    def do_POST(self) -> None:
        behaviour = self.provider.behaviour()
        if behaviour == "reset":
            return self._hang_up()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if behaviour == "503":
            return self._answer(503)
        self.provider.keep(self.path, json.loads(body))
        if behaviour == "reply lost":
            return self._hang_up()
        self._answer(200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _hang_up(self) -> None:
        reset(self.connection)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None: ...


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that was killed is no news here."""


@contextlib.contextmanager
def durable_provider(provider: DurableProvider) -> Iterator[DurableProvider]:
    """This provider, serving on a free port."""
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = _QuietServer((provider.host, 0), handler)
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
