"""A station filled by an earlier release comes up on this one, from its own database and from a
backup that the earlier release made: nothing is lost, nothing differs, every page opens."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import pgplugin, releases
from tests.house.tree import ROOT
from tests.rooms.upgraded import tables

VERSIONS = sorted(path.name for path in releases.FOLDER.iterdir())
WITH_BACKUP = [one for one in VERSIONS if (releases.FOLDER / one / releases.BACKUP).exists()]


def put_back(version: str, own: dict[str, str]) -> None:
    place, home = releases.FOLDER / version, Path(own["HOMEBY_HOME"])
    (home / "keys").mkdir(parents=True)
    key = home / "keys" / "people.key"
    key.write_bytes((place / "people.key").read_bytes())
    key.chmod(0o600)
    if pgplugin.chosen.database != "postgresql":
        (home / "homeby.sqlite3").write_bytes(releases.kept(place, "homeby.sqlite3"))
        return
    import psycopg

    script = releases.kept(place, "homeby.sql")
    with psycopg.connect(own["HOMEBY_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(script)


def upgraded(own: dict[str, str], *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.rooms.upgraded", *words]
    done = subprocess.run(command, env=own, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def is_whole(found: dict[str, Any]) -> None:
    assert found["difference"] is None
    assert found["entries"] > 50
    assert found["people_out"] >= 2
    assert found["alarms_open"] == 1
    assert found["opened"] == found["sealed"] > 0
    assert set(found["pages"].values()) == {200}, found["pages"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_station_of_an_earlier_release(
    version: str, station_environment: dict[str, str], db: None
) -> None:
    put_back(version, station_environment)
    found = upgraded(station_environment)
    is_whole(found)
    assert found["tables"] == tables(), "step by step they become what a new station begins with"


@pytest.mark.parametrize("version", WITH_BACKUP[:1])  # the oldest has the longest way
def test_a_backup_of_an_earlier_release(version: str, station_environment: dict[str, str]) -> None:
    place = releases.FOLDER / version
    words = (str(place / releases.BACKUP), str(place / releases.SECRET))
    found = upgraded(station_environment, *words)
    is_whole(found)
    assert found["code"] == 0
    assert not found["is_live"]


def test_every_release_is_kept() -> None:
    assert WITH_BACKUP, "no release is kept; see tests/releases.py"
    released = re.findall(r"(?m)^## (\d+\.\d+\.\d+),", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert released, "the changelog names its versions"
    assert set(released) <= set(VERSIONS), "python -m tests.releases VERSION, before its tag"
