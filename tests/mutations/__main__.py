"""10,000 changes of the past, each found; 1,000 operations that change nothing, none taken for one.

`python -m tests.mutations [--mutations N] [--benign N] [--seed N] [--database postgresql]`. A
station lives a little; checkpoints of it are held outside. Then somebody who owns the database, its
guards and the station's key changes entries by lot (edit, delete, swap, truncate, put in, forged
checkpoint, old copy), makes every hash anew, and in half the cases deals with the checkpoints that
the station itself has kept. `homeby verify --against` must find each. Benign are new entries,
erasures, checkpoints, days in which kept ones are thinned, a restart, and a database that is packed
(VACUUM). Ends with 1 when a mutation was missed or anything else was taken for one.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import Any


def main() -> int:
    """The words of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations")
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--benign", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--out", type=Path, help="write what was found to this JSON file")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.here:
        return _here(words)
    from tests.simulation.apart import run_apart

    return run_apart("tests.mutations", *sys.argv[1:], database=words.database)


def _here(words: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.db import connection

    from homeby.settings import current
    from homeby.station import start
    from tests.mutations.trial import Trial
    from tests.world import World

    begun = time.monotonic()
    start.prepare(settings=current())
    trial = Trial(world=World().build(), chance=random.Random(words.seed))
    trial.live()
    trial.mutate(words.mutations)
    mutations = sum(trial.done.values())
    left = words.benign
    while left > 0:
        trial.live_on(min(left, 50))
        left -= 50
        connection.close()  # a restart
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
        trial.done["restart and VACUUM"] += 1
    found = {
        "seed": words.seed,
        "database": words.database,
        "mutations": mutations,
        "missed": len(trial.missed),
        "first_wrong_index_named": trial.named,
        "benign": sum(trial.done.values()) - mutations,
        "false": len(trial.false),
        "done": dict(trial.done),
        "examples": [*trial.missed[:5], *trial.false[:5]],
        "seconds": round(time.monotonic() - begun, 1),
    }
    print(json.dumps(found))
    _say(found)
    if words.out:
        words.out.write_text(json.dumps(found), encoding="utf-8")
    return 1 if trial.missed or trial.false else 0


def _say(found: dict[str, Any]) -> None:
    """Target and measure of P13, in words."""
    noticed = found["mutations"] - found["missed"]
    print(
        f"{noticed} of {found['mutations']} changes of the past were found (all must be); "
        f"{found['benign']} operations that change nothing, {found['false']} taken for one (none "
        "may be)."
    )


if __name__ == "__main__":
    sys.exit(main())
