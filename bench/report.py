"""What a bench found, and the command line that all of them share."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bench.stations import DATABASES, Absent

Sizes = TypeVar("Sizes")


@dataclass
class Report:
    """What was found: figures for people, and every computed row for `--out`."""

    figures: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def figure(self, database: str, name: str, value: float, **bounds: Any) -> None:
        """A figure with `must` and `aim`; `at_least` where more is better. `spread` is the least
        and the greatest of the rounds."""
        at_least = bounds.pop("at_least", False)
        met = {
            key: (value >= bounds[key] if at_least else value <= bounds[key])
            for key in ("must", "aim")
            if bounds.get(key) is not None
        }
        found = {"database": database, "figure": name, "value": round(value, 4), **bounds}
        self.figures.append(found | {f"{key}_met": is_met for key, is_met in met.items()})
        print(f"  {database:10} {name}: {value:.4g} {bounds}", file=sys.stderr, flush=True)

    def row(self, database: str, what: str, values: dict[str, Any]) -> dict[str, Any]:
        """Keep a computed row."""
        self.rows.append({"database": database, "what": what, **values})
        return values


def run(
    measure: Callable[[Report, str, Sizes, Path | None], None],
    description: str | None,
    *,
    quick: Sizes,
    whole: Sizes,
) -> int:
    """Measure each database, print the figures; 2 when a "must" is missed, 1 without a database."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--out", type=Path, help="write every computed row to this file, as JSON")
    parser.add_argument("--quick", action="store_true", help="small sizes: does it still run?")
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--folder", type=Path, help="where SQLite's files lie while it runs")
    given = parser.parse_args()
    report, sizes = Report(), quick if given.quick else whole
    for database in given.database or DATABASES:
        try:
            measure(report, database, sizes, given.folder)
        except Absent as absent:
            print(absent, file=sys.stderr)
            return 1
    found = {"sizes": vars(sizes), "figures": report.figures, "rows": report.rows}
    if given.out:
        given.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if given.json:
        print(json.dumps({key: found[key] for key in ("sizes", "figures")}, indent=1))
    else:
        for one in report.figures:
            print(" | ".join(f"{key} {value}" for key, value in one.items()))
    return 0 if all(one.get("must_met", True) for one in report.figures) else 2
