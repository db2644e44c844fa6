"""The speed of the watch: every figure beside its limit in the same run, on both databases.

python -m bench.watch [--json] [--out FILE] [--quick] [--database sqlite|postgresql] [--folder DIR]

What is measured, and how to read it, stands in bench/README.md.
"""

from __future__ import annotations

import json
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # also as `python bench/watch.py`

from bench.report import Report, run
from bench.stations import Worker, workers

PEOPLE = 500
PROVIDER_SECONDS = 0.2  # so long the provider at the hook takes to answer


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    open_few: int = 10_000
    open_many: int = 1_000_000
    burst: int = 10_000
    rounds: int = 3
    claims: int = 300
    asleep_seconds: float = 20
    trickle: int = 2_000
    due_in_a_second: int = 50


QUICK = Sizes(
    open_few=1_000,
    open_many=20_000,
    burst=1_000,
    rounds=2,
    claims=50,
    asleep_seconds=5,
    trickle=300,
)
BURST = {"postgresql": (0.25, 0.5), "sqlite": (0.1, 0.3)}


@dataclass
class Hook:
    """A provider on the loopback: takes every message, and keeps when it said so."""

    taken: dict[str, float] = field(default_factory=dict)
    port: int = 0

    @property
    def url(self) -> str:
        """Where messages are posted."""
        return f"http://127.0.0.1:{self.port}/hook"

    def start(self) -> None:
        """Serve until this process ends."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hook": self}))
        server.daemon_threads, self.port = True, server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    hook: Hook

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(PROVIDER_SECONDS)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.hook.taken.setdefault(body["key"].partition("/")[0], time.time())

    def log_message(self, format: str, *args: Any) -> None: ...


def burst(report: Report, many: Worker, sizes: Sizes) -> None:
    """A B A B: the watch, then the plain driver, each with as many due at once."""
    ours: list[float] = []
    plain: dict[str, list[float]] = {}
    many.ask("burst of the watch", count=100)
    many.ask("clear")
    for _ in range(sizes.rounds):
        found = many.ask("burst of the watch", count=sizes.burst)
        report.row(many.database, "burst of the watch", found)
        ours.append(found["alarms"] / found["seconds"])
        many.ask("clear")
        for way in ("copy", "unnest") if many.database == "postgresql" else ("many",):
            found = many.ask("burst of the driver", count=sizes.burst, way=way)
            report.row(many.database, f"burst of the driver ({way})", found)
            plain.setdefault(way, []).append(found["alarms"] / found["seconds"])
            many.ask("clear")
    fastest = max(plain.values(), key=statistics.median)
    ratios = [mine / limit for mine, limit in zip(ours, fastest, strict=True)]
    must, aim = BURST[many.database]
    report.figure(
        many.database,
        "burst: ratio to the fastest plain driver",
        statistics.median(ours) / statistics.median(fastest),
        must=must,
        aim=aim,
        at_least=True,
        spread=[round(min(ratios), 3), round(max(ratios), 3)],
        alarms_a_second=round(statistics.median(ours)),
        limit_a_second={way: round(statistics.median(one)) for way, one in plain.items()},
    )


def idle(report: Report, few: Worker, many: Worker, sizes: Sizes) -> None:
    """Nothing is due: few and many open by turns."""
    found: dict[Worker, list[dict[str, float]]] = {few: [], many: []}
    for _ in range(sizes.rounds):
        for worker, count in ((few, sizes.open_few), (many, sizes.open_many)):
            one = worker.ask("empty claims", count=sizes.claims)
            found[worker].append(report.row(worker.database, f"empty claims, {count} open", one))
    for name, must, aim in (("claim_ms", 1.0, 0.2), ("tick_ms", None, None)):
        small, large = ([one[name] for one in found[worker]] for worker in (few, many))
        report.figure(
            many.database,
            f"idle, {sizes.open_many} open: {name}",
            statistics.median(large),
            must=must,
            aim=aim,
            spread=[round(min(large), 4), round(max(large), 4)],
            times_that_of_few=round(statistics.median(large) / statistics.median(small), 2),
        )
    share = report.row(many.database, "asleep", many.ask("asleep", seconds=sizes.asleep_seconds))
    report.figure(
        many.database,
        f"idle, {sizes.open_many} open: percent of a core, the database's processes included",
        share["own_percent"] + share["database_percent"],
        must=0.5,
        aim=0.1,
    )


def lateness(report: Report, many: Worker, sizes: Sizes) -> None:
    """100 deadlines a second among all the others."""
    found = many.ask("trickle", count=sizes.trickle, per_second=100)
    late = sorted(found["late_ms"])
    report.row(many.database, "trickle", found)
    assert not found["lost"], "a deadline has no tick"
    many.ask("clear")
    many.ask("burst of the watch", count=10)  # shows the driver what rows an alarm has
    plain = many.ask("trickle of the driver", count=sizes.trickle, per_second=100)
    least = sorted(report.row(many.database, "trickle of the driver", plain)["late_ms"])
    for percent, must, aim in ((50, None, 5.0), (99, 100.0, 25.0)):
        report.figure(
            many.database,
            f"lateness at 100 a second: p{percent} ms",
            _percentile(late, percent),
            must=must,
            aim=aim,
            greatest=round(late[-1], 1),
            plain_driver=round(_percentile(least, percent), 1),
            own_percent=round(found["own_percent"], 1),
        )
    many.ask("clear")


def first_words(report: Report, few: Worker, hook: Hook, sizes: Sizes) -> None:
    """50 are due in the same second: from due to taken by a provider that needs 0.2 s."""
    due = few.ask("first words", count=sizes.due_in_a_second)["due"]
    waited = sorted(hook.taken[f"alarm:{key}"] - at for key, at in due.items())
    report.row(few.database, "first words", {"seconds": waited})
    for percent, must, aim in ((50, None, 5.0), (99, 15.0, None)):
        report.figure(
            few.database,
            f"first message handed, {sizes.open_few} open: p{percent} s",
            _percentile(waited, percent),
            must=must,
            aim=aim,
            greatest=round(waited[-1], 2),
        )


def _percentile(found: Sequence[float], percent: float) -> float:
    return found[min(len(found) - 1, int(len(found) * percent / 100))]


def measure(report: Report, database: str, sizes: Sizes, folder: Path | None) -> None:
    """All figures of one database."""
    hook = Hook()
    hook.start()
    with workers(database, ("few", "many"), folder=folder) as (few, many):
        for worker, count in ((few, sizes.open_few), (many, sizes.open_many)):
            found = worker.ask("found", people=PEOPLE, hook=hook.url, open_ones=count)
            report.row(database, f"seeded with {count}", found)
        idle(report, few, many, sizes)
        first_words(report, few, hook, sizes)
        lateness(report, many, sizes)
        burst(report, many, sizes)


if __name__ == "__main__":
    sys.exit(run(measure, __doc__, quick=QUICK, whole=Sizes()))
