"""`make simulate ARGS="--minutes 30 --seed 1"`: one seed, one world, as many as fit.

`--seed N --worlds 1` lives one world again and, if a promise breaks in it, prints its story.
`--years 300 --small` lives small stations (a mission every one to four weeks, worlds of 120 days)
until so many station-years are full; what breaks, breaks there as often as at a busy one. A run
that is interrupted (SIGTERM) keeps and prints what it has lived.
`--planted` shows which of the planted breaks the simulator alone catches.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import selectors
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

DAYS, DAYS_IF_SMALL = 10.0, 120.0


class Interrupted(BaseException):
    """Somebody wants it to end now."""


def _words(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="how long to run")
    parser.add_argument("--years", type=float, help="so many station-years, however long it takes")
    parser.add_argument("--small", action="store_true", help="small stations, longer worlds")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--worlds", type=int, help="so many worlds, however long it takes")
    parser.add_argument("--days", type=float, help="how long a world lasts")
    parser.add_argument("--processes", type=int, default=1, help="so many worlds at once")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--out", type=Path, help="write every world to this JSON file")
    parser.add_argument("--planted", action="store_true", help="try the planted breaks")
    words = parser.parse_args(args)
    words.days = words.days or (DAYS_IF_SMALL if words.small else DAYS)
    return words


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
    """What the workers tell, in the order in which they tell it."""
    with selectors.DefaultSelector() as waiting:
        for one in workers:
            waiting.register(one.stdout, selectors.EVENT_READ, one)  # type: ignore[arg-type]
        while waiting.get_map():
            for key, _ in waiting.select():
                if line := key.fileobj.readline():  # type: ignore[union-attr]
                    yield json.loads(line)
                    continue
                waiting.unregister(key.fileobj)
                if code := key.data.wait():
                    raise SystemExit(f"A world ended with {code}; what it said stands above.")


def _is_enough(figures: Figures, words: argparse.Namespace) -> bool:
    """Whether as many worlds or years as were asked for have been lived; never by time alone."""
    worlds, years = len(figures.worlds), figures.station_years
    by_years = words.years is not None and years >= words.years
    return by_years or (words.worlds is not None and worlds >= words.worlds)


def _run(words: argparse.Namespace, urls: list[str]) -> Figures:
    seconds = words.minutes * 60 if words.worlds is None and words.years is None else 1e9
    began = time.monotonic()
    figures = Figures(
        database=words.database, first_seed=words.seed, days=words.days, small=words.small
    )
    where = MEMORY if MEMORY.is_dir() else None
    stack = contextlib.ExitStack()
    homes = [
        stack.enter_context(tempfile.TemporaryDirectory(prefix="homeby-simulation-", dir=where))
        for _ in urls
    ]
    more = ("SMALL",) if words.small else ()
    workers = [
        worker(
            words.seed + number, len(urls), seconds, words.days, *more, env=environment(home, url)
        )
        for number, (home, url) in enumerate(zip(homes, urls, strict=True))
    ]
    try:
        for told in _lines(workers):
            figures.add(told)
            if words.years is not None and len(figures.worlds) % 20 == 0:
                so_far = f"{figures.station_years:.1f} of {words.years:g} station-years"
                print(f"  {so_far}, promises broken {sum(figures.broken.values())}", flush=True)
            if told["broken"]:
                print(f"\nseed {told['seed']}: {told['broken']}\n  " + "\n  ".join(told["story"]))
            if _is_enough(figures, words):
                break
    except Interrupted:
        print("interrupted; what was lived until now counts")
    finally:
        for one in workers:
            one.kill()
            one.wait()
        stack.close()
    figures.seconds = time.monotonic() - began
    return figures


def _interrupt(*_: object) -> None:
    raise Interrupted


def main(args: list[str]) -> int:
    """Run, print the figures, say whether every promise held."""
    signal.signal(signal.SIGTERM, _interrupt)  # so that nothing is left behind, nor lost
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
