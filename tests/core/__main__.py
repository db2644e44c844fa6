"""`make core ARGS="--mutation --out FOLDER"`: how large the watch's core is, and how well tested.

Prints the lines in reach of `tick` and `deliver`, the branches of the deciding rules that the rule
tests take, and with --mutation how many changed copies of these rules they notice (minutes).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tests.core.branches import branches
from tests.core.mutation import modules, mutate
from tests.core.reach import is_deciding, lines_by_module
from tests.proof import stored

LIMIT = 600


def core() -> dict[str, Any]:
    """The figures of the core but for the mutation score."""
    found = lines_by_module()
    return {
        "lines": sum(found.values()),
        "lines_deciding": sum(n for name, n in found.items() if is_deciding(name)),
        "limit": LIMIT,
        "modules": found,
        "branches_of_rules": branches(),
    }


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="make core", description=__doc__)
    parser.add_argument("--mutation", action="store_true", help="change the rules, too")
    stems = sorted({path.stem for path in modules()})
    parser.add_argument("--only", nargs="+", default=[], choices=stems, metavar="MODULE")
    parser.add_argument("--children", type=int, default=2, help="changed copies at a time")
    parser.add_argument("--out", type=Path, help="a folder for core.json and mutation.json")
    asked = parser.parse_args()
    if asked.only and asked.out:
        parser.error("only a run of all modules is kept; leave out --only, or --out")
    ran, found = stored.commit(), core()
    for name, number in found["modules"].items():
        print(f"{number:5}  {name}")
    print(f"{found['lines']:5}  in reach of tick and deliver (the goal: {LIMIT})")
    print(f"{found['lines_deciding']:5}  of these decide and touch nothing")
    taken = found["branches_of_rules"]
    print(f"{taken['branches_taken']} of {taken['branches']} branches of the rules are taken")
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
        stored.write_file(asked.out / "core.json", found, ran=ran)
    if asked.mutation:
        changed = mutate(children=asked.children, only=asked.only)
        for one in changed.survivors:
            print(f"  not noticed: {one.name}\n    - {one.was}\n    + {one.became}")
        for name, percent in changed.modules.items():
            print(f"{percent:5} %  {name}")
        print(f"mutation score {changed.score_percent} % of {changed.changed}")
        if asked.out:
            stored.write_file(asked.out / "mutation.json", changed.as_json(), ran=ran)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
