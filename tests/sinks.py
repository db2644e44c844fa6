"""Real servers on the loopback that take what the channels send, and misbehave when told to.

with smtp_sink() as sink: ...        sink.messages
with http_sink() as sink: ...        sink.plan("503", "200"); sink.requests
with raw_sink(talk) as (host, port): `talk(connection, closing)` says whatever it wants
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import socketserver
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

HOST = "127.0.0.1"
MOST_WAIT_SECONDS = 20


@dataclass
class SmtpSink:
    """What a mail server took, and how it is to behave.

    `refuse` maps an address to the answer to RCPT; `answer` is the answer after the whole message;
    `silent_seconds` is waited before it; `lose_reply` takes the message and hangs up.
    """

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    answer: str = "250 2.0.0 Ok: queued as 4711"
    silent_seconds: float = 0.0
    lose_reply: bool = False
    password: str = "right"
    host: str = HOST

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.silent_seconds)
        if self.answer.startswith("2"):
            self.raw.append(envelope.content)
            parsed = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(parsed, EmailMessage)
            self.messages.append(parsed)
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        if self.lose_reply:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.answer

    def authenticate(
        self, server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        """aiosmtpd's hook for a log-in."""
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password.decode() == self.password, handled=False)


@contextlib.contextmanager
def smtp_sink(
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    log_in: bool = False,
    host: str = HOST,
    **behaviour: Any,
) -> Iterator[SmtpSink]:
    """A mail server on a free port: open, with STARTTLS, or protected from the first byte."""
    sink = SmtpSink(port=free_port(), host=host, **behaviour)
    controller = Controller(
        sink,
        hostname=HOST,
        port=sink.port,
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=sink.authenticate if log_in else None,
        auth_required=log_in,
        auth_require_tls=starttls is not None,
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpSink:
    """What a web server was sent, and the answers it will give, in order; then 200 for ever.

    An answer is a status ("200"), "slow" (nothing, until closed), "trickle" (a byte at times),
    "reset" (before reading), "lost" (read, then hung up), "redirect", "huge", "rubbish", "slow
    body".
    """

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    answers: deque[str] = field(default_factory=deque)
    body: bytes = b'{"id": "msg-1"}'
    headers: dict[str, str] = field(default_factory=dict)
    redirect_to: str = ""
    closing: threading.Event = field(default_factory=threading.Event)

    def plan(self, *answers: str) -> None:
        """The next answers."""
        self.answers.extend(answers)

    def url(self, path: str = "/hook", *, scheme: str = "http") -> str:
        """The address of this sink."""
        return f"{scheme}://{HOST}:{self.port}{path}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sink: HttpSink

    def do_POST(self) -> None:
        answer = self.sink.answers.popleft() if self.sink.answers else "200"
        if answer == "reset":
            return self._lost()
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:  # whoever sent it was killed in the middle: half of one is none
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.sink.requests.append(Request(self.command, self.path, headers, body))
        special = getattr(self, f"_{answer.replace(' ', '_')}", None)
        special() if special else self._answer(answer)

    do_GET = do_POST

    def _answer(self, answer: str) -> None:
        self.send_response({"redirect": 307, "huge": 200}.get(answer) or int(answer))
        body = b"x" * 5_000_000 if answer == "huge" else self.sink.body
        if answer == "redirect":
            self.send_header("Location", self.sink.redirect_to)
        for name, value in self.sink.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def _slow(self) -> None:
        self.sink.closing.wait(MOST_WAIT_SECONDS)
        self.close_connection = True

    def _trickle(self) -> None:
        with contextlib.suppress(OSError):
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: yes\r\n" * 50:
                self.wfile.write(bytes([byte]))
                if self.sink.closing.wait(0.2):
                    break
        self.close_connection = True

    def _slow_body(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self._slow()

    def _rubbish(self) -> None:
        self.wfile.write(b"this is no HTTP\r\n\r\n")
        self.close_connection = True

    def _lost(self) -> None:
        reset(self.connection)
        self.close_connection = True

    do_GET = do_POST

    def log_message(self, format: str, *args: Any) -> None: ...


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A channel that hung up is no news here."""


@contextlib.contextmanager
def http_sink(*, tls: ssl.SSLContext | None = None) -> Iterator[HttpSink]:
    """A web server on a free port."""
    sink = HttpSink()
    handler = type("Handler", (_Handler,), {"sink": sink})
    server = _QuietServer((HOST, 0), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    sink.port = server.server_address[1]
    with _serving(server, sink.closing):
        yield sink


@contextlib.contextmanager
def raw_sink(
    talk: Callable[[socket.socket, threading.Event], object],
) -> Iterator[tuple[str, int]]:
    """A server that hands each connection to `talk`, with the event that says it closes."""
    closing = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                talk(self.request, closing)

    server = socketserver.ThreadingTCPServer((HOST, 0), Handler)
    server.daemon_threads = True
    with _serving(server, closing):
        yield HOST, server.server_address[1]


@contextlib.contextmanager
def _serving(server: socketserver.BaseServer, closing: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        closing.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def reset(connection: socket.socket) -> None:
    """Break a connection with RST instead of a goodbye."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RD)
    connection.close()
