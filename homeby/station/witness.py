"""The second clock: what the machine has counted since it was switched on.

The wall clock can be set, by hand, by the network or by a dead battery; the count since boot
cannot. At its start the station notes both, and later asks whether they still agree
(`RELIABILITY.md` section 4, "clock disputed").
"""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import dataclass
from pathlib import Path

FILE_NAME = "clock-witness.json"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Both clocks at one moment. `boot_id` tells one switching-on from the next."""

    wall_at: dt.datetime
    boot_seconds: float
    boot_id: str


def read(*, real_now: dt.datetime) -> Reading | None:
    """Both clocks now; None on a machine that does not count since boot (not Linux)."""
    count = getattr(time, "CLOCK_BOOTTIME", None)
    if count is None or not _BOOT_ID.exists():
        return None
    return Reading(
        wall_at=real_now,
        boot_seconds=time.clock_gettime(count),
        boot_id=_BOOT_ID.read_text(encoding="ascii").strip(),
    )


def note(*, home: Path, reading: Reading | None) -> None:
    """Keep the reading in the station's folder. Raises OSError."""
    if reading is None:
        return
    content = {
        "wall_at": reading.wall_at.isoformat(),
        "boot_seconds": reading.boot_seconds,
        "boot_id": reading.boot_id,
    }
    (home / FILE_NAME).write_text(json.dumps(content) + "\n", encoding="ascii")


def noted(*, home: Path) -> Reading | None:
    """The reading that was kept; None when there is none, or none that can be read."""
    try:
        content = json.loads((home / FILE_NAME).read_text(encoding="ascii"))
        return Reading(
            wall_at=dt.datetime.fromisoformat(content["wall_at"]),
            boot_seconds=float(content["boot_seconds"]),
            boot_id=str(content["boot_id"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def wall_moved_seconds(*, then: Reading, now: Reading) -> float | None:
    """By how much the wall clock was moved in between: forward positive, backward negative.

    None when the machine was switched on anew meanwhile, for then the counts cannot be compared.
    """
    if then.boot_id != now.boot_id:
        return None
    wall_seconds = (now.wall_at - then.wall_at).total_seconds()
    return wall_seconds - (now.boot_seconds - then.boot_seconds)
