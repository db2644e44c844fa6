"""The few shapes of ASGI that the shell speaks, and the short answers it gives itself."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

Header = tuple[bytes, bytes]


class Closing(Protocol):
    """An application that holds something to let go of when the server ends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

    def close(self) -> None:
        """Take no more, and let go."""


_ALWAYS: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


def header(scope: Scope, name: bytes) -> str:
    """The value of a header of the request, or an empty text. `name` is in lower case."""
    for key, value in scope["headers"]:
        if key.lower() == name:
            return bytes(value).decode("latin-1")
    return ""


async def start(send: Send, *, status: int, kind: bytes, more: tuple[Header, ...] = ()) -> None:
    """Begin an answer of the shell's own."""
    headers = [(b"content-type", kind), *_ALWAYS, *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def answer(
    send: Send, *, status: int, body: bytes, kind: bytes, more: tuple[Header, ...] = ()
) -> None:
    """A whole answer of the shell's own."""
    length = (b"content-length", str(len(body)).encode())
    await start(send, status=status, kind=kind, more=(length, *more))
    await send({"type": "http.response.body", "body": body})


async def answer_sentence(
    send: Send, *, status: int, sentence: str, more: tuple[Header, ...] = ()
) -> None:
    """A sentence as plain text."""
    body = (sentence + "\n").encode()
    await answer(send, status=status, body=body, kind=b"text/plain; charset=utf-8", more=more)


_WRITER = json.JSONEncoder(ensure_ascii=False)  # `json.dumps` would make one for each answer


def to_json(content: dict[str, Any]) -> bytes:
    """A JSON object as it is sent."""
    return _WRITER.encode(content).encode()


async def answer_json(send: Send, *, status: int, content: dict[str, Any]) -> None:
    """A JSON object."""
    body = to_json(content)
    await answer(send, status=status, body=body, kind=b"application/json")
