"""Which branches of the deciding rules the rule tests take (coverage.py).

Tests with examples by chance do not count: what they take today they may miss tomorrow.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("homeby/watch/rules", "homeby/comms/rules")
TESTS = ("test_watch_*.py", "test_comms_*.py", "test_clock_rules.py", "test_partners.py")


def rule_tests(root: Path, patterns: Sequence[str] = TESTS) -> list[str]:
    """The tests that judge these rules, from the root of a copy of the sources."""
    found = [path for one in patterns for path in sorted((root / "tests/rules").glob(one))]
    return [path.relative_to(root).as_posix() for path in found]


def branches(patterns: Sequence[str] = TESTS) -> dict[str, Any]:
    """Percent of lines and branches, and what was not taken, by file. Some seconds."""
    with tempfile.TemporaryDirectory(prefix="homeby-branches-") as folder:
        data, target = Path(folder) / "data", Path(folder) / "branches.json"
        own = {**os.environ, "HOMEBY_TEST_DATABASE": "sqlite", "COVERAGE_FILE": str(data)}
        tests = rule_tests(ROOT, patterns)
        coverage = [sys.executable, "-m", "coverage"]
        ran = ["run", "--branch", f"--source={','.join(FOLDERS)}", "-m", "pytest", "-q"]
        done = subprocess.run(
            [*coverage, *ran, "-p", "no:cacheprovider", "-m", "not hypothesis", *tests],
            cwd=ROOT,
            env=own,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"the rule tests do not pass:\n{done.stdout[-3000:]}")
        told = [*coverage, "json", "-q", "-o", str(target)]
        subprocess.run(told, cwd=ROOT, env=own, check=True, capture_output=True)
        found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    missed = {
        name: {"lines": one["missing_lines"], "branches": one["missing_branches"]}
        for name, one in found["files"].items()
        if one["missing_lines"] or one["missing_branches"]
    }
    totals = found["totals"]
    return {
        "branches": totals["num_branches"],
        "branches_taken": totals["covered_branches"],
        "percent": round(totals["percent_covered"], 2),
        "missed": missed,
    }
