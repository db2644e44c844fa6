"""The web part as a child of the supervisor: granian with the shell, on a lifeline.

`python -m homeby.station.web_server`. One worker process: the pages' threads, the event stream and,
on SQLite, the one writer of the gate belong together.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from homeby import output
from homeby.settings import SettingsProblem, current
from homeby.station import lifeline

if TYPE_CHECKING:
    from homeby.web.shell.protocol import Application, Receive, Scope, Send
    from homeby.web.shell.pulse import Pulse

#: Pages in the making get this long when the station stops.
SECONDS_TO_FINISH = 2
_STREAMS_TO_END_SECONDS = 0.5
_PARENT_EVERY_SECONDS = 0.5

_background: set[asyncio.Task[None]] = set()


def main() -> None:
    """Serve until asked to stop. Ends with a sentence when the settings cannot be used."""
    lifeline.hold_if_asked()
    output.catch_all()
    try:
        settings = current()
    except SettingsProblem as problem:
        sys.exit(str(problem))
    Server(
        "homeby.station.web_server:for_granian",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=1,
        http=HTTPModes.http1,
        websockets=False,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
        log_dictconfig=output.configuration(settings.log_format),
    ).serve()


def for_granian() -> Application:
    """The shell, with manners that granian's worker lacks: it ends streams, and is no orphan."""
    from homeby.asgi import application, pulse

    output.catch_all()
    _adopt_clock()
    # What is loaded now stays: looked through at each full collection, it costs every tap.
    gc.freeze()

    async def mannered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            _learn_to_leave(pulse=pulse)
        await application(scope, receive, send)

    return mannered


def _adopt_clock() -> None:
    """Before the first page is answered: what is recorded bears the time that the watch goes by. A
    database that does not answer yet is asked again by the pulse."""
    from django.db import DatabaseError, connections

    from homeby.station import timing

    with contextlib.suppress(DatabaseError):
        timing.adopt(settings=current())
    connections.close_all()


def _learn_to_leave(*, pulse: Pulse) -> None:
    """On SIGTERM end the event streams first; granian waits for them and would wait for ever.

    granian's worker treats SIGINT like SIGTERM, so SIGTERM becomes ours and SIGINT stays its own.
    """
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, lambda: _in_background(_leave(pulse=pulse)))
    _in_background(_leave_with_parent(pulse=pulse, parent=os.getppid()))


async def _leave(*, pulse: Pulse) -> None:
    pulse.stop()
    for _step in range(10):
        if not pulse.listeners:
            break
        await asyncio.sleep(_STREAMS_TO_END_SECONDS / 10)
    signal.raise_signal(signal.SIGINT)


async def _leave_with_parent(*, pulse: Pulse, parent: int) -> None:
    """A worker whose granian was killed outright must not keep the port."""
    while os.getppid() == parent:
        await asyncio.sleep(_PARENT_EVERY_SECONDS)
    await _leave(pulse=pulse)
    await asyncio.sleep(SECONDS_TO_FINISH)
    os._exit(1)


def _in_background(work: object) -> None:
    task = asyncio.ensure_future(work)  # type: ignore[call-overload]
    _background.add(task)
    task.add_done_callback(_background.discard)


if __name__ == "__main__":
    main()
