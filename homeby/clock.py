"""The one door through which Homeby reads the time (house rule 5).

Everybody else receives `now`. A demonstration may run faster than life: the environment variable
`HOMEBY_CLOCK` holds `<real ISO instant>|<shown ISO instant>|<speed>`, set once by the supervisor so
that all processes of one station agree.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from dataclasses import dataclass

VARIABLE = "HOMEBY_CLOCK"
_COUNT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """At real instant `real_at` the clock showed `shown_at`; it runs at `speed` times life."""

    real_at: dt.datetime
    shown_at: dt.datetime
    speed: float

    def as_text(self) -> str:
        """The form in which the environment carries it to the other processes."""
        return f"{self.real_at.isoformat()}|{self.shown_at.isoformat()}|{self.speed}"


def _pace_from_environment() -> Pace | None:
    text = os.environ.get(VARIABLE, "")
    if not text:
        return None
    real, shown, speed = text.split("|")
    return Pace(
        real_at=dt.datetime.fromisoformat(real),
        shown_at=dt.datetime.fromisoformat(shown),
        speed=float(speed),
    )


_pace = _pace_from_environment()


def real_now() -> dt.datetime:
    """The machine's own time, aware, UTC."""
    return dt.datetime.now(dt.UTC)


def boot_seconds() -> float:
    """What the machine has counted since it was switched on, sleep included where it can. Spans are
    measured by it: nobody sets it, so it only goes forward."""
    return time.clock_gettime(_COUNT)


def set_pace(*, speed: float) -> None:
    """Run from now on at `speed` times life, in this process and in the processes it starts."""
    global _pace  # the clock is the one thing a process has exactly one of
    _pace = Pace(real_at=real_now(), shown_at=now(), speed=speed)
    os.environ[VARIABLE] = _pace.as_text()


def speed() -> float:
    """How many seconds of the station pass in one real second; 1.0 outside a demonstration."""
    return _pace.speed if _pace else 1.0


def now() -> dt.datetime:
    """The station's time, aware, UTC."""
    if _pace is None:
        return real_now()
    return _pace.shown_at + (real_now() - _pace.real_at) * _pace.speed


def wait(*, seconds: float, stop: threading.Event) -> bool:
    """Wait real seconds or until `stop` is set; say whether it was set."""
    return stop.wait(max(0.0, seconds))
