"""Which planted breaks does the simulator alone catch, each within a minute?

What no world holds (typed local times, an import, a sleeping process) it cannot catch, and says so;
the test that each patch names catches it (`make planted`).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.planted import __main__ as breaks

DAYS = 10.0
FIRST_SEED = 1


def caught_by(root: Path, path: Path, seconds: float) -> tuple[str, float, int]:
    """What broke (or ""), after how many seconds and worlds."""
    with tempfile.TemporaryDirectory(prefix="homeby-planted-") as folder:
        tree = Path(folder) / "tree"
        breaks.copy_tree(root, tree)
        applied = breaks.apply(tree, path)
        if applied:
            return applied, 0.0, 0
        began = time.monotonic()
        command = [sys.executable, "-m", "tests.simulation.worlds"]
        words = [str(FIRST_SEED), "1", str(seconds), str(DAYS), "STOP"]
        done = subprocess.run(
            [*command, *words], cwd=tree, capture_output=True, text=True, check=False
        )
        worlds = [json.loads(line) for line in done.stdout.splitlines()]
        broken = worlds[-1]["broken"] if worlds else ""
        if done.returncode:
            broken = f"the world ended: {done.stderr.strip()[-120:]}"
        return broken, time.monotonic() - began, len(worlds)


def main(*, seconds: float) -> int:
    """Try every break of the listed failures; print a table."""
    names = sorted({name for found in breaks.listed().values() for name in found})
    found = 0
    for name in names:
        broken, took, worlds = caught_by(breaks.ROOT, breaks.FOLDER / f"{name}.patch", seconds)
        found += bool(broken)
        verdict = f"caught {took:5.1f} s {worlds:3} worlds" if broken else "not by it alone     "
        print(f"  {verdict}  {name}  {broken[:110]}", flush=True)
    print(f"\nplanted breaks: {found} of {len(names)} caught by the simulator alone")
    return 0
