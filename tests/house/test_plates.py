"""Each room has its plate and its four files; the glossary explains every model and kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps

from homeby.logbook.rules import KINDS
from tests.house import plates
from tests.house.tree import ROOT, nothing


def our_models() -> list[str]:
    return [
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("homeby.") and not model._meta.proxy
    ]


def test_every_room_has_its_plate_and_its_files() -> None:
    nothing(plates.wrong_rooms(ROOT / "homeby"))


def test_the_glossary_is_complete() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    nothing(plates.without_entry(glossary, models=our_models(), kinds=KINDS))


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name in plates.PLATES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text("what it is for\n", encoding="utf-8")
    for part in plates.PARTS:
        (tmp_path / "watch" / f"{part}.py").touch()
    (tmp_path / "comms/actions").mkdir()
    (tmp_path / "comms/actions/__init__.py").touch()
    for part in ("rules", "models", "queries"):
        (tmp_path / "comms" / f"{part}.py").touch()
    return tmp_path


def test_a_house_in_order_passes(house: Path) -> None:
    assert plates.wrong_rooms(house) == []


def test_a_room_that_only_decides_needs_no_tables(house: Path) -> None:
    (house / "welfare/rules").mkdir()
    (house / "welfare/rules/__init__.py").touch()
    (house / "welfare/rules/evidence.py").touch()
    assert plates.wrong_rooms(house) == []
    (house / "welfare/queries.py").touch()
    assert plates.wrong_rooms(house) == []
    (house / "welfare/actions.py").touch()
    assert len(plates.wrong_rooms(house)) == 1


def test_a_missing_plate_a_long_one_and_a_missing_file_are_noticed(house: Path) -> None:
    (house / "welfare/README.md").unlink()
    (house / "people/README.md").write_text("line\n" * 13, encoding="utf-8")
    (house / "watch/queries.py").unlink()
    (house / "comms/actions/__init__.py").unlink()
    assert len(plates.wrong_rooms(house)) == 4


def test_a_missing_word_is_noticed() -> None:
    glossary = "A **contact\npoint** is ... `Person`. Kinds: `MISSION_SIGNED_OUT`."
    explained = {"models": ["ContactPoint", "Person"], "kinds": ["MISSION_SIGNED_OUT"]}
    assert plates.without_entry(glossary, **explained) == []
    missing = {"models": ["Kin", "Per"], "kinds": ["MISSION_SIGNED", "MISSION_SIGNED_OUT"]}
    assert len(plates.without_entry(glossary, **missing)) == 3
