"""`make simulate ARGS="--minutes 30 --seed 1"`: one seed, one world, as many as fit.

`--seed N --worlds 1` lives one world again and, if a promise breaks in it, prints its story.
`--planted` shows which of the planted breaks the simulator alone catches.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import pgplugin
from tests.simulation import planted
from tests.simulation.figures import Figures
from tests.simulation.worlds import MEMORY

DAYS = 10.0


def _words(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="how long to run")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--worlds", type=int, help="so many worlds, however long it takes")
    parser.add_argument("--days", type=float, default=DAYS, help="how long a world lasts")
    parser.add_argument("--processes", type=int, default=1, help="so many worlds at once")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--out", type=Path, help="write every world to this JSON file")
    parser.add_argument("--planted", action="store_true", help="try the planted breaks")
    return parser.parse_args(args)


def environment(home: str, database_url: str = "") -> dict[str, str]:
    """What the worlds see: a folder of their own, and nothing of the user's own station."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("HOMEBY_")}
    own["HOMEBY_HOME"] = home
    return own | ({"HOMEBY_DATABASE_URL": database_url} if database_url else {})


def worker(
    first: int, step: int, seconds: float, days: float, *more: str, **how: Any
) -> subprocess.Popen[str]:
    """A process that lives worlds and tells of each in a line."""
    command = [sys.executable, "-m", "tests.simulation.worlds"]
    words = [str(first), str(step), str(seconds), str(days), *more]
    return subprocess.Popen([*command, *words], stdout=subprocess.PIPE, text=True, **how)


def _lines(workers: list[subprocess.Popen[str]]) -> Iterator[dict[str, Any]]:
    """What the workers tell; those after the first are read when it has ended."""
    for one in workers:
        assert one.stdout is not None
        for line in one.stdout:
            yield json.loads(line)
        if one.wait():
            raise SystemExit(f"A world ended with {one.returncode}; what it said stands above.")


def _run(words: argparse.Namespace, urls: list[str]) -> Figures:
    seconds = words.minutes * 60 if words.worlds is None else 1e9
    began = time.monotonic()
    figures = Figures(database=words.database, first_seed=words.seed, days=words.days)
    where = MEMORY if MEMORY.is_dir() else None
    stack = contextlib.ExitStack()
    homes = [
        stack.enter_context(tempfile.TemporaryDirectory(prefix="homeby-simulation-", dir=where))
        for _ in urls
    ]
    workers = [
        worker(words.seed + number, len(urls), seconds, words.days, env=environment(home, url))
        for number, (home, url) in enumerate(zip(homes, urls, strict=True))
    ]
    try:
        for told in _lines(workers):
            figures.add(told)
            if told["broken"]:
                print(f"\nseed {told['seed']}: {told['broken']}\n  " + "\n  ".join(told["story"]))
            if words.worlds is not None and len(figures.worlds) >= words.worlds:
                break
    finally:
        for one in workers:
            one.kill()
            one.wait()
        stack.close()
    figures.seconds = time.monotonic() - began
    return figures


def main(args: list[str]) -> int:
    """Run, print the figures, say whether every promise held."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    words = _words(args)
    if words.planted:
        return planted.main(seconds=60.0)
    count = 1 if words.worlds is not None else words.processes
    urls, stop = [""] * count, None
    if words.database == "postgresql":
        server, stop = pgplugin.start_postgresql()
        urls = [pgplugin.create_database(url=server, name=f"world{n}") for n in range(count)]
    try:
        figures = _run(words, urls)
    finally:
        if stop is not None:
            stop()
    print(figures.text())
    if words.out is not None:
        words.out.write_text(json.dumps(figures.as_json(), indent=1), encoding="utf-8")
    return 1 if figures.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
