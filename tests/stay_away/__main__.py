"""`python -m tests.stay_away`: of every pair of roles, whether either learns of the other.

For each of the 64 pairs two stations are lived: one where somebody with the one role is kept away
from somebody with the other, and goes out, is missed and comes home; one where she never was. All
that the other is answered, by pages, lists, forms and the API, must be the same byte for byte, but
for what is random. `make test` has all pairs at once; here each is tried by itself, on both
databases.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEST = "tests/promises/test_no_answer_tells_who_is_kept_away.py"
LIMIT_SECONDS = 1800


def tried(database: str) -> dict[str, object]:
    """What came of all pairs on one database."""
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", TEST]
    own = {"STAY_AWAY_PAIRS": "1", "HOMEBY_TEST_DATABASE": database}
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True,
        timeout=LIMIT_SECONDS, check=False,
    )  # fmt: skip
    counts = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)}
    if done.returncode:
        print(done.stdout[-20_000:])
    same = counts.get("passed", 0)
    return {"database": database, "pairs": sum(counts.values()), "alike": same}


def main(args: list[str]) -> int:
    """Try all pairs; 1 where one differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.stay_away", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only this one")
    parser.add_argument("--out", type=Path, help="write the figures to this JSON file")
    asked = parser.parse_args(args)
    runs = [
        tried(one) for one in ([asked.database] if asked.database else ["sqlite", "postgresql"])
    ]
    for run in runs:
        print(f"{run['database']:10} {run['alike']} of {run['pairs']} pairs are answered alike")
    if asked.out:
        asked.out.write_text(json.dumps({"runs": runs}), encoding="utf-8")
    return 0 if all(run["alike"] == run["pairs"] == 64 for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
