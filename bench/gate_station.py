"""The station whose gate is measured: filled with parties that are out, and counted afterwards.

`python -m bench.gate_station fill PARTIES | count`, in the environment of the station.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any

import django

django.setup()

from homeby import clock  # noqa: E402
from homeby.logbook.models import Entry  # noqa: E402
from homeby.logbook.verification import verify  # noqa: E402
from homeby.missions.models import Mission  # noqa: E402
from homeby.missions.rules import PlanTimes  # noqa: E402
from homeby.settings import current  # noqa: E402
from homeby.station import start  # noqa: E402
from homeby.watch.models import Deadline  # noqa: E402
from tests.rooms.devices import phone_of  # noqa: E402
from tests.world import World  # noqa: E402


def fill(parties: int) -> dict[str, Any]:
    """So many parties of two, out for ten hours, checking in every hour by the leader's phone."""
    start.prepare(settings=current())
    world = World(now=clock.now()).build()
    due_at = world.now.replace(microsecond=0) + dt.timedelta(hours=10)
    devices = []
    for number in range(parties):
        who = (f"leader {number}", f"mate {number}")
        for one in who:
            world.add(one, reachable=False)
        mission = world.send_out(*who, times=PlanTimes(due_at=due_at, check_in_minutes=60))
        devices.append((phone_of(world, who[0]).key, str(mission.pk)))
    return {"devices": devices}


def count() -> dict[str, Any]:
    """What stands in the tables: entries, missions that were heard, open deadlines, the logbook."""
    open_ones = Deadline.objects.filter(state="OPEN", subject__ref__startswith="mission:")
    return {
        "check_ins": Entry.objects.filter(kind="MISSION_CHECKED_IN").count(),
        "missions": Mission.objects.filter(state="OUT", heard_at__isnull=False).count(),
        "deadlines": open_ones.filter(kind="CHECK_IN").count(),
        "returns": open_ones.filter(kind="RETURN").count(),
    }


def main() -> None:
    """Do one of them and print it."""
    what = sys.argv[1]
    done = fill(int(sys.argv[2])) if what == "fill" else count()
    if what == "verify":
        done = {"difference": verify().difference}
    json.dump(done, sys.stdout)


if __name__ == "__main__":
    main()
