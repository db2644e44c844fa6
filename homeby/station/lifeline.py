"""A child of the supervisor leaves when the supervisor is gone, even when that was killed outright.

The supervisor holds the other end of the child's standard input and never writes to it. When the
supervisor dies, by whatever hand, the kernel closes that end, and reading gives "end of file".
"""

from __future__ import annotations

import os
import signal
import threading

from homeby import clock

#: Set by the supervisor for its children; without it standard input is left alone.
VARIABLE = "HOMEBY_LIFELINE"

_STANDARD_INPUT = 0
_SECONDS_TO_LEAVE = 4.0


def hold_if_asked() -> None:
    """From now on leave, as if asked by SIGTERM, when the supervisor is gone.

    Does nothing in a process that was not started by the supervisor. What has not left after 4 s
    is ended at once: another supervisor may already be waiting for the port.
    """
    if os.environ.get(VARIABLE):
        threading.Thread(target=_hold, name="lifeline", daemon=True).start()


def _hold() -> None:
    # Not sys.stdin: its lock would be inherited by a forked worker and hold it for ever.
    while _read():
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    clock.wait(seconds=_SECONDS_TO_LEAVE, stop=threading.Event())
    os._exit(1)


def _read() -> bytes:
    try:
        return os.read(_STANDARD_INPUT, 1024)
    except OSError:
        return b""
