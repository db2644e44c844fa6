"""`python -m bench.catch_up`: so many parties overdue after so many hours down (promise P7).

A real station on SQLite and on a PostgreSQL of its own (which runs without fsync here, as in the
tests), real watchkeeper processes, a provider on loopback, real seconds. It prints how many seconds
after the start of the watchkeepers everybody was named, how many messages one person got in five
minutes, and whether the order held: past the call-out time first, then the longest overdue.

`--json` prints the figures as JSON, `--out FILE` writes them with every message. Must: 120 s, aim
60 s for whoever is past the call-out time; three messages a person. The others wait for the doors.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests import pgplugin, sinks

MUST_SECONDS = 120.0
MUST_MESSAGES = 3
WINDOW_SECONDS = 300.0
GRACE_MINUTES = 60
EVERY_SECONDS = 0.05
NAMED = re.compile(r"\b(ALERT|UNCERTAINTY|DISTRESS) A-\d+: (U\d+)")


@dataclass
class Figures:
    """What came of one run. Seconds count from the start of the watchkeepers' processes."""

    database: str
    parties: int
    hours_down: float
    watchkeepers: int
    past_call_out: int
    named: int = 0
    first_seconds: float | None = None
    past_call_out_named_seconds: float | None = None
    all_named_seconds: float | None = None
    all_asked_seconds: float | None = None
    most_in_five_minutes: int = 0
    blind_period_said: bool = False
    order_held: bool = False
    holds: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Got:
    """One message as the provider got it."""

    seconds: float
    to: str
    subject: str
    text: str

    @property
    def names(self) -> list[tuple[str, str]]:
        """Phase and party of each alarm that it names."""
        return NAMED.findall(self.text if self.subject[0].isdigit() else f"{self.subject}: ")


def due_minutes_ago(parties: int, hours: float) -> list[float]:
    """When each was expected back, the longest overdue first: seven of eight over the whole outage
    and past the call-out time, the others within the last fifty minutes. No call-out time passes
    while we listen: the first word of that is new, and no limit holds it back."""
    urgent = parties * 7 // 8
    return [
        *_spread(hours * 60 - 10, GRACE_MINUTES + 5, urgent),
        *_spread(GRACE_MINUTES - 10, 5, parties - urgent),
    ]


def _spread(most: float, least: float, count: int) -> list[float]:
    return [most - (most - least) * number / max(1, count - 1) for number in range(count)]


def _environment(folder: Path, database: str, server: str) -> dict[str, str]:
    pgplugin.chosen.database = database
    own = pgplugin.own_station(folder=folder, name="catch_up") if database == "sqlite" else None
    if own is None:
        with _variable("HOMEBY_DATABASE_URL", server):
            own = pgplugin.own_station(folder=folder, name="catch_up")
    return own | {
        "DJANGO_SETTINGS_MODULE": "homeby.django_settings",
        "HOMEBY_WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
    }


@contextlib.contextmanager
def _variable(name: str, value: str) -> Iterator[None]:
    import os

    kept = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name)
        if kept is not None:
            os.environ[name] = kept


def _listen(sink: sinks.HttpSink, got: list[Got], began: float, *, until: float) -> None:
    """Note when each message arrives."""
    while time.monotonic() < until:
        for request in sink.requests[len(got) :]:
            body = json.loads(request.body)
            got.append(
                Got(
                    seconds=round(time.monotonic() - began, 2),
                    to=request.path.partition("who=")[2],
                    subject=body["subject"],
                    text=body["text"],
                )
            )
        threading.Event().wait(EVERY_SECONDS)


def _watch(own: dict[str, str], sink: sinks.HttpSink, *, keepers: int, seconds: float) -> list[Got]:
    got: list[Got] = []
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        for number in range(keepers):
            words = ["-m", "homeby", "watchkeeper", "--name", f"bench {number}"]
            keeper = subprocess.Popen([sys.executable, *words], env=own, stderr=subprocess.DEVNULL)
            stack.callback(keeper.wait, 30)
            stack.callback(keeper.terminate)
        _listen(sink, got, began, until=began + seconds)
    return got


def figures_of(found: Figures, got: list[Got], parties: list[str]) -> Figures:
    """Judge what arrived. `parties` are in the order of how long they are overdue."""
    to_watchers = [one for one in got if not one.to.startswith("U") and one.names]
    named = {name: one.seconds for one in reversed(to_watchers) for _phase, name in one.names}
    to_parties = [one for one in got if one.to in parties and "are you back" in one.subject]
    asked = {one.to: one.seconds for one in reversed(to_parties)}
    urgent = parties[: found.past_call_out]
    found.named = len(named.keys() & set(parties))
    found.first_seconds = min((one.seconds for one in to_watchers), default=None)
    if named.keys() >= set(urgent) and urgent:
        found.past_call_out_named_seconds = max(named[name] for name in urgent)
    if named.keys() >= set(parties):
        found.all_named_seconds = max(named[name] for name in parties)
    if asked.keys() >= set(parties):
        found.all_asked_seconds = max(asked[name] for name in parties)
    found.most_in_five_minutes = max(most_in_window(got, to) for to in {one.to for one in got})
    first = [one for one in to_watchers if any(named[n] == one.seconds for _, n in one.names)]
    told = [*first, *to_parties]
    found.blind_period_said = all("The watch was blind from" in one.text for one in told)
    found.order_held = order_held(to_watchers, parties, found.past_call_out)
    found.holds = (
        found.all_named_seconds is not None
        and found.all_named_seconds <= MUST_SECONDS
        and found.most_in_five_minutes <= MUST_MESSAGES
        and found.order_held
        and found.blind_period_said
    )
    found.messages = [asdict(one) for one in got]
    return found


def most_in_window(got: list[Got], to: str) -> int:
    """The most messages that somebody got within five minutes."""
    at = [one.seconds for one in got if one.to == to]
    return max(sum(a <= b < a + WINDOW_SECONDS for b in at) for a in at)


def order_held(to_watchers: list[Got], parties: list[str], past_call_out: int) -> bool:
    """Whether each person heard first of who is past the call-out time, and within a message of the
    longest overdue first."""
    place = {name: number for number, name in enumerate(parties)}
    for person in {one.to for one in to_watchers}:
        first_wave = True
        for message in (one for one in to_watchers if one.to == person):
            places = [place[name] for _phase, name in message.names]
            if places != sorted(places):
                return False
            urgent = places[0] < past_call_out
            if urgent and not first_wave:
                return False
            first_wave = first_wave and urgent
    return True


def run(database: str, server: str, words: argparse.Namespace) -> Figures:
    """One station, from its build to its figures."""
    dues = due_minutes_ago(words.parties, words.hours)
    with tempfile.TemporaryDirectory(prefix="homeby-bench-") as folder, sinks.http_sink() as sink:
        own = _environment(Path(folder), database, server)
        build = ["-m", "bench.catch_up_station", sink.url(), str(words.parties), str(words.hours)]
        subprocess.run([sys.executable, *build], env=own, check=True)
        got = _watch(own, sink, keepers=words.watchkeepers, seconds=words.seconds)
    found = Figures(
        database=database,
        parties=words.parties,
        hours_down=words.hours,
        watchkeepers=words.watchkeepers,
        past_call_out=sum(due >= GRACE_MINUTES for due in dues),
    )
    return figures_of(found, got, [f"U{number:04d}" for number in range(words.parties)])


def _said(one: Figures) -> str:
    return (
        f"{one.database}: {one.named} of {one.parties} named after {one.hours_down:g} h down; "
        f"the {one.past_call_out} past the call-out time in {one.past_call_out_named_seconds} s, "
        f"all in {one.all_named_seconds} s (must {MUST_SECONDS:g}); "
        f"each party asked in {one.all_asked_seconds} s; "
        f"at most {one.most_in_five_minutes} messages a person in 5 min (must {MUST_MESSAGES}); "
        f"order {'held' if one.order_held else 'BROKEN'}; "
        f"blind period {'said in each' if one.blind_period_said else 'UNSAID'}"
    )


def main(args: list[str]) -> int:
    """Run on each database; 1 if a figure is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.catch_up", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--parties", type=int, default=500)
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--watchkeepers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=290.0, help="how long to listen")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path)
    words = parser.parse_args(args)
    chosen = ("sqlite", "postgresql") if words.database == "both" else (words.database,)
    with contextlib.ExitStack() as stack:
        server = ""
        if "postgresql" in chosen:
            server, stop = pgplugin.start_postgresql()
            stack.callback(stop)
        found = [run(database, server, words) for database in chosen]
    rows = [asdict(one) for one in found]
    if words.out is not None:
        words.out.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    short = [{k: v for k, v in row.items() if k != "messages"} for row in rows]
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    print(json.dumps({"at": at, "runs": short}) if words.json else "\n".join(map(_said, found)))
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
