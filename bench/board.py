"""The speed of the board with many people out, and the memory of the whole station meanwhile.

python -m bench.board [--json] [--out FILE] [--quick] [--database sqlite|postgresql] [--folder DIR]

What is measured, and how to read it, stands in bench/README.md.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # also as `python bench/board.py`

from bench.report import Report, run
from bench.stations import ROOT, Worker, workers
from tests.sinks import free_port

LOGIN, PASSWORD = "ada", "a good long password"  # as `bench.seed` founds the station
READY_SECONDS = 60.0


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    out: int = 10_000
    rounds: int = 7
    unchanged: int = 100
    looks: int = 10
    settle_seconds: float = 10.0


QUICK = Sizes(out=500, rounds=3, unchanged=20, looks=3, settle_seconds=2.0)


def pages(report: Report, worker: Worker, sizes: Sizes) -> None:
    """The page, the unchanged board and one change told; beside them what the rows alone cost."""
    found = worker.ask("look at the board", rounds=sizes.rounds, unchanged=sizes.unchanged)
    report.row(worker.database, "look at the board", found)
    limits = {
        f"{name}_ms": round(statistics.median(found[name]), 3)
        for name in ("join", "format", "template")
    }
    for name, figure, must, aim in (
        ("page", f"board of {found['rows']} people out, warm: CPU ms", 70.0, 35.0),
        ("unchanged", "unchanged board, 304: CPU ms", 2.0, 1.0),
        ("news", "one change told to a board: CPU ms", None, None),
    ):
        taken = found[name]
        more = {**limits, "bytes": found["bytes"]} if name == "page" else {}
        if name == "page":
            more["cold_ms"] = round(found["cold"])
            more["times_faster_than_templates"] = round(
                statistics.median(found["template"]) / statistics.median(taken), 1
            )
        report.figure(
            worker.database,
            figure,
            statistics.median(taken),
            must=must,
            aim=aim,
            spread=[round(min(taken), 3), round(max(taken), 3)],
            **more,
        )


class Reader:
    """Somebody who is logged in, without a browser."""

    def __init__(self, *, port: int) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        self._address = f"http://127.0.0.1:{port}"

    def get(self, path: str, fields: dict[str, str] | None = None) -> str:
        """A page, or the answer to a form."""
        data = urllib.parse.urlencode(fields).encode() if fields else None
        with self._opener.open(self._address + path, data=data, timeout=60) as answer:
            text: str = answer.read().decode()
        return text

    def log_in(self) -> None:
        """By name and password, as the page asks for them."""
        form = self.get("/log-in/")
        mark = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert mark, "the page has a form"
        names = {"login": LOGIN, "username": LOGIN, "password": PASSWORD}
        self.get("/log-in/", {**names, "csrfmiddlewaretoken": mark.group(1)})


def memory(report: Report, worker: Worker, sizes: Sizes) -> None:
    """The whole station as it runs, after its board was looked at: what its processes hold, with
    what they share counted once (PSS)."""
    port = free_port()
    environment = {**os.environ, **worker.environment, "HOMEBY_PORT": str(port)}
    with subprocess.Popen(
        [sys.executable, "-m", "homeby", "run"],
        cwd=ROOT,
        env={**environment, "PYTHONUNBUFFERED": "1", "HOMEBY_LOG_FORMAT": "text"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as station:
        try:
            names = _wait_until_ready(station)
            reader = Reader(port=port)
            reader.log_in()
            for _ in range(sizes.looks):
                page = reader.get("/board/")
            assert page.count("data-key=") == sizes.out, "everybody who is out is on the page"
            time.sleep(sizes.settle_seconds)
            own = {"supervisor": [station.pid]}
            own |= {name: _with_children(process) for name, process in names.items()}
            held = {name: sum(map(_megabytes, each)) for name, each in own.items()}
        finally:
            station.terminate()
            station.communicate(timeout=30)
    report.row(worker.database, "memory", held)
    report.figure(
        worker.database,
        f"memory of the whole station, {sizes.out} people out: MB",
        sum(held.values()),
        must=400.0,
        aim=250.0,
        processes={name: round(one) for name, one in held.items()},
    )


def _wait_until_ready(station: subprocess.Popen[str]) -> dict[str, int]:
    """The station's processes by name, once it answers."""
    assert station.stdout is not None
    names: dict[str, int] = {}
    said: list[str] = []
    began = time.monotonic()
    for line in station.stdout:
        said.append(line)
        if started := re.search(r"(\w+) started \(process (\d+)\)", line):
            names[started.group(1)] = int(started.group(2))
        if "ready at" in line:
            return names
        if time.monotonic() - began > READY_SECONDS:
            break
    raise RuntimeError("the station does not answer:\n" + "".join(said))


def _with_children(process: int) -> list[int]:
    """A process and those it has started: the server of the pages has its threads in one."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return [process, *(one for child in listed for one in _with_children(int(child)))]


def _megabytes(process: int) -> float:
    text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.M)
    assert found, text
    return int(found.group(1)) / 1024


def measure(report: Report, database: str, sizes: Sizes, folder: Path | None) -> None:
    """All figures of one database."""
    with workers(database, ("board",), folder=folder) as (worker,):
        report.row(database, "sent out", worker.ask("send out", out=sizes.out))
        pages(report, worker, sizes)
        memory(report, worker, sizes)


if __name__ == "__main__":
    sys.exit(run(measure, __doc__, quick=QUICK, whole=Sizes()))
