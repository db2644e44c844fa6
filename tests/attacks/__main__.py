"""`python -m tests.attacks`: what somebody tries against a station, and whether it holds.

One script for each of the gravest twelve threats that is about access (docs/guide/threats.md),
written from the attacker's side. Printed is each way that was tried, with `held` or with what it
won. `--without-the-defence` takes the defences away, one after the other, each in a copy of the
code (the patches of tests/planted that a script names): then every script must succeed. `--threat
N` runs some.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("HOMEBY_TESTS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
django.setup()

from tests.attacks.catalogue import ATTACKS, WITHOUT, Attack  # noqa: E402 - Django first
from tests.attacks.test_attacks import TO  # noqa: E402
from tests.planted import __main__ as planted  # noqa: E402

TEST = "tests/attacks/test_attacks.py::test_the_attack_fails"
Tries = list[dict[str, Any]]


def carried_out(tree: Path, names: list[str]) -> dict[str, Tries]:
    """What was tried by each of these scripts against the code in a folder; nothing of one that did
    not come to its end, or was not there."""
    with tempfile.TemporaryDirectory(prefix="homeby-attacks-") as folder:
        os.environ[TO] = folder
        _code, said = planted.run_tests(tree, [f"{TEST}[{name}]" for name in names])
        del os.environ[TO]
        found = {one.stem: json.loads(one.read_text("utf-8")) for one in Path(folder).iterdir()}
    if not found:
        raise SystemExit(f"No script was run:\n{said}")
    return found


def without(patch: str, name: str) -> Tries:
    """The same against a copy without one defence."""
    with tempfile.TemporaryDirectory(prefix="homeby-attacks-") as folder:
        tree = Path(folder) / "tree"
        planted.copy_tree(planted.ROOT, tree)
        if problem := planted.apply(tree, planted.FOLDER / f"{patch}.patch"):
            raise SystemExit(f"{patch}: {problem}")
        return carried_out(tree, [name])[name]


def _head(name: str, one: Attack) -> None:
    print(f"\nThreat {one.threat}: {name.replace('_', ' ')}")
    print(f"  has:   {one.has}\n  wants: {one.wants}")


def held(names: list[str]) -> bool:
    """Print what was tried against the code as it is; whether all of it held."""
    found, holds = carried_out(planted.ROOT, names), True
    for name in names:
        _head(name, ATTACKS[name])
        for one in found.get(name, []):
            print(f"  {'WON ' if one['won'] else 'held'}  {one['what']}  {one['won']}".rstrip())
            holds = holds and not one["won"]
        holds = holds and bool(found.get(name))
    return holds


def succeeded(names: list[str]) -> bool:
    """Print what each script wins without each defence; whether each of them wins something."""
    all_won = True
    for name in names:
        _head(name, ATTACKS[name])
        for patch in ATTACKS[name].breaks:
            what = planted.read(planted.FOLDER / f"{patch}.patch")
            print(f"  without the defence: {getattr(what, 'what', what)} ({patch})")
            won = [one for one in without(patch, name) if one["won"]]
            for one in won:
                print(f"    succeeds  {one['what']}: {one['won']}", flush=True)
            if not won:
                print("    HELD ALL THE SAME: the script does not try what this defence keeps off")
            all_won = all_won and bool(won)
    return all_won


def main(args: list[str]) -> int:
    """Try all, or those of some threats."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--without-the-defence", action="store_true")
    parser.add_argument("--threat", type=int, nargs="+", choices=range(1, 13), metavar="N")
    asked = parser.parse_args(args)
    wanted = set(asked.threat or range(1, 13))
    names = sorted(
        (name for name, one in ATTACKS.items() if one.threat in wanted),
        key=lambda name: ATTACKS[name].threat,
    )
    for number in sorted(wanted & set(WITHOUT)):
        print(f"Threat {number}: {WITHOUT[number]}")
    good = not names or (succeeded(names) if asked.without_the_defence else held(names))
    print(
        "\nevery script",
        "succeeds" if asked.without_the_defence else "held off",
        "" if good else "NOT",
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
