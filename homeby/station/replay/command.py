"""What `homeby replay` says: the report, the rejects, and whether watch and records agree."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from homeby.instants import TimeProblem
from homeby.station.importing import loading, reading
from homeby.station.importing.durations import parse_due
from homeby.station.importing.records import Reject
from homeby.station.replay import running

REJECTS_SHOWN = 10
MEANINGS = {
    "missions": "missions replayed",
    "subjects": "distinct people or units",
    "most_out": "most missions out at once",
    "most_out_at": "when that was first so",
    "still_out": "still out at the end",
    "sent_again_while_out": "departures of somebody whose earlier mission was still open",
    "overdue": "overdue: back later than due, or never",
    "overdue_30_min": "overdue if due half an hour later",
    "median_minutes": "median minutes out, of those that came back",
    "longest_minutes": "longest minutes out",
    "alarms": "alarms raised by the watch",
    "alarms_ended_by_return": "alarms ended by a return",
    "messages": "messages made, without repetitions of a last step",
    "rejected": "rows that could not be used",
}


def run(
    path: Path,
    map_name: str,
    *,
    due: str,
    as_json: bool,
    say: Callable[[str], None],
    ready: Callable[[], None],
) -> int:
    """Replay a file. 0: done; 1: done, but the file broke off or figures differ; 2: not done.
    `ready` makes the station of the replay; what cannot be replayed is said before that."""
    try:
        due_after = parse_due(text=due)
        mapping = loading.load(path=Path(map_name))
    except (TimeProblem, loading.MapProblem) as trouble:
        say(str(trouble))
        return 2
    found = reading.read_all(path, mapping)
    if not found.missions:
        say(found.problem.sentence if found.problem else "The file holds no mission.")
        _say_rejects(found.rejects, say)
        return 2
    ready()
    report = running.run(found.missions, due_after=due_after, rejected=len(found.rejects), say=say)
    print(json.dumps(report.as_dict(), indent=2) if as_json else _words(report))
    _say_rejects(found.rejects, say)
    if found.problem:
        say(found.problem.sentence)
    if report.contradiction:
        say(report.contradiction)
        return 1
    return 1 if found.problem else 0


def _say_rejects(rejects: Sequence[Reject], say: Callable[[str], None]) -> None:
    for reject in rejects[:REJECTS_SHOWN]:
        say(f"line {reject.line}: {reject.reason}")
    more = len(rejects) - REJECTS_SHOWN
    if more > 0:
        say(f"and {more} more; `homeby import --dry-run --rejects FILE` keeps them all in a file")


def _words(report: running.Report) -> str:
    width = max(len(text) for text in MEANINGS.values())
    return "\n".join(
        f"{MEANINGS[name]:<{width}}  {value}" for name, value in report.as_dict().items()
    )
