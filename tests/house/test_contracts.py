"""Each import contract of pyproject.toml really fails when it is broken.

A small house of empty files is built beside the real contracts, found in order, and then broken in
one place at a time.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.house.plates import has_code
from tests.house.tree import ROOMS, ROOT, nothing

LINTER = Path(sys.executable).with_name("lint-imports")
TABLES = "[tool.importlinter]"


#: For each contract: a module, and the line in it that breaks it.
BREAKS = [
    ("floors", "homeby.watch.actions", "import homeby.missions.queries"),
    ("floors", "homeby.logbook.models", "from homeby.people import rules"),
    ("floors", "homeby.people.actions", "import homeby.web.board"),
    ("floors", "homeby.web.board", "from homeby import cli"),
    ("floors", "homeby.settings", "import homeby.logbook.rules"),
    ("floors", "homeby.helpers", ""),
    ("station-beside-web", "homeby.station.doctor", "import homeby.web.board.views"),
    ("inside-a-room", "homeby.watch.queries", "from homeby.watch import actions"),
    ("inside-a-room", "homeby.people.queries", "from homeby.people import private"),
    ("inside-a-room", "homeby.watch.models", "from homeby.watch.queries import x"),
    ("inside-a-room", "homeby.watch.helpers", ""),
    ("pure-rules", "homeby.missions.rules", "import django.utils.timezone"),
    ("pure-rules", "homeby.missions.rules", "from homeby import clock"),
    ("pure-rules", "homeby.missions.rules", "import os"),
    ("pure-rules", "homeby.missions.rules", "import homeby.people.queries"),
    ("pure-rules", "homeby.instants", "import time"),
    ("private-values", "homeby.web.board.views", "from homeby.people import private"),
    ("private-values", "homeby.missions.queries", "import homeby.people.private"),
    ("private-values", "homeby.web.kiosk", "from homeby.people import opening"),
    ("private-values", "homeby.web.api.reading", "from homeby.people import private"),
    ("private-values", "homeby.web.office.ledger", "from homeby.people import opening"),
    ("second-opinion", "homeby.auditor.views", "import homeby.watch.queries"),
    ("own-tables", "homeby.web.gate.views", "from homeby.watch.models import Alarm"),
    ("own-tables", "homeby.watch.actions", "from homeby.people import models"),
    ("row-writer", "homeby.watch.actions", "from homeby.logbook import rows"),
]


def contracts() -> list[dict[str, Any]]:
    """The contracts as they stand in pyproject.toml."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    return found


def example(ignored: str) -> tuple[str, str]:
    """An import that this exception covers, a real name in the place of each star."""
    importer, imported = ignored.split(" -> ")
    return importer.replace("homeby.*", "homeby.missions"), imported.replace(".*", ".pulse")


def modules() -> set[str]:
    """Every module that a contract names, and the files of the four layers in each room."""
    named: set[str] = set()
    for contract in contracts():
        for modules in (contract.get("source_modules", []), contract.get("forbidden_modules", [])):
            named |= {name.removesuffix(".**") for name in modules}
        for ignored in contract.get("ignore_imports", []):
            named |= set(example(ignored))
    floors = next(contract for contract in contracts() if contract["id"] == "floors")
    for row in floors["layers"]:
        named |= {f"homeby.{name}" for name in re.findall(r"\w+", row)}
    for room in ROOMS:
        named |= {f"homeby.{room}.{part}" for part in ("actions", "queries", "models", "rules")}
    ours = {name for name in named if name.startswith("homeby.") and "*" not in name}
    return ours | {f"homeby.{place}.views" for place in ("web.board", "web.gate", "auditor")}


@pytest.fixture(scope="module")
def good_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    names = modules()
    for name in names:
        package = folder / name.replace(".", "/")
        for parent in [package, *package.parents]:
            if parent.is_relative_to(folder / "homeby"):
                parent.mkdir(exist_ok=True, parents=True)
                (parent / "__init__.py").touch()
    for contract in contracts():
        for ignored in contract.get("ignore_imports", []):
            importer, imported = example(ignored)
            with (folder / importer.replace(".", "/") / "__init__.py").open("a") as file:
                file.write(f"import {imported}\n")
    (folder / "homeby/web/board/views/__init__.py").write_text("import homeby.missions.queries\n")
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "contracts.toml").write_text(text[text.index(TABLES) :], encoding="utf-8")
    return folder


def broken(folder: Path) -> list[str]:
    """The names of the contracts that this house breaks."""
    done = subprocess.run(
        [LINTER, "--config", "contracts.toml", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    names = {contract["name"]: contract["id"] for contract in contracts()}
    return [
        key for name, key in names.items() if re.search(re.escape(name) + r".* BROKEN", done.stdout)
    ]


def test_a_house_in_order_passes(good_house: Path) -> None:
    assert broken(good_house) == []


@pytest.mark.parametrize(("contract", "module", "line"), BREAKS)
def test_each_contract_fails_when_it_is_broken(
    good_house: Path, tmp_path: Path, contract: str, module: str, line: str
) -> None:
    bad = tmp_path / "bad"
    shutil.copytree(good_house, bad)
    place = bad / module.replace(".", "/") / "__init__.py"
    place.parent.mkdir(exist_ok=True)
    with place.open("a") as file:
        file.write(f"{line}\n")
    assert contract in broken(bad)


def test_every_room_with_code_is_under_the_contracts() -> None:
    inside = next(contract for contract in contracts() if contract["id"] == "inside-a-room")
    nothing(
        [
            f"homeby.{room} holds code: add it to the containers of inside-a-room."
            for room in ROOMS
            if has_code(ROOT / "homeby" / room) and f"homeby.{room}" not in inside["containers"]
        ]
    )


def test_every_contract_has_a_break() -> None:
    assert {contract["id"] for contract in contracts()} == {name for name, _, _ in BREAKS}


def loose(names: list[str], house: Path) -> list[str]:
    """A sentence for each `X.**` whose package is there by now: `X` covers its `__init__` too."""
    open_names = [name.removesuffix(".**") for name in names if name.endswith(".**")]
    return [
        f"{name} has code now: write {name} for {name}.** in pyproject.toml."
        for name in open_names
        if (house / name.replace(".", "/") / "__init__.py").exists()
    ]


def test_a_contract_written_before_its_room_is_tightened_with_it(tmp_path: Path) -> None:
    names = [
        name
        for contract in contracts()
        for name in [*contract.get("source_modules", []), *contract.get("forbidden_modules", [])]
    ]
    nothing(loose(names, ROOT))
    (tmp_path / "homeby/auditor").mkdir(parents=True)
    assert loose(["homeby.auditor.**", "homeby.web"], tmp_path) == []
    (tmp_path / "homeby/auditor/__init__.py").touch()
    assert len(loose(["homeby.auditor.**", "homeby.web"], tmp_path)) == 1
