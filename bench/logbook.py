"""How long it takes to verify the logbook, to keep a checkpoint of it, and to prove an entry.

python -m bench.logbook [--json] [--out FILE] [--quick] [--database NAME] [--folder DIR]

What is measured, and how to read it, stands in bench/README.md.
"""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # also as `python bench/logbook.py`

from bench.report import Report, run
from bench.stations import workers


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    entries: int = 100_000
    rounds: int = 5


QUICK = Sizes(entries=3_000, rounds=2)


def measure(report: Report, database: str, sizes: Sizes, folder: Path | None) -> None:
    """All figures of one database."""
    with workers(database, ("logbook",), folder=folder) as (worker,):
        report.row(database, "fill", worker.ask("fill the logbook", entries=sizes.entries))
        found = worker.ask("check the logbook", rounds=sizes.rounds)
        report.row(database, "check the logbook", found)
        for name, must in (
            ("verify", 5.0),
            ("rebuild the tree from its leaves", 5.0),
            ("keep the checkpoint of a minute with 60 entries", 0.1),
            ("prove one entry", 5.0),
            ("show that half of it has grown", 5.0),
        ):
            taken = found["processor"][name]
            report.figure(
                database,
                f"{name}, {sizes.entries} entries: s",
                statistics.median(taken),
                must=must,
                aim=None,
                spread=[round(min(taken), 3), round(max(taken), 3)],
                wall=round(statistics.median(found["wall"][name]), 3),
            )
        most = found["proof_bytes"]
        report.figure(database, "proof of one entry: bytes", most, must=4096, aim=None)


if __name__ == "__main__":
    sys.exit(run(measure, __doc__, quick=QUICK, whole=Sizes()))
