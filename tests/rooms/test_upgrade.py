"""A station filled by an earlier release comes up on this one: nothing is lost, nothing differs."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import pgplugin, releases

VERSIONS = sorted(path.name for path in releases.FOLDER.iterdir())


def restore(version: str, own: dict[str, str]) -> None:
    place, home = releases.FOLDER / version, Path(own["HOMEBY_HOME"])
    (home / "keys").mkdir(parents=True)
    key = home / "keys" / "people.key"
    key.write_bytes((place / "people.key").read_bytes())
    key.chmod(0o600)
    if pgplugin.chosen.database != "postgresql":
        whole = gzip.decompress((place / "homeby.sqlite3.gz").read_bytes())
        (home / "homeby.sqlite3").write_bytes(whole)
        return
    import psycopg

    script = gzip.decompress((place / "homeby.sql.gz").read_bytes())
    with psycopg.connect(own["HOMEBY_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(script)


def homeby(own: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "homeby", *words]
    return subprocess.run(command, env=own, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_station_of_an_earlier_release(version: str, station_environment: dict[str, str]) -> None:
    restore(version, station_environment)
    migrated = homeby(station_environment, "migrate")
    assert migrated.returncode == 0, migrated.stderr
    verdict = json.loads(homeby(station_environment, "verify", "--json").stdout)
    assert verdict["difference"] is None
    assert verdict["entries"] > 50
    figures = json.loads(homeby(station_environment, "status", "--json").stdout)
    assert figures["people_out"] == 5
    assert figures["alarms_open"] == 1


def test_every_release_is_kept() -> None:
    assert VERSIONS, "no release is kept; see tests/releases.py"
