"""`homeby drill`: begin a drill, wait until it is over, print how it went."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from homeby import clock, instants
from homeby.logbook.rules import Refused, new_tap
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch.actions import drills
from homeby.watch.queries import exercises
from homeby.watch.queries.exercises import DrillReport
from homeby.watch.rules import DrillFigures, PersonReached

LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 120.0
Say = Callable[[str], None]


def run(*, wish: drills.Wish, as_json: bool, say: Say) -> int:
    """Begin a drill as the administrator of this machine, and print its report when it is over.
    Returns 0, 1 where nobody was reached, 2 where it could not begin. Stopped meanwhile, the drill
    goes on; `report` prints what became of it."""
    if not watch.is_fresh(watch.watch_age_seconds(real_now=clock.real_now())):
        say("The watch is not awake: nobody would be told. Start the station by `homeby run`.")
        return 2
    tap = new_tap()
    try:
        say(drills.begin(wish=wish, by=STATION, now=clock.now(), tap=tap))
    except Refused as refused:
        say(str(refused))
        return 2
    if not _wait(tap.entry_id):
        say("The watch does not end it. See `homeby doctor`.")
        return 2
    return report(as_json=as_json, say=say)


def _wait(drill_id: uuid.UUID) -> bool:
    """Until the drill is over; not longer than its time and the watch's patience."""
    never = threading.Event()
    found = exercises.drill_report(STATION, drill_id)
    assert found is not None, "it was just begun"
    lasts = (found.ends_at - found.began_at).total_seconds() / clock.speed() + PATIENCE_SECONDS
    until = clock.boot_seconds() + lasts
    while clock.boot_seconds() < until:
        found = exercises.drill_report(STATION, drill_id)
        if found is not None and found.is_over:
            return True
        clock.wait(seconds=LOOK_SECONDS, stop=never)
    return False


def report(*, as_json: bool, say: Say) -> int:
    """Print how the last drill went, beside the one before."""
    found = exercises.drill_reports(STATION, limit=2)
    if not found:
        say("There was no drill yet. Begin one with `homeby drill`.")
        return 2
    before = found[1].figures if len(found) > 1 else None
    print(as_json_text(found[0], before) if as_json else as_text(found[0], before))
    return 0 if found[0].figures.reached else 1


def as_json_text(one: DrillReport, before: DrillFigures | None) -> str:
    """The report for a program; times in seconds from when each message was written."""
    content: dict[str, Any] = asdict(one)
    for person, row in zip(one.people, content["people"], strict=True):
        row["handed_seconds"], row["received_seconds"] = (
            person.handed_seconds,
            person.received_seconds,
        )
    content["before"] = asdict(before) if before else None
    return json.dumps(content, ensure_ascii=False, indent=2, default=str)


def as_text(one: DrillReport, before: DrillFigures | None) -> str:
    """The report in lines: the drill, each person, the figures."""
    state = one.ended_how if one.is_over else "It is still on."
    lines = [
        f"EXERCISE {one.alarm} by the plan {one.plan}, begun {one.began_at:%Y-%m-%d %H:%MZ} by "
        f"{one.began_by}. {state}",
        *(f"  {_person(person)}" for person in one.people),
    ]
    if one.left_out:
        lines.append(f"Not part of an exercise: {', '.join(one.left_out)}.")
    lines.append(_figures(one.figures))
    if before is not None:
        lines.append(f"The drill before: {_figures(before)}")
    return "\n".join(lines)


def _person(one: PersonReached) -> str:
    if one.why_not:
        return f"{one.name}: not reached. {one.why_not}"
    channels = ", ".join(sorted({each.channel for each in one.channels}))
    said = [f"handed after {_span(one.handed_seconds)}"]
    if one.received_seconds is not None:
        said.append(f"received after {_span(one.received_seconds)}")
    if one.taken_seconds is not None:
        said.append(f"taken after {_span(one.taken_seconds)}")
    return f"{one.name} ({channels}): {', '.join(said)}."


def _figures(one: DrillFigures) -> str:
    handed = f"{_span(one.handed_median_seconds)}, slowest {_span(one.handed_slowest_seconds)}"
    taken = f"{_span(one.taken_median_seconds)}, slowest {_span(one.taken_slowest_seconds)}"
    return (
        f"{one.reached} of {one.asked} reached, handed after {handed} (median); "
        f"taken by {one.taken}, after {taken}."
    )


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "–"  # noqa: RUF001
    return instants.span(seconds) if seconds >= 1 else f"{seconds:.1f} s"
