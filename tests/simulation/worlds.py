"""`python -m tests.simulation.worlds FIRST STEP SECONDS DAYS`: live world after world for so many
seconds, on the database of the environment or a SQLite file of its own; a line of JSON for each.
Words may follow: STOP ends it after the first broken promise, SMALL makes the stations small.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tests.simulation import chance

MEMORY = Path(
    "/dev/shm"
)  # a disk in memory: crashes of processes are simulated here, power cuts not


@contextlib.contextmanager
def _own_home() -> Iterator[None]:
    """A folder of our own, where nobody gave us one."""
    own = {"HOMEBY_TESTS": "1", "HOMEBY_ALLOW_UNSAFE_DATABASE": "1"}
    own["DJANGO_SETTINGS_MODULE"] = "homeby.django_settings"
    os.environ.update(own)
    if os.environ.get("HOMEBY_HOME"):
        yield
        return
    where = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="homeby-simulation-", dir=where) as folder:
        os.environ["HOMEBY_HOME"] = folder
        yield


def live(
    first: int, step: int, seconds: float, days: float, *, stop: bool = False, small: bool = False
) -> None:
    """World after world, at least one."""
    chance.rule_ids()
    import django

    django.setup()
    logging.disable(logging.CRITICAL)  # trouble is wanted here; the story tells it
    from tests.simulation.database import FreshStation
    from tests.simulation.world_simulator import Simulation

    station = FreshStation()
    chance.begin("build")
    station.build()
    until = time.monotonic() + seconds
    seed = first
    while True:
        station.renew()
        told = Simulation(station, seed=seed, days=days, small=small).run()
        sys.stdout.write(json.dumps(asdict(told)) + "\n")
        sys.stdout.flush()
        seed += step
        if time.monotonic() >= until or (stop and told.broken):
            return


if __name__ == "__main__":
    words = sys.argv[1:]
    with _own_home():
        live(
            int(words[0]),
            int(words[1]),
            float(words[2]),
            float(words[3]),
            stop="STOP" in words[4:],
            small="SMALL" in words[4:],
        )
