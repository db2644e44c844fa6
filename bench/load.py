"""A load of check-ins over HTTP: each connection sends, waits for its answer, and sends again.

A process of its own (`python -m bench.load`, the order as JSON on its input), on a bare socket
protocol, so that it costs as little as may be of the cores that it shares with the server.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

_HEAD = (
    "POST /intake/v1/entries HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "Authorization: Bearer {key}\r\nContent-Length: {length}\r\n\r\n"
)
_BODY = '{{"entries":[{{"id":"{id}","act":"check_in","mission":"{mission}"}}]}}'


@dataclass
class Order:
    """What to send where: `devices` are pairs of key and mission."""

    port: int
    devices: list[tuple[str, str]]
    connections: int
    seconds: float
    warm_seconds: float


@dataclass
class Found:
    """What came of it. `answered` counts every answer from the first on, `took` the seconds of
    those after the warming up."""

    answered: int = 0
    wrong: int = 0
    first_wrong: str = ""
    took: list[float] = field(default_factory=list)


class Device(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._transport: Any = None
        self._sent_seconds = 0.0
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = transport
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Counted by the answers that are missing."""
        self._load.gone()

    def data_received(self, data: bytes) -> None:
        """An answer, or a part of one."""
        self._got += data
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        now, got, self._got = time.perf_counter(), self._got, b""
        self._load.note(now - self._sent_seconds, now, got)
        if now < self._load.until_seconds:
            self._send()
        else:
            self._transport.close()

    def _send(self) -> None:
        self._sent_seconds = time.perf_counter()
        self._transport.write(self._load.request())


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line[15:])
    return 1  # in chunks: there is something, and our answers are one chunk


class Load:
    """All connections together."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._devices = itertools.cycle(order.devices)
        self._number = itertools.count(uuid.uuid4().int >> 32 << 32)
        self._open = order.connections
        self._over = asyncio.Event()
        self.found = Found()
        now = time.perf_counter()
        self._from_seconds = now + order.warm_seconds
        self.until_seconds = self._from_seconds + order.seconds

    def request(self) -> bytes:
        """The next check-in, with an id of its own."""
        key, mission = next(self._devices)
        body = _BODY.format(id=f"{next(self._number):032x}"[-32:], mission=mission)
        return (_HEAD.format(key=key, length=len(body)) + body).encode()

    def note(self, seconds: float, now: float, got: bytes) -> None:
        """An answer came."""
        self.found.answered += 1
        if not got.startswith(b"HTTP/1.1 200") or b"refused" in got or b"unverified" in got:
            self.found.wrong += 1
            self.found.first_wrong = self.found.first_wrong or got.decode()[:600]
        if self._from_seconds <= now < self.until_seconds:
            self.found.took.append(seconds)

    def gone(self) -> None:
        """A connection ended."""
        self._open -= 1
        if not self._open:
            self._over.set()

    async def run(self) -> Found:
        """Until the time is over and every answer is here."""
        loop = asyncio.get_running_loop()
        for _ in range(self._order.connections):
            await loop.create_connection(lambda: Device(self), "127.0.0.1", self._order.port)
        await self._over.wait()
        return self.found


def main() -> None:
    """Read the order, send, print what was found."""
    order = Order(**json.loads(sys.stdin.read()))
    found = asyncio.run(_run(order))
    took = sorted(found.took)
    told = {
        "answered": found.answered,
        "wrong": found.wrong,
        "first_wrong": found.first_wrong,
        "per_second": len(took) / order.seconds,
        "p50_ms": 1000 * took[len(took) // 2] if took else None,
        "p99_ms": 1000 * took[len(took) * 99 // 100] if took else None,
    }
    json.dump(told, sys.stdout)


async def _run(order: Order) -> Found:
    return await Load(order).run()


if __name__ == "__main__":
    main()
