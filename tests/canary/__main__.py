"""`python -m tests.canary`: who finds a word that is not for them.

A word of its own stands in every sensitive field; every address of the URL table is opened by
everybody, by a kiosk, by nobody and by whoever was forwarded a secret link, and its forms are sent
as nobody should, while a party is missed; what may have changed is opened again when it is home.
Prints how many answers were read, and each hit: a word that came to somebody it is not for.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEST = "tests/promises/test_nobody_finds_what_is_not_for_them.py"
#: Where the crawl writes what it read.
TO = "CANARY_TO"
LIMIT_SECONDS = 900


def main() -> int:
    """Crawl on SQLite; 1 where there is a hit, or the crawl did not come to its end."""
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "read.jsonl"
        own = {TO: str(to), "HOMEBY_TEST_DATABASE": "sqlite"}
        command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*command, TEST], cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True,
            timeout=LIMIT_SECONDS, check=False,
        )  # fmt: skip
        lines = to.read_text(encoding="utf-8").splitlines() if to.exists() else []
    rounds = [json.loads(line) for line in lines]
    for one in rounds:
        print("\n".join(one["hits"]), end="\n" if one["hits"] else "")
        print(f"{one['people']} kinds of people, {one['routes']} routes, {one['answers']} answers, "
              f"{one['words']} words: {len(one['hits'])} hits")  # fmt: skip
    if done.returncode:
        print(done.stdout[-20_000:])
    return 0 if len(rounds) == 2 and not done.returncode else 1


if __name__ == "__main__":
    sys.exit(main())
