"""`/events`: a stream that says "something changed", how fresh the watch is, what time it is.

It carries no name, no number and no count, so anybody may listen; what changed, each asks by a page
of their own, which knows what they may see.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from urllib.parse import parse_qs

from homeby import clock
from homeby.web.shell.protocol import Receive, Scope, Send, answer_sentence, header, start
from homeby.web.shell.pulse import Pulse
from homeby.web.shell.ticks import is_tick, tick_of

MOST_LISTENERS = 500
WATCH_EVERY_SECONDS = 5.0
_RETRY_MILLISECONDS = 2000


async def events(scope: Scope, receive: Receive, send: Send, *, pulse: Pulse) -> None:
    """Serve one listener until they leave or the station stops.

    Event `changed`, with a mark of the newest entry as id and data, when there is another; who
    comes back with `Last-Event-ID`, or comes with `?after=<mark>` from a page made at that
    mark, is told at once that something was missed. Event `watch` every 5 s, which also keeps
    the line open.
    """
    if len(pulse.listeners) >= MOST_LISTENERS:
        await answer_sentence(
            send,
            status=503,
            sentence="Too many pages listen already. This page still works: reload it to see news.",
            more=((b"retry-after", b"30"),),
        )
        return
    woken = asyncio.Event()
    pulse.listeners.add(woken)
    leaving = asyncio.create_task(_until_gone(receive, woken=woken))
    try:
        await start(
            send,
            status=200,
            kind=b"text/event-stream; charset=utf-8",
            more=((b"x-accel-buffering", b"no"),),
        )
        await _write(send, f"retry: {_RETRY_MILLISECONDS}\n\n" + _watch(pulse=pulse))
        await _talk(send, pulse=pulse, woken=woken, leaving=leaving, seen=_last_seen(scope))
    except OSError:
        return  # the listener hung up while we were talking
    finally:
        pulse.listeners.discard(woken)
        leaving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await leaving


async def _talk(
    send: Send,
    *,
    pulse: Pulse,
    woken: asyncio.Event,
    leaving: asyncio.Task[None],
    seen: str | None,
) -> None:
    loop = asyncio.get_running_loop()
    watch_due_seconds = loop.time() + WATCH_EVERY_SECONDS
    seen = _tick(pulse) if seen is None else seen
    while not (leaving.done() or pulse.stopping):
        woken.clear()
        tick = _tick(pulse)
        if tick is not None and tick != seen:
            if seen is not None:
                await _write(send, f"id: {tick}\nevent: changed\ndata: {tick}\n\n")
            seen = tick
        if loop.time() >= watch_due_seconds:
            await _write(send, _watch(pulse=pulse))
            watch_due_seconds = loop.time() + WATCH_EVERY_SECONDS
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), watch_due_seconds - loop.time())
    if not leaving.done():
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _tick(pulse: Pulse) -> str | None:
    number = pulse.number()
    return None if number is None else tick_of(number)


def _last_seen(scope: Scope) -> str | None:
    text = header(scope, b"last-event-id")
    if not text:
        query = parse_qs(bytes(scope.get("query_string", b"")).decode("latin-1"))
        text = query.get("after", [""])[0]
    return text if is_tick(text) else None


def _watch(*, pulse: Pulse) -> str:
    age = pulse.watch_age_seconds()
    data = {
        "age_seconds": None if age is None else round(age, 1),
        "fresh": pulse.watch_is_fresh(),
        "bars": pulse.bars(),
        "now": clock.now().isoformat(),
    }
    return f"event: watch\ndata: {json.dumps(data)}\n\n"


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _until_gone(receive: Receive, *, woken: asyncio.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    woken.set()
