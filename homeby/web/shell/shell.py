"""Which part answers: the shell itself, a file, or Django."""

from __future__ import annotations

from homeby.database import trouble
from homeby.web.middleware import trouble_page
from homeby.web.shell.cycle import cycle
from homeby.web.shell.events import events
from homeby.web.shell.health import healthz
from homeby.web.shell.pages import Pages
from homeby.web.shell.protocol import (
    Application,
    Closing,
    Receive,
    Scope,
    Send,
    answer,
    answer_sentence,
)
from homeby.web.shell.pulse import Pulse

EVENTS = "/events"
ENTRIES = "/intake/v1/entries"
HEALTH = "/healthz"
CYCLE = "/health/cycle"
#: What is answered at all; TRACE, which echoes, is not.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ALLOWED = ", ".join(METHODS).encode()


class Shell:
    """The ASGI application: native routes, files, and pages.

    `intake` takes the entries of devices. `files` is asked first for everything else and hands on
    to `pages` what is none of its files.
    """

    def __init__(
        self,
        *,
        pulse: Pulse,
        pages: Pages,
        files: Application | None = None,
        intake: Closing | None = None,
    ) -> None:
        self._intake = intake
        self._pulse = pulse
        self._pages = pages
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or the server's own beginning and end."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        else:
            self._pulse.begin()
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in METHODS:
            sentence = "This station does not answer requests of this kind."
            await answer_sentence(send, status=405, sentence=sentence, more=((b"allow", ALLOWED),))
        elif scope["path"] in (EVENTS, HEALTH, CYCLE):
            await self._answer_natively(scope, receive, send)
        elif self._pulse.database_is_newer:
            await _answer_newer(send)
        elif scope["path"] == ENTRIES and self._intake is not None:
            await self._intake(scope, receive, send)
        else:
            await (self._files or self._pages)(scope, receive, send)

    async def _answer_natively(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            sentence = "This address can only be read."
            await answer_sentence(send, status=405, sentence=sentence, more=((b"allow", b"GET"),))
        elif scope["path"] == HEALTH:
            await healthz(send, pulse=self._pulse)
        elif scope["path"] == CYCLE:
            await cycle(send, pulse=self._pulse)
        else:
            await events(scope, receive, send, pulse=self._pulse)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._pulse.begin()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._pulse.end()
                self._pages.close()
                if self._intake is not None:
                    self._intake.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _answer_newer(send: Send) -> None:
    known = trouble.of_kind(kind=trouble.Kind.OTHER_VERSION)
    page = trouble_page(request=None, sentence=known.sentence, status=503)
    await answer(
        send,
        status=503,
        body=page.content,
        kind=b"text/html; charset=utf-8",
        more=((b"retry-after", b"60"),),
    )
