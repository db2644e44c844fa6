"""`make planted`: every break in this folder must be caught by the test that it names.

A break is a patch whose first line is `# test: tests/promises/test_x.py::test_y`, and whose second
may say in a sentence what it breaks. `# database: postgresql` on the third has the test run there
(locks of rows). A piece of them at a time, the tests are first run on an untouched copy, where they
must pass; then each patch is applied to a fresh copy, where its test must fail.

`--out FILE` keeps each verdict as it comes, with the commit that was tried; the same command goes
on where it was interrupted: first what was never tried, then what this very commit did not catch.
`--minutes N` ends it after so many, to go on another time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.proof import stored

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent
LIMIT_SECONDS = 600
PIECE = 10  # so many tests run on an untouched copy before their breaks are tried
ON = "# database: "
LEFT_BEHIND = frozenset({"station", "build", "__pycache__"})  # at the top; not homeby/station


@dataclass(frozen=True, kw_only=True)
class Break:
    """A patch, and the test that must notice it."""

    path: Path
    test: str
    what: str
    database: str = ""


def read(path: Path) -> Break | str:
    """A break, or a sentence when the patch names no test."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = lines[0] if lines else ""
    if not head.startswith("# test: tests/"):
        return f"{path.name}: the first line must be `# test: tests/...::test_...`"
    second = lines[1] if len(lines) > 1 and lines[1].startswith("# ") else "# "
    third = lines[2] if len(lines) > 2 else ""
    return Break(
        path=path,
        test=head.removeprefix("# test: ").strip(),
        what=second[2:].strip(),
        database=third.removeprefix(ON).strip() if third.startswith(ON) else "",
    )


def copy_tree(root: Path, target: Path) -> None:
    """A copy of the sources, without records, caches and whatever begins with a dot."""
    target.mkdir()
    for path in root.iterdir():
        if path.name in LEFT_BEHIND or path.name.startswith("."):
            continue
        if path.is_dir():
            ignore = shutil.ignore_patterns("*.pyc", "__pycache__")
            shutil.copytree(path, target / path.name, ignore=ignore)
        else:
            shutil.copy2(path, target / path.name)


def run_tests(tree: Path, tests: list[str], database: str = "") -> tuple[int, str]:
    """Run these tests in a copy: pytest's exit code and the end of what it said."""
    own = {"HOMEBY_TEST_DATABASE": database} if database else {}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command,
            cwd=tree,
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -1, f"no end within {LIMIT_SECONDS} s"
    return done.returncode, (done.stdout + done.stderr)[-3000:]


def apply(tree: Path, path: Path) -> str:
    """Apply a patch to a copy; empty, or a sentence when it does not fit any more."""
    applied = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", path],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.parent)},
    )
    if applied.returncode:
        return f"THE PATCH DOES NOT APPLY any more: {applied.stderr.strip()[:300]}"
    return ""


def verdict(root: Path, one: Break) -> str:
    """`caught`, or a sentence that says why not."""
    with tempfile.TemporaryDirectory(prefix="homeby-planted-") as folder:
        tree = Path(folder) / "tree"
        copy_tree(root, tree)
        if problem := apply(tree, one.path):
            return problem
        code, said = run_tests(tree, [one.test], one.database)
    if code == pytest.ExitCode.TESTS_FAILED:
        return "caught"
    if code == pytest.ExitCode.OK:
        return "NOT CAUGHT: the test passes although the code is broken"
    return f"THE TEST DID NOT RUN (pytest ended with {code}):\n{said}"


def untouched(root: Path, breaks: list[Break]) -> str:
    """Empty when all named tests pass on an untouched copy; else what pytest said."""
    with tempfile.TemporaryDirectory(prefix="homeby-planted-") as folder:
        tree = Path(folder) / "tree"
        copy_tree(root, tree)
        for database in sorted({one.database for one in breaks}):
            tests = sorted({one.test for one in breaks if one.database == database})
            code, said = run_tests(tree, tests, database)
            if code != pytest.ExitCode.OK:
                return said
    return ""


Row = tuple[str, str, float, str]


def judge(
    root: Path,
    paths: list[Path],
    keep: Callable[[Row], None] | None = None,
    *,
    minutes: float = float("inf"),
) -> list[Row]:
    """For each patch its name, its verdict, seconds, and what it breaks; `keep` gets each as it
    comes. None is begun after so many minutes."""
    until_seconds = time.monotonic() + 60 * minutes
    read_all = [(path, read(path)) for path in paths]
    rows = [(path.name, one, 0.0, "") for path, one in read_all if isinstance(one, str)]
    breaks = [one for _, one in read_all if isinstance(one, Break)]
    for start in range(0, len(breaks), PIECE):
        if time.monotonic() < until_seconds:
            rows += _judge_piece(root, breaks[start : start + PIECE], keep, until_seconds)
    return rows


def _judge_piece(
    root: Path,
    breaks: list[Break],
    keep: Callable[[Row], None] | None,
    until_seconds: float,
) -> list[Row]:
    """Where a test fails without any break, that of the others is told apart by halves."""
    if said := untouched(root, breaks):
        if half := len(breaks) // 2:
            parts = breaks[:half], breaks[half:]
            return [
                row
                for part in parts
                if time.monotonic() < until_seconds
                for row in _judge_piece(root, part, keep, until_seconds)
            ]
        return [("(untouched copy)", f"THE TESTS FAIL WITHOUT ANY BREAK:\n{said}", 0.0, "")]
    rows: list[Row] = []
    for one in breaks:
        began = time.monotonic()
        if began >= until_seconds:
            break
        told = verdict(root, one)
        rows.append((one.path.name, told, time.monotonic() - began, one.what))
        print(f"{one.path.name}: {told}", flush=True)
        if keep is not None:
            keep(rows[-1])
    return rows


def listed() -> dict[str, list[str]]:
    """The failures of other people's systems, and the patches that bring each of them back."""
    found = tomllib.loads((FOLDER / "listed.toml").read_text(encoding="utf-8"))
    return {str(what): [str(name) for name in names] for what, names in found["failures"].items()}


def listed_lines(caught: set[str]) -> list[str]:
    """Of each listed failure whether every patch of it was caught."""
    lines = []
    for what, names in listed().items():
        held = all(f"{name}.patch" in caught for name in names)
        lines.append(f"  {'caught' if held else 'NOT':7} {what}: {', '.join(names)}")
    return lines


class Kept:
    """The verdicts in a file, each with the commit that was tried: those of another are tried again
    once every break has been tried."""

    def __init__(self, path: Path, names: list[str]) -> None:
        self.path, self.names, self.ran = path, set(names), stored.commit()
        self.rows: dict[str, dict[str, Any]] = {}
        if path.exists():
            before = json.loads(path.read_text(encoding="utf-8"))
            of_all = {"commit": before["commit"]}
            rows = before["result"]["rows"]
            self.rows = {name: of_all | rows[name] for name in rows if name in self.names}

    def rest(self, paths: list[Path]) -> list[Path]:
        """Those that this commit has not caught yet, and first those that none has tried. What was
        not committed is no commit: all of it is tried again."""
        left = [path for path in paths if not self._is_caught(self.rows.get(path.name, {}))]
        return sorted(left, key=lambda path: path.name in self.rows)

    def _is_caught(self, row: dict[str, Any]) -> bool:
        is_same = row.get("commit") == self.ran and not self.ran.endswith("+")
        return is_same and row["verdict"] == "caught"

    def keep(self, row: Row) -> None:
        """Write down one more."""
        name, told, seconds, what = row
        said = {"verdict": told.splitlines()[0], "seconds": round(seconds, 1), "what": what}
        self.rows[name] = said | {"commit": self.ran}
        caught = {name for name, one in self.rows.items() if one["verdict"] == "caught"}
        held = {
            failure: all(f"{name}.patch" in caught for name in names)
            for failure, names in listed().items()
        }
        rows = dict(sorted(self.rows.items()))
        earlier = sum(row["commit"] != self.ran for row in rows.values())
        result = {"of": len(self.names), "earlier": earlier, "rows": rows, "listed": held}
        stored.write_file(self.path, result, ran=self.ran)


def main(args: list[str]) -> int:
    """Try all breaks, or those whose name holds one of the words."""
    parser = argparse.ArgumentParser(prog="python -m tests.planted", description=__doc__)
    parser.add_argument("words", nargs="*", help="parts of the names of patches")
    parser.add_argument("--out", type=Path, help="keep the verdicts in this JSON file, and go on")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin none after them")
    asked = parser.parse_args(args)
    words: list[str] = asked.words
    paths = sorted(FOLDER.glob("*.patch"))
    chosen = [p for p in paths if not words or any(word in p.name for word in words)]
    kept = Kept(asked.out, [path.name for path in paths]) if asked.out else None
    if words and not chosen:
        print(f"No patch in tests/planted has {' or '.join(words)} in its name.")
        return 2
    left = kept.rest(chosen) if kept else chosen
    rows = judge(ROOT, left, kept.keep if kept else None, minutes=asked.minutes)
    missed = [row for row in rows if row[1] != "caught"]
    print(f"\nplanted breaks: {len(rows) - len(missed)} caught, {len(missed)} not")
    for name, told, seconds, what in rows:
        print(f"  {'caught' if told == 'caught' else 'NOT'!s:7} {seconds:6.1f} s  {name}  {what}")
    for _, told, _, _ in missed:
        print(told)
    if len(rows) < len(left):
        print(f"  and {len(left) - len(rows)} are left for another time")
    if len(left) < len(chosen):
        print(f"  and {len(chosen) - len(left)} were caught before, of the same commit")
    elif not words and len(rows) == len(left):
        caught = listed_lines({name for name, told, _, _ in rows if told == "caught"})
        print(f"\nfailures of other systems, {len(caught)} listed:", *caught, sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
