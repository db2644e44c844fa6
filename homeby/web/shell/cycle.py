"""`/health/cycle`: has the watch made a full look that began after you asked?

`/healthz` answers at once from what is known; this one waits until the watch has proved itself.
"""

from __future__ import annotations

import asyncio

from homeby.web.shell.protocol import Send, answer_json
from homeby.web.shell.pulse import Pulse

LIMIT_SECONDS = 10.0
MOST_WAITING = 100
#: The first look that ends after the question may have begun before it; the same watchkeeper's
#: next one has not. So no clock of one machine is compared with that of another.
ENDS_NEEDED = 2

_waiting: set[object] = set()


async def cycle(send: Send, *, pulse: Pulse) -> None:
    """200 once a watchkeeper has begun and finished a look since the request came; 503 with a
    sentence when none has within 10 s."""
    if len(_waiting) >= MOST_WAITING:
        await answer_json(
            send, status=503, content={"sentence": "Too many wait for the watch already."}
        )
        return
    me = object()
    _waiting.add(me)
    try:
        asked_seconds = asyncio.get_running_loop().time()
        name = await _whoever_looks(pulse, asked_seconds=asked_seconds)
        waited = round(asyncio.get_running_loop().time() - asked_seconds, 1)
    finally:
        _waiting.discard(me)
    content: dict[str, object] = {"waited_seconds": waited}
    if name is None:
        content["sentence"] = (
            f"No watchkeeper made a full look within {LIMIT_SECONDS:g} seconds; `homeby doctor` "
            "says more."
        )
    else:
        content["watchkeeper"] = name
    await answer_json(send, status=503 if name is None else 200, content=content)


async def _whoever_looks(pulse: Pulse, *, asked_seconds: float) -> str | None:
    """The watchkeeper that began and finished a look after `asked_seconds`; None if none did."""
    loop = asyncio.get_running_loop()
    seen_seconds, before = asked_seconds, None
    ends: dict[str, int] = {}
    while not pulse.stopping:
        left = asked_seconds + LIMIT_SECONDS - loop.time()
        look = await pulse.next_look(after_seconds=seen_seconds, timeout_seconds=max(left, 0.0))
        if look is None:
            return None
        seen_seconds, looks = look.taken_seconds, look.snapshot.looks
        for name, looked_at in looks.items():
            if before is not None and before.get(name) != looked_at:
                ends[name] = ends.get(name, 0) + 1
                if ends[name] >= ENDS_NEEDED:
                    return name
        before = looks
    return None
