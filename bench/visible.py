"""How long it takes to find what somebody may see, among many missions.

python -m bench.visible [--json] [--out FILE] [--quick] [--database NAME] [--folder DIR]

What is measured, and how to read it, stands in bench/README.md.
"""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # also as `python bench/visible.py`

from bench.report import Report, run
from bench.stations import workers


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    missions: int = 200_000
    rounds: int = 50


QUICK = Sizes(missions=2_000, rounds=10)


def measure(report: Report, database: str, sizes: Sizes, folder: Path | None) -> None:
    """All figures of one database."""
    with workers(database, ("visible",), folder=folder) as (worker,):
        report.row(database, "sent out", worker.ask("send out", out=sizes.missions))
        found = worker.ask("look at what is visible", rounds=sizes.rounds)
        report.row(database, "look at what is visible", found)
        for who, taken in found["ms"].items():
            report.figure(
                database,
                f"what {who} may see of {sizes.missions} missions: ms for a page of 50",
                statistics.median(taken),
                must=10.0,
                aim=None,
                spread=[round(min(taken), 3), round(max(taken), 3)],
                rows=found["rows"][who],
            )


if __name__ == "__main__":
    sys.exit(run(measure, __doc__, quick=QUICK, whole=Sizes()))
