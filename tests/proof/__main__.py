"""`make proof`: run the suites, keep what they found, and write docs/reference/proof.md of it.

`ARGS=--short` runs their short forms (about ten minutes), `ARGS="--only kills powercut"` some of
them, `ARGS=--page` none: then only the page is written again. `--minutes` and `--years` say how
long the simulator runs busy and small stations. Each suite replaces its own stored result when it
has ended, whatever it found; what was not run keeps its last result. `planted` goes on where it was
interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import golden
from tests.planted import __main__ as breaks
from tests.promises import faking
from tests.proof import again, stored
from tests.proof.page import page
from tests.simulation import planted as simulated

KILLS_PLANTED = "2-handed-before-it-is-sent"
SIMULATOR_PLANTED = "2-two-commits"


class NotHere(Exception):
    """What a suite needs and this machine lacks, in a sentence."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """How long the suites run."""

    name: str
    kills: int
    calm_seconds: int
    minutes: float
    years: float
    cuts: int
    seed: int


def told(*command: str, out: bool = True) -> tuple[int, Any]:
    """Run a suite; its exit code, and what it wrote with `--out`."""
    with tempfile.TemporaryDirectory(prefix="homeby-proof-") as folder:
        path = Path(folder) / "out.json"
        words = [sys.executable, "-m", *command, *(["--out", str(path)] if out else [])]
        code = subprocess.run(words, cwd=breaks.ROOT, check=False).returncode
        found: Any = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if out and not found:
        raise SystemExit(f"{command[0]} ended with {code} and wrote no result; nothing is kept.")
    return code, found


def kills(form: Form) -> dict[str, Any]:
    """The kill loop on both databases, the same without faults, and with a planted bug."""
    seed = ("--seed", str(form.seed))
    _, found = told("tests.kills", "--kills", str(form.kills), *seed)
    calm = ("--calm", str(form.calm_seconds), "--watchkeepers", "4")
    _, still = told("tests.kills", *calm, *seed)
    how = ("--planted", KILLS_PLANTED, "--kills", "200", "--database", "sqlite", *seed)
    code, bug = told("tests.kills", *how)
    runs = [
        {name: value for name, value in run.items() if name != "seconds_after_due"}
        for run in (*found["runs"], *still["runs"])
    ]
    return {
        "runs": [run for run in runs if not run["calm"]],
        "calm": [run for run in runs if run["calm"]],
        "planted": {
            "name": KILLS_PLANTED,
            "shown": code == 0,
            **{name: bug["runs"][0][name] for name in ("due", "lost", "logbook")},
        },
    }


def simulator(form: Form) -> dict[str, Any]:
    """Worlds of busy stations for so many minutes and of small ones for so many station-years, most
    of them on SQLite; and with a planted bug."""
    busy, small = ("--minutes", form.minutes, ()), ("--years", form.years, ("--small",))
    runs = []
    for name, length, kind in (busy, small) if form.years else (busy,):
        for database, share in (("sqlite", 0.8), ("postgresql", 0.2)):
            how = {
                name: length * share,
                "--seed": form.seed,
                "--processes": os.cpu_count() or 1,
                "--database": database,
            }
            words = [str(word) for pair in how.items() for word in pair]
            _, found = told("tests.simulation", *words, *kind)
            runs.append(found | {"worlds": len(found["worlds"])})
    patch = breaks.FOLDER / f"{SIMULATOR_PLANTED}.patch"
    broken, _, _ = simulated.caught_by(breaks.ROOT, patch, 60.0)
    return {"runs": runs, "planted": {"name": SIMULATOR_PLANTED, "broken": broken[:200]}}


def powercut(form: Form) -> dict[str, Any]:
    """Cuts with our setting, and with the usual advice."""
    return told("tests.powercut", "--cuts", str(form.cuts), "--seed", str(form.seed))[1]


def any_order(form: Form) -> dict[str, Any]:
    """What devices said in order, and shuffled and doubled, on both databases."""
    entries = ("--entries", str(form.cuts), "--seed", str(form.seed))
    runs = []
    for database in ("sqlite", "postgresql"):
        runs.append(told("tests.simulation.any_order", *entries, "--database", database)[1])
    return {"runs": runs}


def zones(_: Form) -> dict[str, Any]:
    """Every change of the clocks of the golden table, typed."""
    command = ("pytest", "-q", "tests/rules/test_golden_zones.py")
    code, _found = told(*command, out=False)
    table = golden.read()
    changes = sum(map(len, table.values()))
    return {"zone_years": len(table), "changes": changes, "passed": code == 0}


def clocks(_: Form) -> dict[str, Any]:
    """Live jumps of the wall clock under libfaketime."""
    if not (library := faking.library()):
        raise NotHere(faking.ABSENT)
    with tempfile.TemporaryDirectory(prefix="homeby-proof-") as home:
        own = {name: value for name, value in os.environ.items() if not name.startswith("HOMEBY_")}
        own |= {"HOMEBY_HOME": home, "HOMEBY_TESTS": "1"}
        command = [sys.executable, "-m", "tests.promises.faking", library, *faking.JUMPS]
        done = subprocess.run(
            command, cwd=breaks.ROOT, env=own, stdout=subprocess.PIPE, text=True, check=False
        )
    if done.returncode:
        raise SystemExit("The jumps of the clock came to no end; what was said stands above.")
    print(done.stdout)
    return {"jumps": [json.loads(line) for line in done.stdout.splitlines()]}


def bench(form: Form) -> dict[str, Any]:
    """The speed of the watch beside its limits, and how soon all are named after an outage."""
    quick = ("--quick",) if form.name == "short" else ()
    _, found = told("bench.watch", *quick)
    seconds = ("--seconds", "130") if form.name == "short" else ()
    _, runs = told("bench.catch_up", *seconds)
    return {
        "sizes": found["sizes"],
        "figures": found["figures"],
        "catch_up": [{k: v for k, v in run.items() if k != "messages"} for run in runs],
    }


GATE_SUITES = ("bench.gate", "bench.taps", "bench.board", "bench.visible")


def gate(form: Form) -> dict[str, Any]:
    """The speed of check-ins over HTTP, of two taps, of the board, of what is visible, and the
    memory of a whole station."""
    quick = ("--quick",) if form.name == "short" else ()
    found = [told(suite, *quick)[1] for suite in GATE_SUITES]
    return {"figures": [figure for one in found for figure in one["figures"]]}


SUITES: dict[str, Callable[[Form], dict[str, Any]]] = {
    "zones": zones,
    "clocks": clocks,
    "powercut": powercut,
    "kills": kills,
    "simulator": simulator,
    "any_order": any_order,
    "bench": bench,
    "gate": gate,
}


def _words(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the short forms")
    parser.add_argument("--minutes", type=float, help="how long the simulator runs busy stations")
    parser.add_argument("--years", type=float, help="how many station-years of small ones")
    parser.add_argument("--kills", type=int, help="how many, over both databases")
    parser.add_argument("--only", nargs="+", choices=(*SUITES, "planted"), help="these suites")
    parser.add_argument("--page", action="store_true", help="only write the page again")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--again",
        nargs="+",
        metavar="WORLD",
        help="live these worlds again and keep it beside the last run: small:sqlite:555",
    )
    return parser.parse_args(args)


def _form(words: argparse.Namespace) -> Form:
    if words.short:
        minutes, years, count, calm, cuts = 2.0, 0.0, 200, 10, 1000
    else:
        minutes, years, count, calm, cuts = 10.0, 300.0, 5000, 120, 10_000
    return Form(
        name="short" if words.short else "long",
        kills=words.kills or count,
        calm_seconds=calm,
        minutes=words.minutes or minutes,
        years=words.years or years,
        cuts=cuts,
        seed=words.seed,
    )


def write_page() -> None:
    """Make the page of what is stored."""
    stored.PAGE.write_text(page(stored.read()), encoding="utf-8")


def main(args: list[str]) -> int:
    """Run what was asked for; the page is written after each suite."""
    words = _words(args)
    form = _form(words)
    chosen = [] if words.page or words.again else words.only or [*SUITES, "planted"]
    if words.again:
        stored.replace("simulator", again.lived(words.again, told))
    for name in chosen:
        print(f"\n== {name}", flush=True)
        if name == "planted":
            target = str(stored.FOLDER / "planted.json")
            told("tests.planted", "--out", target, out=False)
        else:
            ran = stored.commit()
            try:
                stored.write(name, SUITES[name](form), form=form.name, ran=ran)
            except NotHere as absent:
                print(f"Not run: {absent}")
        write_page()
    write_page()
    print(f"\n{stored.PAGE.relative_to(breaks.ROOT)} is written.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
