"""Django's pages behind the shell: the body is taken in whole first, then a thread makes the page.

A thread costs a database connection, so none waits for a slow telephone to send its form; and a
form of which only half arrived is dropped, never handed on as if it were whole.
"""

from __future__ import annotations

import asyncio
import json
import logging
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from a2wsgi import WSGIMiddleware

from homeby.web.shell.protocol import (
    Application,
    Header,
    Message,
    Receive,
    Scope,
    Send,
    answer,
    answer_sentence,
    header,
)

logger = logging.getLogger(__name__)

MOST_BODY_BYTES = 25 * 1024 * 1024
#: A body that is too large is still read, and thrown away, up to here, so that the browser gets to
#: read the sentence instead of a broken line.
MOST_DRAINED_BYTES = 4 * MOST_BODY_BYTES
IN_MEMORY_BYTES = 1024 * 1024
SILENCE_SECONDS = 30.0
_CHUNK_BYTES = 256 * 1024

_TOO_LARGE = (
    "This is larger than 25 MB and was not taken. Send a smaller file, or several one after "
    "another."
)


_BROKEN = (
    "The station could not make this page, and nothing was recorded. Tell whoever runs the "
    "station, and write it down on paper meanwhile."
)

_BROKE_OFF = "The body broke off before its end, and nothing was recorded."
#: Code and advice for programs by status, as `homeby.web.api.problems` has them.
_FOR_PROGRAMS = {
    400: ("NOT_UNDERSTOOD", "Send it again, whole, with the same id."),
    413: ("TOO_LARGE", "Send less at once."),
    500: ("BROKEN", "Send it again with the same id."),
}


class TooLarge(Exception):
    """The body passes the limit."""


class Hung(Exception):
    """The sender left, or fell silent, before the whole body was here."""


class Pages:
    """A WSGI application served in a fixed pool of `threads` threads that live as long as we do."""

    def __init__(self, *, application: Any, threads: int) -> None:
        self._middleware = WSGIMiddleware(application, workers=threads)
        # The same protocol, spelt with other types.
        self._wsgi = cast(Application, self._middleware)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the body, make the page, send it."""
        with SpooledTemporaryFile[bytes](max_size=IN_MEMORY_BYTES) as body:
            try:
                size = await _take(scope, receive, body)
            except TooLarge:
                await _refuse(scope, send, status=413, sentence=_TOO_LARGE)
                return
            except Hung:
                if is_for_programs(scope):
                    writer = _Writer(send=send)  # the line may be gone
                    await _refuse(scope, writer, status=400, sentence=_BROKE_OFF)
                return
            body.seek(0)
            plain = {**scope, "headers": _plain_headers(scope["headers"], size=size)}
            await self._make(plain, _Reader(body=body, size=size), _Writer(send=send))

    async def _make(self, scope: Scope, reader: _Reader, writer: _Writer) -> None:
        try:
            await self._wsgi(scope, reader, writer)
        except Exception:  # outside every view; what happens inside, Django answers itself
            logger.exception("no page could be made for %s", scope["path"])
            if not writer.begun:
                await _refuse(scope, writer, status=500, sentence=_BROKEN)

    def close(self) -> None:
        """Let the threads go."""
        self._middleware.executor.shutdown(wait=False, cancel_futures=True)


def is_for_programs(scope: Scope) -> bool:
    """Whether a program asks, which is answered in the one body that it knows."""
    return str(scope["path"]).startswith("/api/")


async def _refuse(scope: Scope, send: Send, *, status: int, sentence: str) -> None:
    closes = ((b"connection", b"close"),)
    if not is_for_programs(scope):
        await answer_sentence(send, status=status, sentence=sentence, more=closes)
        return
    code, what_to_do = _FOR_PROGRAMS[status]
    content = {"code": code, "sentence": sentence, "what_to_do": what_to_do, "fields": []}
    body = json.dumps(content).encode()
    await answer(send, status=status, body=body, kind=b"application/json", more=closes)


async def _take(scope: Scope, receive: Receive, body: IO[bytes]) -> int:
    """Write the body of the request into `body` and say how long it is. Raises TooLarge, Hung."""
    announced = header(scope, b"content-length")
    too_large = announced.isdigit() and int(announced) > MOST_BODY_BYTES
    size, more = 0, True
    while more:
        try:
            message = await asyncio.wait_for(receive(), SILENCE_SECONDS)
        except TimeoutError:
            raise Hung from None
        if message["type"] == "http.disconnect":
            raise Hung
        chunk = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(chunk)
        too_large = too_large or size > MOST_BODY_BYTES
        if size > MOST_DRAINED_BYTES:
            break
        if not too_large:
            body.write(chunk)
    if too_large:
        raise TooLarge
    if announced.isdigit() and size != int(announced):
        raise Hung
    return size


def _plain_headers(headers: list[Header], *, size: int) -> list[Header]:
    """Headers as WSGI can tell them apart: no underscore, one cookie line, the true length.

    With an underscore a header could pass for another one (`X_Forwarded_Proto`).
    """
    cookies = [value for name, value in headers if name == b"cookie"]
    dropped = (b"cookie", b"content-length", b"transfer-encoding")
    kept = [(name, value) for name, value in headers if b"_" not in name and name not in dropped]
    if cookies:
        kept.append((b"cookie", b"; ".join(cookies)))
    if size:
        kept.append((b"content-length", str(size).encode()))
    return kept


class _Reader:
    """Hands the stored body to the page in pieces."""

    def __init__(self, *, body: IO[bytes], size: int) -> None:
        self._body = body
        self._left = size

    async def __call__(self) -> Message:
        chunk = self._body.read(_CHUNK_BYTES)
        self._left -= len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": self._left > 0}


class _Writer:
    """Sends the page; when the reader has left, the rest goes nowhere, and the thread is not held.

    Without this an error in sending would leave the page's thread waiting for ever.
    """

    def __init__(self, *, send: Send) -> None:
        self._send = send
        self._gone = False
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if self._gone:
            return
        self.begun = True
        try:
            await self._send(message)
        except asyncio.CancelledError:
            self._gone = True
            raise
        except Exception as error:  # noqa: BLE001 - every server names a lost line differently
            self._gone = True
            logger.debug("the reader of a page left: %s", error)
