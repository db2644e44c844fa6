"""`python -m tests.powercut.writer FILE MODE TAPS`: real acts on a real station, recorded.

Writes to FILE (pickled) the files as they were, and what the disk was asked for since. MODE is
FULL (Homeby's own) or NORMAL (the usual advice for WAL), which is planted to show that it loses.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any


def record(mode: str, taps: int) -> dict[str, Any]:
    """The village goes out and checks in, so many times."""
    from django.db import connection

    from homeby.logbook.models import Entry
    from homeby.settings import current
    from homeby.station import start
    from tests.powercut.recording import Recording
    from tests.world import World

    start.prepare(settings=current())
    world = World().build()
    mission = world.send_out("agent", "mate", due_minutes=60 * 24 * 30)
    connection.close()
    path = Path(str(connection.settings_dict["NAME"]))
    found = {"file": path.read_bytes(), "name": path.name}
    recording = Recording(database=str(path))
    recording.install()
    if mode != "FULL":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")
            cursor.execute("PRAGMA wal_autocheckpoint=200")
    for number in range(taps):
        world.now += world.now.resolution * 60_000_000
        world.check_in(mission)
        recording.confirmed(Entry.objects.count())
        if number % 10 == 0:
            world.look()
            recording.confirmed(Entry.objects.count())
    return found | {"steps": recording.steps}


if __name__ == "__main__":
    import django

    django.setup()
    target, mode, taps = sys.argv[1:]
    Path(target).write_bytes(pickle.dumps(record(mode, int(taps))))
