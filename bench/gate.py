"""The speed of the gate: check-ins over real HTTP, beside a bare application in the same run.

python -m bench.gate [--json] [--out FILE] [--quick] [--database sqlite|postgresql] [--folder DIR]

What is measured, and how to read it, stands in bench/README.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # also as `python bench/gate.py`

from bench import bare
from bench.report import Report, run
from bench.stations import DURABLE, ROOT
from tests.pgplugin import create_database, start_postgresql


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    parties: int = 200
    seconds: float = 4.0
    warm_seconds: float = 1.0
    rounds: int = 3


QUICK = Sizes(parties=40, seconds=1.5, warm_seconds=0.5, rounds=1)

#: The figures of the issue: database, connections, must, aim.
FIGURES = (
    ("postgresql", 16, 0.4, 0.7),
    ("postgresql", 128, 1.0, 1.8),
    ("sqlite", 16, 0.4, 0.7),
)
BARE_WORKERS = {"postgresql": 2, "sqlite": 1}


@dataclass(frozen=True)
class Side:
    """A server that is measured: where it listens, its main process, which devices it knows."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    devices: list[tuple[str, str]]

    def load(self, connections: int, sizes: Sizes) -> dict[str, Any]:
        """One slice of load, with the processor time that the server took."""
        order = {
            "port": self.port,
            "devices": self.devices,
            "connections": connections,
            "seconds": sizes.seconds,
            "warm_seconds": sizes.warm_seconds,
        }
        before = _processor_seconds(self.process.pid)
        done = subprocess.run(
            [sys.executable, "-m", "bench.load"],
            cwd=ROOT,
            input=json.dumps(order).encode(),
            capture_output=True,
            check=True,
            timeout=120,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        spent = _processor_seconds(self.process.pid) - before
        found["server_us"] = 1e6 * spent / max(1, found["answered"])
        if found["wrong"]:
            raise SystemExit(f"{self.name} answered otherwise than it must: {found['first_wrong']}")
        return found


def _processor_seconds(number: int) -> float:
    """What this process and its children have used."""
    total = 0.0
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        total = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        for task in Path(f"/proc/{number}/task").iterdir():
            children = (task / "children").read_text().split()
            total += sum(_processor_seconds(int(child)) for child in children)
    return total


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _serving(words: list[str], environment: dict[str, str], port: int) -> Iterator[Any]:
    process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=sys.stderr)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _station(environment: dict[str, str], *words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.gate_station", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        timeout=1200,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextlib.contextmanager
def _sides(
    database: str, sizes: Sizes, folder: Path | None
) -> Iterator[tuple[Side, Side, dict[str, str], str]]:
    """The station and the bare application, both serving on empty databases of their own."""
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=folder)))
        own = {k: v for k, v in os.environ.items() if not k.startswith("HOMEBY_")}
        own |= {"DJANGO_SETTINGS_MODULE": "homeby.django_settings", "PYTHONPATH": str(ROOT)}
        own["HOMEBY_HOME"], where = str(home / "station"), str(home / "bare.sqlite3")
        if database == "postgresql":
            url, stop = start_postgresql(options=DURABLE)
            stack.callback(stop)
            own["HOMEBY_DATABASE_URL"] = create_database(url=url, name="station")
            where = create_database(url=url, name="bare")
        devices = [tuple(one) for one in _station(own, "fill", str(sizes.parties))["devices"]]
        bare.lay_out(database=database, where=where, keys=[key for key, _ in devices])
        ports = _free_port(), _free_port()
        ours = stack.enter_context(
            _serving(
                [sys.executable, "-m", "homeby.station.web_server"],
                own | {"HOMEBY_PORT": str(ports[0])},
                ports[0],
            )
        )
        words = ["--interface", "asginl", "--host", "127.0.0.1", "--port", str(ports[1])]
        words += ["--workers", str(BARE_WORKERS[database]), "--http", "1", "--log-level", "warning"]
        limit = stack.enter_context(
            _serving(
                [sys.executable, "-m", "granian", *words, "bench.bare:application"],
                own | {"BARE_WHERE": where},
                ports[1],
            )
        )
        yield (
            Side("the station", ports[0], ours, devices),
            Side("the bare application", ports[1], limit, devices),
            own,
            where,
        )


def measure(report: Report, database: str, sizes: Sizes, folder: Path | None) -> None:
    """Every figure of one database, by turns, and the rows counted afterwards."""
    with _sides(database, sizes, folder) as (ours, limit, own, where):
        sent = {ours.name: 0, limit.name: 0}
        for on, connections, must, aim in FIGURES:
            if on != database:
                continue
            found: dict[str, list[dict[str, Any]]] = {ours.name: [], limit.name: []}
            for _ in range(sizes.rounds):
                for side in (limit, ours):
                    one = side.load(connections, sizes)
                    sent[side.name] += one["answered"]
                    found[side.name].append(one)
                    report.row(database, f"{side.name}, {connections} connections", one)
            _figure(report, database, connections, found, must=must, aim=aim)
        _counted(report, database, sent, own, where, sizes)


def _figure(
    report: Report, database: str, connections: int, found: dict[str, Any], **bounds: float
) -> None:
    ours, limit = found.values()
    ratios = [a["per_second"] / b["per_second"] for a, b in zip(ours, limit, strict=True)]
    report.figure(
        database,
        f"check-in over HTTP, {connections} connections: ratio to the bare application",
        statistics.median(ratios),
        at_least=True,
        spread=[round(min(ratios), 3), round(max(ratios), 3)],
        per_second=[round(statistics.median(one["per_second"] for one in side))
                    for side in (ours, limit)],
        p99_ms=[round(statistics.median(one["p99_ms"] for one in side), 1)
                for side in (ours, limit)],
        server_us=[round(statistics.median(one["server_us"] for one in side))
                   for side in (ours, limit)],
        **bounds,
    )  # fmt: skip


def _counted(
    report: Report,
    database: str,
    sent: dict[str, int],
    own: dict[str, str],
    where: str,
    sizes: Sizes,
) -> None:
    """Every answer is a row, and no row is without its answer."""
    rows = _station(own, "count") | {"bare": bare.count(database=database, where=where)}
    expected = {
        "check_ins": sent["the station"],
        "missions": sizes.parties,
        "deadlines": sizes.parties,
        "returns": sizes.parties,
        "bare": sent["the bare application"],
    }
    report.row(database, "rows counted afterwards", rows)
    if rows != expected:
        raise SystemExit(f"{database}: the rows are {rows}, and should be {expected}")


if __name__ == "__main__":
    sys.exit(run(measure, __doc__, quick=QUICK, whole=Sizes()))
