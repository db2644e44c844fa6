"""`make powercut ARGS="--cuts 10000 --out FILE"`: cut the power again and again, lose nothing.

Real check-ins on a real SQLite station are recorded by what they ask of the disk; then the power is
cut after any of these steps, and whatever was not synced is found whole, missing, torn, zero or
rubbish. With Homeby's setting (synchronous=FULL) no confirmed entry may be missing; the same with
NORMAL shows that the model bites.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.powercut.cuts import cut

MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Outcome:
    """The figures of many cuts."""

    mode: str
    cuts: int
    confirmed: int
    losing: int
    lost: int
    damaged: int

    def text(self) -> str:
        """In one line."""
        return (
            f"synchronous={self.mode}: {self.cuts} cuts over {self.confirmed} confirmed entries, "
            f"{self.losing} cuts lost confirmed entries ({self.lost} in all), "
            f"{self.damaged} damaged the file"
        )


def recorded(mode: str, taps: int, folder: Path) -> dict[str, Any]:
    """Live through so many taps in a process of its own."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("HOMEBY_")}
    own |= {"HOMEBY_HOME": str(folder / mode), "HOMEBY_TESTS": "1"}
    own |= {"DJANGO_SETTINGS_MODULE": "homeby.django_settings"}
    target = folder / f"{mode}.pickle"
    command = [sys.executable, "-m", "tests.powercut.writer", str(target), mode, str(taps)]
    subprocess.run(command, env=own, check=True)
    found: dict[str, Any] = pickle.loads(target.read_bytes())
    return found


def outcome(mode: str, *, cuts: int, taps: int, seed: int) -> Outcome:
    """Record, cut, look."""
    where = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="homeby-powercut-", dir=where) as name:
        folder = Path(name)
        record = recorded(mode, taps, folder)
        steps = record["steps"]
        found = list(cut(record["file"], steps, cuts=cuts, seed=seed, folder=folder))
    return Outcome(
        mode=mode,
        cuts=len(found),
        confirmed=max(step.at for step in steps if step.what == "confirmed"),
        losing=sum(one.lost > 0 for one in found),
        lost=sum(one.lost for one in found),
        damaged=sum(one.integrity != "ok" for one in found),
    )


def main(args: list[str]) -> int:
    """Cut with both settings; say whether ours lost anything."""
    parser = argparse.ArgumentParser(prog="python -m tests.powercut", description=__doc__)
    parser.add_argument("--cuts", type=int, default=1000)
    parser.add_argument("--taps", type=int, default=300, help="how many check-ins are recorded")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="write the figures to this JSON file")
    words = parser.parse_args(args)
    how = {"cuts": words.cuts, "taps": words.taps, "seed": words.seed}
    ours, planted = outcome("FULL", **how), outcome("NORMAL", **how)
    print(ours.text(), planted.text(), sep="\n")
    if words.out is not None:
        figures = {"FULL": vars(ours), "NORMAL (planted)": vars(planted)}
        words.out.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 1 if ours.lost or ours.damaged else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
