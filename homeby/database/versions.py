"""Which version the tables have, compared with the code; and bringing them up to it."""

from __future__ import annotations

import contextlib
import fcntl
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from homeby import keys
from homeby.database import new_tables, steps

#: The number of the lock that everybody who changes tables takes on PostgreSQL ("homeby" in ASCII).
_POSTGRESQL_LOCK = 0x686F6D656279


@dataclass(frozen=True, kw_only=True)
class Versions:
    """`only_in_database`: steps of a newer Homeby. `only_in_code`: steps still to be made."""

    only_in_database: tuple[steps.Name, ...]
    only_in_code: tuple[steps.Name, ...]
    database_is_empty: bool

    @property
    def database_is_newer(self) -> bool:
        """Whether a newer Homeby has already changed these tables."""
        return bool(self.only_in_database)

    @property
    def database_is_older(self) -> bool:
        """Whether the tables are not yet those that the code expects."""
        return bool(self.only_in_code)


def compare() -> Versions:
    """Compare the migrations that were applied with those of the code. Raises DatabaseError."""
    in_code = steps.on_disk(settings.APPLICATIONS)
    applied = set(MigrationRecorder(connection).applied_migrations())
    done = {
        name
        for name, replaced in in_code.items()
        if name in applied or (replaced and applied.issuperset(replaced))
    }
    overtaken = {old for name in done for old in in_code[name]}  # by a squashed step, already made
    return Versions(
        only_in_database=tuple(sorted(applied - _known())),
        only_in_code=tuple(sorted(in_code.keys() - done - overtaken)),
        database_is_empty=not applied,
    )


@functools.cache
def _known() -> frozenset[steps.Name]:
    """Every step that this program knows; the program on the disk does not change under it."""
    in_code = steps.on_disk(settings.APPLICATIONS)
    return frozenset({*in_code, *(old for replaced in in_code.values() for old in replaced)})


def database_is_newer() -> bool:
    """Whether a newer Homeby has changed the tables meanwhile; one query. Raises DatabaseError."""
    return not _known().issuperset(MigrationRecorder(connection).applied_migrations())


def bring_up_to_date(*, home: Path) -> tuple[steps.Name, ...]:
    """Make the steps that are missing, alone under a lock, and say which were made.

    Somebody who comes second waits, and finds nothing left to do. The first start of all, on an
    empty database, also makes the people key. Raises DatabaseError, KeyProblem.
    """
    with _alone(home=home):
        found = compare()
        if found.database_is_empty:
            keys.make_people_key(home=home)
        if found.database_is_newer:
            return ()  # `safety` refuses it; nothing may be changed by a program that is too old
        if found.database_is_older:
            with new_tables.added_alone():
                call_command("migrate", interactive=False, verbosity=0)
    return found.only_in_code


@contextlib.contextmanager
def _alone(*, home: Path) -> Iterator[None]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_POSTGRESQL_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_POSTGRESQL_LOCK])
        return
    home.mkdir(parents=True, exist_ok=True)
    with (home / "migrate.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
