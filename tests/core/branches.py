"""Which branches of the deciding rules the rule tests take (coverage.py)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("homeby/watch/rules", "homeby/comms/rules")


def branches() -> dict[str, Any]:
    """Percent of lines and branches, and what was not taken, by file."""
    with tempfile.TemporaryDirectory(prefix="homeby-branches-") as folder:
        data, target = Path(folder) / "data", Path(folder) / "branches.json"
        own = {**os.environ, "HOMEBY_TEST_DATABASE": "sqlite", "COVERAGE_FILE": str(data)}
        coverage = [sys.executable, "-m", "coverage"]
        ran = ["run", "--branch", f"--source={','.join(FOLDERS)}", "-m", "pytest", "-q"]
        done = subprocess.run(
            [*coverage, *ran, "-p", "no:cacheprovider", "tests/rules"],
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
