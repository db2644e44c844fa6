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
import uuid
from dataclasses import dataclass
from pathlib import Path

from homeby import steady

VARIABLE = "HOMEBY_CLOCK"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_COUNT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_TRIES = 5
_TOGETHER_SECONDS = 0.5


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


def _machine() -> str:
    """This switching-on of this machine, as all its processes call it. Where the machine gives it
    no name, no other process can compare its count with ours, so the name is ours alone. A time
    namespace of its own (a container may have one) counts differently."""
    try:
        boot = _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return f"process {uuid.uuid4()}"
    try:
        space = os.readlink("/proc/self/ns/time")
    except OSError:
        space = ""
    return f"{boot} {space}".strip()


_name = _machine()


def wall_now() -> dt.datetime:
    """What the wall clock of this machine shows, right or wrong."""
    return dt.datetime.now(dt.UTC)


def boot_seconds() -> float:
    """What the machine has counted since it was switched on, sleep included where it can. Spans are
    measured by it: nobody sets it, so it only goes forward."""
    return time.clock_gettime(_COUNT)


def clocks() -> steady.Clocks:
    """Both clocks at one moment: a process that was stopped between the two readings reads again,
    or it would accuse the wall clock."""
    for _ in range(_TRIES):
        before, wall_at, after = boot_seconds(), wall_now(), boot_seconds()
        if after - before <= _TOGETHER_SECONDS:
            break
    return steady.Clocks(wall_at=wall_at, boot_seconds=(before + after) / 2, machine=_name)


_zero_at = clocks().zero_at


def trusted() -> dt.datetime:
    """The zero that this process trusts (`homeby.steady`)."""
    return _zero_at


def trust(*, zero_at: dt.datetime) -> None:
    """Go by this zero from now on."""
    global _zero_at  # as with the pace: a process has one clock
    _zero_at = zero_at


def real_now() -> dt.datetime:
    """The true time as far as this machine knows it, aware, UTC: not a demonstration's, and not
    that of a wall clock which was moved."""
    return steady.time_at(clocks(), _zero_at)


def set_pace(*, speed: float) -> None:
    """Run from now on at `speed` times life, in this process and in the processes it starts."""
    global _pace  # the clock is the one thing a process has exactly one of
    _pace = Pace(real_at=real_now(), shown_at=now(), speed=speed)
    os.environ[VARIABLE] = _pace.as_text()


def is_paced() -> bool:
    """Whether the station's time is not the machine's: a demonstration runs faster than life."""
    return _pace is not None


def paced_seconds() -> float | None:
    """For how many real seconds the pace has been set; None where there is none. What was before
    cannot be told in the station's time."""
    return None if _pace is None else (real_now() - _pace.real_at).total_seconds()


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
