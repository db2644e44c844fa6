"""P18 and threat 14: a backup is made while the station writes, whoever takes it reads nothing, and
what it brings back elsewhere is whole, opens what is sealed, and sends nothing until a person says
that it is the live station."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests import pgplugin
from tests.house.tree import ROOT
from tests.promises import backups

ENVIRONMENT = "HOMEBY_"


def on_a_machine(own: dict[str, str], what: str, folder: Path) -> dict[str, Any]:
    """Do this in a process of its own, whose temporary files lie where we can look."""
    temporary = folder / f"temporary-{what}"
    temporary.mkdir()
    env = own | {"TMPDIR": str(temporary), "DJANGO_SETTINGS_MODULE": "homeby.django_settings"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.promises.backups", what, str(folder)],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def holding(phrases: Iterable[str], files: Iterable[Path]) -> list[str]:
    """The files that hold one of these phrases in clear."""
    wanted = [phrase.encode() for phrase in phrases]
    return [
        path.name
        for path in files
        if path.is_file() and any(phrase in path.read_bytes() for phrase in wanted)
    ]


def besides_records(folder: Path) -> list[Path]:
    """Everything below a folder but the station's own records, keys and settings."""
    kept = ("homeby.sqlite3", "homeby.sqlite3-wal", "homeby.sqlite3-shm", backups.KEPT)
    return [path for path in folder.rglob("*") if path.name not in kept]


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, str]:
    """Another machine, on PostgreSQL with a fresh database. That one of SQLite opens on PostgreSQL,
    `tests/rooms/test_upgrade.py` shows: the kept backups were made on SQLite."""
    return pgplugin.own_station(folder=tmp_path / "there", name="there")


def test_made_while_writing_and_back_on_another_machine(
    station_environment: dict[str, str], elsewhere: dict[str, str], tmp_path: Path
) -> None:
    home = Path(station_environment["HOMEBY_HOME"])
    home.mkdir(parents=True)
    toml = f'station_name = "Seventh stair"\nsmtp_password = "{backups.PHRASE}"\n'
    (home / backups.KEPT).write_text(toml, encoding="utf-8")

    made = on_a_machine(station_environment, "leave", tmp_path)
    assert made["killed"]
    assert [name[-5:] for name in made["left_by_the_kill"]] == [".part"]
    assert made["code"] == 0, made["said"]
    assert made["left_afterwards"] == []
    assert made["same_from_memory"]
    assert any(made["checkpoint"] in line for line in made["said"])
    entries = int(made["checkpoint"].split()[0])
    assert made["entries_afterwards"] == entries + 3  # who came meanwhile, the address, the backup

    back = on_a_machine(elsewhere, "arrive", tmp_path)
    assert back["killed"]
    assert "is not finished" in back["refusal"]
    assert back["code"] == 0, back["said"]
    assert back["difference"] is None
    assert any(made["checkpoint"] in line for line in back["said"])
    assert backups.ADDRESS in back["addresses"]
    assert sorted([*back["addresses"], backups.ADDRESS]) == made["addresses"]  # who came meanwhile
    assert backups.NAME in back["names"]
    assert "Came meanwhile" not in back["names"]
    there = Path(elsewhere["HOMEBY_HOME"])
    assert backups.PHRASE in (there / backups.KEPT).read_text(encoding="utf-8")

    assert "restored from a backup" in back["why"]
    assert back["sent_as_copy"] == 0
    assert back["sent_when_live"] > 0
    assert back["over_again"] == 2
    assert "already" in back["said"][-1]

    phrases = (backups.NAME, backups.PHRASE, backups.ADDRESS)
    assert holding(phrases, [tmp_path / backups.FILE, *besides_records(tmp_path)]) == []
    if pgplugin.chosen.database == "sqlite":
        assert holding(phrases, [there / "homeby.sqlite3"]), "what we look for is what is there"
    assert os.stat(tmp_path / backups.FILE).st_mode & 0o077 == 0
