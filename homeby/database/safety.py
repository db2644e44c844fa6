"""Whether the database may be trusted with a promise; what may lose a record refuses to start.

Rules: `RELIABILITY.md` section 8 (SQLite) and promise P10: a check-in we confirmed survives a power
cut, and we refuse to start on settings that break this.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from django.db import DatabaseError, connection

from homeby import sqlite
from homeby.database import disks, trouble, versions
from homeby.findings import Finding, Level, amber, green, red

#: Tests on a throw-away PostgreSQL set this; the findings stay red, only the start is allowed.
ALLOW_VARIABLE = "HOMEBY_ALLOW_UNSAFE_DATABASE"

_SYNCHRONOUS_FULL = 2
_SYNCHRONOUS_NAMES = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}
_JOURNALS_THAT_SURVIVE = ("wal", "delete", "truncate", "persist")

_MAY_BE_ALLOWED = ("journal", "synchronous", "disk kind", "fsync", "full_page_writes")

_OLDER, _EMPTY = "older version", "station"

_ADVICE = {
    trouble.Kind.BUSY: "Another program holds it: end that program, or wait until it is done.",
    trouble.Kind.FULL: "Make room on the disk.",
    trouble.Kind.READ_ONLY: "Give the account that runs Homeby the right to write there.",
    trouble.Kind.DAMAGED: "Stop the station, keep the file, and bring back the last copy.",
}


class UnsafeDatabase(Exception):
    """The station must not start on this database; the text says why, a sentence to a line."""


def problems_with_database(now: dt.datetime) -> list[Finding]:
    """Every finding about the database, good ones too. Never raises for trouble of the database."""
    del now  # nothing here depends on the hour yet; callers already hand it on (house rule 5)
    try:
        connection.ensure_connection()
        return [*_durability(), *_version()]
    except DatabaseError as error:
        return [_no_answer(error=error)]


def refuse_unsafe_database(*, now: dt.datetime, may_be_older: bool = False) -> None:
    """Raise UnsafeDatabase when the station must not start on this database.

    `may_be_older`: its tables are about to be brought up to date.
    """
    found = problems_with_database(now)
    if may_be_older:
        found = [finding for finding in found if finding.what not in (_OLDER, _EMPTY)]
    if os.environ.get(ALLOW_VARIABLE):
        found = [finding for finding in found if finding.what not in _MAY_BE_ALLOWED]
    bad = [str(finding) for finding in found if finding.level is Level.RED]
    if bad:
        raise UnsafeDatabase("\n".join(bad))


def _no_answer(*, error: DatabaseError) -> Finding:
    known = trouble.recognise(error=error)
    advice = _ADVICE.get(known.kind) if known else None
    return red(
        "database",
        f"The database does not answer: {str(error).strip().splitlines()[0]}.",
        advice or "Look at database_url, and whether the database runs and lets this account in.",
    )


def _durability() -> list[Finding]:
    return _sqlite_durability() if connection.vendor == "sqlite" else _postgresql_durability()


def _sqlite_durability() -> list[Finding]:
    name = str(connection.settings_dict["NAME"])
    journal = str(_pragma("journal_mode")).lower()
    if journal == "memory" and connection.is_in_memory_db():  # type: ignore[attr-defined]
        return [
            amber("database", "The records are kept in memory only.", "Use this for tests only.")
        ]
    return [
        green("database", f"The records are kept in the SQLite file {name}."),
        _journal_finding(journal=journal, library=sqlite.library),
        _synchronous_finding(level=int(str(_pragma("synchronous")))),
        _disk_finding(path=Path(name)),
    ]


def _journal_finding(*, journal: str, library: sqlite.Library) -> Finding:
    if journal == "wal" and library.has_wal_defect:
        return red(
            "journal",
            f"{library.name} can damage a database in WAL mode when two processes write.",
            "Install the package pysqlite3, or a Python with SQLite 3.51.3 or newer; Homeby then "
            "chooses the journal by itself.",
        )
    if journal not in _JOURNALS_THAT_SURVIVE:
        return red(
            "journal",
            f"The database keeps its journal in the mode {journal.upper()}, which does not survive "
            "a crash.",
            "End whatever changed the mode and start Homeby again.",
        )
    if library.has_wal_defect:
        return amber(
            "journal",
            f"{library.name} has the WAL-reset defect, so the rollback journal is used: safe, but "
            "slower (about 50 commits a second).",
            "Install the package pysqlite3 for this machine if there is one.",
        )
    return green("journal", f"{library.name} keeps its journal in the mode {journal.upper()}.")


def _synchronous_finding(*, level: int) -> Finding:
    name = _SYNCHRONOUS_NAMES.get(level, str(level))
    if level < _SYNCHRONOUS_FULL:
        return red(
            "synchronous",
            f"The database runs with synchronous={name}: a power cut could take back a check-in "
            "that was already confirmed.",
            "Remove whatever sets it; Homeby itself asks for FULL.",
        )
    return green("synchronous", f"Every commit is on the disk before it is answered ({name}).")


def _disk_finding(*, path: Path) -> Finding:
    mount = disks.mount_of(path=path.parent)
    if mount is None:
        return amber(
            "disk kind",
            "This machine does not say what kind of disk holds the database.",
            "See to it that it is a disk of this machine: do not trust the locks of a network.",
        )
    if mount.is_network:
        return red(
            "disk kind",
            f"The database lies on {mount.point}, a network file system ({mount.kind}), whose "
            "locks cannot be trusted between processes.",
            "Move HOMEBY_HOME to a disk of this machine, or use PostgreSQL by database_url.",
        )
    return green("disk kind", f"The database lies on a disk of this machine ({mount.kind}).")


def _postgresql_durability() -> list[Finding]:
    place = connection.settings_dict["HOST"] or "this machine"
    version = _value("SHOW server_version")
    return [
        green("database", f"The records are kept by PostgreSQL {version} on {place}."),
        _postgresql_setting(
            name="fsync",
            bad=("off",),
            sentence="PostgreSQL runs with fsync=off: a power cut could destroy the database.",
        ),
        _postgresql_setting(
            name="synchronous_commit",
            bad=("off",),
            sentence="PostgreSQL runs with synchronous_commit=off: a crash could take back a "
            "check-in that was already confirmed.",
        ),
        _postgresql_setting(
            name="full_page_writes",
            bad=("off",),
            sentence="PostgreSQL runs with full_page_writes=off: a power cut could tear pages.",
        ),
        _recovery_finding(),
    ]


def _postgresql_setting(*, name: str, bad: tuple[str, ...], sentence: str) -> Finding:
    value = _value(f"SHOW {name}")
    what = "synchronous" if name == "synchronous_commit" else name
    if value in bad:
        return red(what, sentence, f"Set {name} = on in postgresql.conf and reload the server.")
    return green(what, f"PostgreSQL runs with {name}={value}.")


def _recovery_finding() -> Finding:
    if _value("SELECT pg_is_in_recovery()") in ("True", "t", "true"):
        return red(
            "database role",
            "This PostgreSQL is a copy that can only be read.",
            "Point database_url at the server that may be written to.",
        )
    return green("database role", "This PostgreSQL may be written to.")


def _version() -> list[Finding]:
    found = versions.compare()
    if found.database_is_newer:
        room, step = found.only_in_database[0]
        return [
            red(
                "version",
                f"The database belongs to a newer version of Homeby: it has the step {room} "
                f"{step}, which this program does not know.",
                "Start the newer Homeby, or bring back the copy made before it was installed.",
            )
        ]
    if found.database_is_empty:
        return [
            red(
                _EMPTY,
                "There is no station in this database yet.",
                "Found one with `homeby init`, or set HOMEBY_HOME to the folder of yours.",
            )
        ]
    if found.database_is_older:
        count = len(found.only_in_code)
        steps = "one step" if count == 1 else f"{count} steps"
        return [
            red(
                _OLDER,
                f"The database belongs to an older version of Homeby: {steps} must still be made.",
                "Run `homeby migrate`; `homeby run` does it by itself at its start.",
            )
        ]
    return [green("version", "The database has the version that this program expects.")]


def _pragma(name: str) -> object:
    return _one_value(f"PRAGMA {name}")


def _value(sql: str) -> str:
    return str(_one_value(sql))


def _one_value(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    assert row is not None, "the database always answers this question"
    return row[0]
