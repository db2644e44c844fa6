"""`homeby restore`: a station back from its backup, on an empty folder and an empty database.

Nothing is written before every part was compared with its hash. All rows come in one transaction;
whatever is interrupted goes on with the same command, and until it is done the folder refuses to
run. What comes back is a copy: it sends nothing until a person says that it is the live one (P18).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyrage
from django.db import DatabaseError, connection, transaction

import homeby
from homeby import clock, keys
from homeby.database import earlier, trouble, versions
from homeby.logbook import actions as logbook
from homeby.logbook import queries
from homeby.logbook.counting import checkpoint
from homeby.logbook.verification import verify
from homeby.settings import FILE_NAME, Settings
from homeby.station import live, timing
from homeby.station.backup import backup_keys, copy_text, sealed_file, taking, unfinished
from homeby.station.backup import manifest as manifests
from homeby.station.backup.manifest import BadBackup, Manifest, Table
from homeby.station.backup.progress import Progress
from homeby.watch.actions.lost_entries import tell as tell_lost

Say = Callable[[str], None]

#: Tables that the steps of a new database fill by themselves.
_FILLED_BY_STEPS = frozenset({earlier.STEPS_TABLE, "django_content_type", "auth_permission"})
_ENTRIES = "logbook_entry"


class NotEmpty(Exception):
    """There is something where the station should go; the text says what, and what to do."""


@dataclass(frozen=True, kw_only=True)
class _Backup:
    """A backup that was examined."""

    path: Path
    identities: list[pyrage.x25519.Identity]
    manifest: Manifest

    @property
    def name(self) -> str:
        """Which backup this is, whatever its file is called."""
        return hashlib.sha256(self.manifest.as_bytes()).hexdigest()

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Its parts, each compared with its hash. Raises BadBackup."""
        return sealed_file.parts(path=self.path, identities=self.identities, manifest=self.manifest)


def run(*, settings: Settings, file: Path, identity: Path, say: Say) -> int:
    """Restore, and say what came back; 0, 1 when the logbook does not rebuild the rows, 2 with a
    sentence when nothing was restored."""
    try:
        return restore(settings=settings, file=file, identity=identity, say=say)
    except (BadBackup, backup_keys.KeyRefused, NotEmpty, keys.KeyProblem) as refused:
        say(str(refused))
    except DatabaseError as error:
        known = trouble.recognise(error=error)
        say(f"Not restored: {known.sentence if known else error}")
    except OSError as error:
        say(f"Not restored: {error}. Put that right and give the same command again.")
    except KeyboardInterrupt:
        say("Interrupted. Give the same command again: it goes on where it stopped.")
        return 130
    return 2


def restore(*, settings: Settings, file: Path, identity: Path, say: Say) -> int:
    """The steps of `run`. Raises BadBackup, KeyRefused, NotEmpty, KeyProblem, OSError and
    DatabaseError."""
    identities = backup_keys.read_secret_halves(path=identity)
    say(f"Examining {file}: every part is compared with its hash before anything is written.")
    found = sealed_file.examine(path=file, identities=identities)
    backup = _Backup(path=file, identities=identities, manifest=found)
    _refuse_newer(found)
    say(
        f"It was made at {found.made_at:%Y-%m-%d %H:%M}Z by Homeby {found.homeby} on "
        f"{found.database}, and holds {found.entries:,} entries, {found.rows:,} rows."
    )
    connection.ensure_connection()  # an SQLite file has no number before it is there
    here = live.here()
    begun = unfinished.is_of(home=settings.home, backup=backup.name, here=here)
    if not begun:
        _refuse_keys(settings.home)
    if not (begun and _is_loaded()):
        _refuse_rows(found)
        unfinished.mark(home=settings.home, backup=backup.name, here=here)
        _load(backup, settings, say)
    versions.bring_up_to_date(home=settings.home)
    timing.adopt(settings=settings)
    _call_it_a_copy(found, now=clock.now())
    unfinished.unmark(home=settings.home)
    return _verdict(found, settings, say)


def _refuse_newer(found: Manifest) -> None:
    if unknown := earlier.unknown_steps(found.migrations):
        room, step = unknown[0]
        raise BadBackup(
            f"This backup was made by Homeby {found.homeby}, which is newer than this program "
            f"({homeby.__version__}): its tables have the step {room} {step}. Install that version "
            "or a newer one, and restore with it."
        )


def _refuse_keys(home: Path) -> None:
    """Raise NotEmpty where the folder is that of a station."""
    for path in keys.folder(home=home).glob("[!.]*"):
        if path.name != keys.SECRET_KEY_FILE:  # which every command makes where there is none
            raise NotEmpty(
                f"The folder {home} holds the key {path.name} of a station already, and a restore "
                "overwrites nothing. Set HOMEBY_HOME to an empty folder."
            )


def _refuse_rows(found: Manifest) -> None:
    """Raise NotEmpty where the database is that of a station."""
    names = {table.name for table in [*found.tables, *taking.tables()]}
    filled = [name for name in earlier.our_tables(names - _FILLED_BY_STEPS) if _has_rows(name)]
    further = set(earlier.steps_made()) - set(found.migrations)
    if filled or further:
        what = f"the table {filled[0]} has rows" if filled else "its tables are of another version"
        raise NotEmpty(
            f"The database is not empty: {what}, and a restore overwrites nothing. Make an empty "
            "database, and name it in database_url; with SQLite, set HOMEBY_HOME to an empty "
            "folder."
        )


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {taking.quoted(table)} LIMIT 1")  # noqa: S608
        return cursor.fetchone() is not None


def _is_loaded() -> bool:
    return bool(earlier.our_tables({_ENTRIES})) and _has_rows(_ENTRIES)


def _load(backup: _Backup, settings: Settings, say: Say) -> None:
    """Make the tables as they were, and put every row in, all in one transaction."""
    tables = {table.name: table for table in backup.manifest.tables}
    say("Making the tables as that version had them.")
    earlier.make_steps(backup.manifest.migrations)
    _refuse_other_columns(tables)
    with transaction.atomic(), earlier.rows_by_hand(tables):
        for name in earlier.our_tables(tables):
            with connection.cursor() as cursor:  # what the steps themselves have put in
                cursor.execute(f"DELETE FROM {taking.quoted(name)}")  # noqa: S608
        progress = Progress(say, of=backup.manifest.rows)
        for name, content in backup.parts():
            if table := tables.get(manifests.table_of_part(name)):
                _put(table, content)
                progress.at(table.name, backup.manifest.parts[name].rows)
            else:
                _keep(settings.home, name, content, say)


def _refuse_other_columns(tables: dict[str, Table]) -> None:
    for table in tables.values():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {taking.quoted(table.name)} LIMIT 0")  # noqa: S608
            there = {column[0] for column in cursor.description}
        if there != set(table.columns):
            raise BadBackup(
                f"The backup has other columns of the table {table.name} than the version that it "
                "names. It was not made by Homeby alone; take another backup."
            )


def _put(table: Table, content: bytes) -> None:
    """Put the rows of one part in. Raises DatabaseError, BadBackup."""
    target = f"{taking.quoted(table.name)} ({taking.quoted(*table.columns)})"
    if connection.vendor == "postgresql":
        with (
            connection.cursor() as cursor,
            connection.wrap_database_errors,
            cursor.copy(f"COPY {target} FROM STDIN") as into,
        ):
            into.write(content)
        return
    try:
        rows: list[tuple[Any, ...]] = copy_text.rows(content, kinds=table.kinds)
    except ValueError as error:
        raise BadBackup(f"A row of {table.name} cannot be read: {error}.") from error
    marks = ", ".join(["%s"] * len(table.columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {target} VALUES ({marks})", rows)  # noqa: S608


def _keep(home: Path, name: str, content: bytes, say: Say) -> None:
    """Write a key or the settings, whole or not at all, for the owner alone. Settings that this
    machine has are left as they are."""
    path = home / (FILE_NAME if name == manifests.SETTINGS else name)
    if name == manifests.SETTINGS and path.exists() and path.read_bytes() != content:
        path = home / f"{FILE_NAME}.from-backup"
        say(f"This folder has its own {FILE_NAME}; that of the backup lies beside it: {path.name}.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _call_it_a_copy(found: Manifest, *, now: dt.datetime) -> None:
    """Quarantine what came back, wherever it lies; whoever keeps the watch hears, once a person has
    said that it is the live station, that entries since the backup may be missing."""
    station = queries.station()
    if station is None:
        raise BadBackup("There is no station in this backup. Take another one.")
    why = (
        f"It was restored from a backup of {found.made_at:%Y-%m-%d %H:%M}Z: whatever was recorded "
        "since then is missing here."
    )
    logbook.quarantine(why=why, here=live.here(), now=now, beside=partial(tell_lost, why=why))


def _verdict(found: Manifest, settings: Settings, say: Say) -> int:
    say("Replaying the logbook against every row.")
    verdict = verify(against=checkpoint(found.checkpoint))
    if verdict.difference:
        say(f"The rows came back, but they do not agree: {verdict.difference}")
        say("Keep this folder as it is, and try an earlier backup in another one.")
        return 1
    say(
        f"{verdict.entries:,} entries rebuild all {verdict.rows:,} rows; the first "
        f"{found.entries:,} are those of the backup's checkpoint: {found.checkpoint}"
    )
    say(
        "This is a copy: it sends nothing and watches nobody. When the other station is stopped "
        "and this one takes its place: homeby live --confirm"
    )
    return 0
