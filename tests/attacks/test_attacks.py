"""Each attack of tests/attacks fails against the code as it is; `python -m tests.attacks` prints
what was tried, and with `--without-the-defence` that each succeeds where its defence is taken
away."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.attacks import floods, insiders, stolen, things  # noqa: F401 - they fill the catalogue
from tests.attacks.catalogue import ATTACKS, WITHOUT
from tests.attacks.ground import Ground
from tests.planted.__main__ import FOLDER
from tests.world import World

#: Where `python -m tests.attacks` wants to read what came of it.
TO = "ATTACKS_TO"


@pytest.mark.once  # what an attack meets are rules, which are held against both databases
@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_fails(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    here = Ground.of(world, monkeypatch)
    try:
        ATTACKS[name].run(here)
    finally:
        _tell(name, here)
    assert len(here.tried) >= 5, "several ways are tried"
    assert [f"{one.what}: {one.won}" for one in here.tried if one.won] == []


def _tell(name: str, here: Ground) -> None:
    if folder := os.environ.get(TO, ""):
        lines = [asdict(one) for one in here.tried]
        (Path(folder) / f"{name}.json").write_text(json.dumps(lines), encoding="utf-8")


def test_every_threat_of_the_twelve_has_a_script_or_says_why_not() -> None:
    assert {one.threat for one in ATTACKS.values()} | set(WITHOUT) == set(range(1, 13))
    for name, one in ATTACKS.items():
        for patch in one.breaks:
            assert (FOLDER / f"{patch}.patch").exists(), f"{name} names {patch}"
