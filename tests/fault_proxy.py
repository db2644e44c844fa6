"""A line on the loopback that fails as lines fail: it stands between an adapter and a sink.

with fault_proxy(sink.port) as line: ...    line.fault = Fault.REPLY_LOST
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from tests.sinks import HOST, raw_sink, reset

MOST_BYTES = 65_536
SLOW_SECONDS = 0.3
MOST_WAIT_SECONDS = 20.0


class Fault(StrEnum):
    """What the line does to each connection. The two answers of its own speak HTTP."""

    NONE = "none"
    UNAVAILABLE = "answers 503"
    RESET = "reset"
    REPLY_LOST = "reply lost after it was taken"
    BLACK_HOLE = "black hole"
    SLOW = "slow"
    DROPS = "accepts and drops"


OWN_ANSWERS = {
    Fault.UNAVAILABLE: b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
    Fault.DROPS: b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
}


@dataclass
class FaultyLine:
    """Where to connect instead, how it fails just now, and how often it was tried."""

    behind: int
    port: int = 0
    fault: Fault = Fault.NONE
    tried: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def talk(self, connection: socket.socket, closing: threading.Event) -> None:
        """One connection, from beginning to end."""
        with self.lock:
            self.tried += 1
        fault = self.fault
        if fault is Fault.RESET:
            return reset(connection)
        if fault is Fault.BLACK_HOLE:
            closing.wait(MOST_WAIT_SECONDS)
            return None
        if fault in OWN_ANSWERS:
            connection.recv(MOST_BYTES)
            return connection.sendall(OWN_ANSWERS[fault])
        with socket.create_connection((HOST, self.behind), timeout=MOST_WAIT_SECONDS) as onward:
            self._carry(connection, onward, fault, closing)

    def _carry(
        self,
        connection: socket.socket,
        onward: socket.socket,
        fault: Fault,
        closing: threading.Event,
    ) -> None:
        back = threading.Thread(
            target=self._carry_back, args=(onward, connection, fault, closing), daemon=True
        )
        back.start()
        _pump(connection, onward)
        back.join(MOST_WAIT_SECONDS)

    @staticmethod
    def _carry_back(
        onward: socket.socket, connection: socket.socket, fault: Fault, closing: threading.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while data := onward.recv(MOST_BYTES):
                if fault is Fault.REPLY_LOST and _is_taken(data):
                    return reset(connection)
                if fault is Fault.SLOW:
                    closing.wait(SLOW_SECONDS)
                connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)


def _is_taken(reply: bytes) -> bool:
    """The reply that says that the whole message was taken: HTTP 200, or SMTP's "queued"."""
    return reply.startswith(b"HTTP/1.1 200") or b"queued" in reply


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(MOST_BYTES):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def fault_proxy(behind: int) -> Iterator[FaultyLine]:
    """A line to the server at this port of the loopback."""
    line = FaultyLine(behind=behind)
    with raw_sink(line.talk) as (_, port):
        line.port = port
        yield line
