"""Changed copies of the deciding rules, and whether the rule tests notice each one (mutmut).

Only the rule tests judge: no database, no process. What other suites would notice as well does not
count here. Left out: `kinds` and `words` (tables made while importing, which mutmut cannot change
in a running process).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.core.branches import FOLDERS, ROOT, rule_tests
from tests.planted.__main__ import copy_tree

NOT_CHANGED = ("__init__", "kinds", "words")
NOTICED = ("killed", "timeout", "suspicious", "caught by type check")
CONFIG = """
[tool.mutmut]
source_paths = {sources}
only_mutate = {changed}
pytest_add_cli_args_test_selection = {tests}
also_copy = ["homeby", "tests", "pyproject.toml"]
"""


@dataclass(frozen=True, kw_only=True)
class Survivor:
    """A change that no rule test noticed: its name, the line as it was and as it became."""

    name: str
    was: str
    became: str


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """How many changes there were, how many the tests noticed, and which they did not."""

    changed: int
    noticed: int
    modules: dict[str, float]  # percent noticed, by module
    survivors: tuple[Survivor, ...]

    @property
    def score_percent(self) -> float:
        """Noticed of all, in percent."""
        return round(100 * self.noticed / self.changed, 1) if self.changed else 0.0

    def as_json(self) -> dict[str, Any]:
        """Everything, with the score."""
        return asdict(self) | {"score_percent": self.score_percent}


def modules() -> list[Path]:
    """The files that can be changed, from the root of the repository."""
    found = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.py"))]
    return [p.relative_to(ROOT) for p in found if p.stem not in NOT_CHANGED]


def _prepare(tree: Path, changed: Sequence[str]) -> None:
    text = CONFIG.format(
        sources=list(FOLDERS),
        changed=list(changed),
        tests=rule_tests(tree),
    ).replace("'", '"')
    with (tree / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def _mutmut(tree: Path, *words: str) -> str:
    own = {**os.environ, "HOMEBY_TEST_DATABASE": "sqlite"}
    command = [sys.executable, "-m", "mutmut", *words]
    done = subprocess.run(command, cwd=tree, env=own, capture_output=True, text=True, check=False)
    if done.returncode and words[0] == "run":
        raise SystemExit(f"mutmut did not run:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


_RESULT = re.compile(r"^\s*(?P<name>\S+__mutmut_\d+): (?P<what>[a-z ]+)$", re.MULTILINE)


def _survivor(tree: Path, name: str) -> Survivor:
    lines = _mutmut(tree, "show", name).splitlines()
    was = [line[1:].strip() for line in lines if line.startswith("-") and line[:3] != "---"]
    became = [line[1:].strip() for line in lines if line.startswith("+") and line[:3] != "+++"]
    return Survivor(name=name, was=" ".join(was), became=" ".join(became))


def _percent_by_module(found: Sequence[tuple[str, str]]) -> dict[str, float]:
    all_of, noticed = Counter[str](), Counter[str]()
    for name, what in found:
        module = name.rpartition(".")[0]
        all_of[module] += 1
        noticed[module] += what in NOTICED
    return {module: round(100 * noticed[module] / all_of[module], 1) for module in sorted(all_of)}


def mutate(
    *, children: int, only: Sequence[str] = (), say: Callable[[str], None] = print
) -> Mutation:
    """Change every line that can be changed, one at a time, in a copy: of the modules called
    `only`, or of all. Some minutes."""
    changed = [path.as_posix() for path in modules() if not only or path.stem in only]
    with tempfile.TemporaryDirectory(prefix="homeby-mutation-") as folder:
        tree = Path(folder) / "tree"
        copy_tree(ROOT, tree)
        _prepare(tree, changed)
        say(f"changing {len(changed)} modules, {children} at a time; this takes minutes ...")
        _mutmut(tree, "run", "--max-children", str(children))
        found = _RESULT.findall(_mutmut(tree, "results", "--all", "true"))
        lost = [name for name, what in found if what not in NOTICED]
        counts = Counter(what for _, what in found)
        say(", ".join(f"{number} {what}" for what, number in counts.most_common()))
        return Mutation(
            changed=len(found),
            noticed=sum(counts[what] for what in NOTICED),
            modules=_percent_by_module(found),
            survivors=tuple(_survivor(tree, name) for name in lost),
        )
