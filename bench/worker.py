"""One station's process: does what it is asked, a line of JSON each, until its input ends."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Max  # noqa: E402

from bench import (  # noqa: E402
    board_station,
    logbook_station,
    pace,
    plain,
    readiness_station,
    seed,
    visible_station,
)
from homeby import clock  # noqa: E402
from homeby.watch.actions.tick import tick  # noqa: E402
from homeby.watch.models import Alarm  # noqa: E402
from homeby.watch.watchkeeper import spare_collection  # noqa: E402

#: The rows of one alarm as the watch has made them last.
LIKE: list[plain.Pattern] = []


def found(*, people: int, hook: str, open_ones: int) -> dict[str, Any]:
    """Found the station and fill it; how long that took."""
    now, began = clock.now(), time.perf_counter()
    seed.found(people=people, hook=hook, now=now)
    seed.open_deadlines(
        count=open_ones, first_at=now + seed.LATER, apart_seconds=seed.APART_SECONDS
    )
    seed.settle()
    return {"seconds": time.perf_counter() - began}


def burst_of_the_watch(*, count: int) -> dict[str, Any]:
    """`count` fall due at once: the real tick, until nothing more is due."""
    seed.due_now(count=count, now=clock.now())
    began = time.perf_counter()
    alarms, batches, more = 0, 0, True
    while more:
        done = tick(now=clock.now())
        alarms, batches, more = alarms + done.opened, batches + 1, done.more
    seconds = time.perf_counter() - began
    LIKE[:] = [plain.pattern()]
    return {"seconds": seconds, "alarms": alarms, "batches": batches}


def burst_of_the_driver(*, count: int, way: str) -> dict[str, Any]:
    """The same with the plain driver."""
    like = LIKE[0]
    seed.due_now(count=count, now=clock.now())
    number = Alarm.objects.aggregate(last=Max("number"))["last"]
    began = time.perf_counter()
    done = plain.run(like=like, now=clock.now(), number=number, way=way)
    seconds = time.perf_counter() - began
    seed.note_numbers(number + done + 1)
    return {"seconds": seconds, "alarms": done, "rows_an_alarm": like.row_count}


def trickle_of_the_driver(*, count: int, per_second: float) -> dict[str, Any]:
    """The same deadlines one after the other, by the plain driver."""
    return pace.trickle_of_the_driver(count=count, per_second=per_second, like=LIKE[0])


def clear_burst() -> dict[str, Any]:
    """What the bursts have left is over: the next burst finds no open alarm and no queue."""
    seed.end_alarms()
    return {}


DOES: dict[str, Callable[..., dict[str, Any]]] = {
    "found": found,
    "burst of the watch": burst_of_the_watch,
    "burst of the driver": burst_of_the_driver,
    "clear": clear_burst,
    "empty claims": pace.empty_claims,
    "asleep": pace.asleep,
    "trickle": pace.trickle,
    "trickle of the driver": trickle_of_the_driver,
    "first words": pace.first_words,
    "send out": board_station.send_out,
    "look at the board": board_station.looked_at,
    "look at what is visible": visible_station.looked_at,
    "fill the logbook": logbook_station.filled,
    "check the logbook": logbook_station.checked,
    "fill with skills": readiness_station.filled,
    "look at skills": readiness_station.looked_at,
}


def main() -> None:
    """Answer until the input ends."""
    spare_collection()  # as in the process of a watchkeeper
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    for line in sys.stdin:
        asked = json.loads(line)
        answer = DOES[asked.pop("what")](**asked)
        print(json.dumps(answer), flush=True)
    connection.close()


if __name__ == "__main__":
    main()
