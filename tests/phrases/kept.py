"""What a station keeps, read whole: its database and files of it, the logbook, logs, a backup."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyrage

from tests.browser.station import Station
from tests.phrases import places
from tests.phrases.places import Place


def kept(station: Station) -> list[Place]:
    """Each place; the backup is made for it, and opened."""
    return [
        places.of("database, row by row", places.rows(station.environment)),
        places.of("logbook", places.rows(station.environment, only="logbook_")),
        _backup(station),
        places.of("logs", places.files(station.folder, ".log")),
    ]


def files(station: Station) -> Place:
    """The files of the database as they lie on the disk, and what it writes before it writes there;
    of PostgreSQL all those of its server."""
    folder, endings = Path(station.environment["HOMEBY_HOME"]), ("", "-wal", "-shm", "-journal")
    found = places.files(folder, *(f"homeby.sqlite3{one}" for one in endings))
    url = station.environment.get("HOMEBY_DATABASE_URL", "")
    if url:
        found = places.files(Path(parse_qs(urlsplit(url).query)["host"][0]) / "data")
    return places.of("files of the database, its journal too", found)


def _backup(station: Station) -> Place:
    secrets = [pyrage.x25519.Identity.generate() for _one in range(2)]
    recipients = ",".join(str(one.to_public()) for one in secrets)
    station.environment["HOMEBY_BACKUP_RECIPIENTS"] = recipients
    folder = station.folder / "backups"
    station.homeby("backup", "--folder", str(folder))
    (file,) = [one for one in folder.iterdir() if one.is_file()]
    return places.of("backup, opened", places.backup_parts(file, str(secrets[0])))
