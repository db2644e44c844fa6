"""What systemd is told: that the station has started, and that its supervisor is alive.

The protocol is a datagram of a few words to the socket that systemd names (sd_notify(3)). Elsewhere
there is none, and nothing is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket

_MICROSECONDS = 1_000_000


def tell(words: str) -> bool:
    """Send these words, such as READY=1; whether there was anybody to take them."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if place[:1] not in ("/", "@"):
        return False
    address = "\0" + place[1:] if place.startswith("@") else place
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        line.sendto(words.encode(), address)
        return True
    return False


def every_seconds() -> float | None:
    """How often a sign of life is due: twice in the time after which systemd starts the station
    again (WatchdogSec). None where nobody waits for one."""
    given = os.environ.get("WATCHDOG_USEC", "")
    if not given.isascii() or not given.isdigit() or int(given) == 0:
        return None
    return int(given) / _MICROSECONDS / 2


async def stay_alive() -> None:
    """Say that the supervisor's loop turns, for as long as it does; ends at once where nobody waits
    for it."""
    seconds = every_seconds()
    while seconds is not None:
        tell("WATCHDOG=1")
        await asyncio.sleep(seconds)
