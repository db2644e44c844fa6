"""Reading the whole database at one moment, table by table, while the station goes on writing.

PostgreSQL: one snapshot (REPEATABLE READ) and its own COPY. SQLite with a write-ahead log: one
reading, which keeps nobody from writing. SQLite with a rollback journal would keep writers waiting
as long as it reads, so there the database is copied into memory in one go, and read from there.
"""

from __future__ import annotations

import hashlib
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models

from homeby.logbook import rules
from homeby.logbook.counting import Checkpoint
from homeby.logbook.models import Entry
from homeby.logbook.verification import one_reading
from homeby.station.backup import copy_text
from homeby.station.backup.manifest import Table
from homeby.station.backup.sealed_file import PART_BYTES

#: What a station on another machine must not go on with: who is logged in, and secrets of an hour.
LEFT_OUT = frozenset({"django_session", "people_loginlink"})

_ROWS_AT_ONCE = 2000
#: How COPY spells what may be spelled in several ways.
_SPELLINGS = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)


def tables() -> list[Table]:
    """Every table of ours, with its columns as this program knows them."""
    return [
        _table(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT
    ]


def _table(model: type[models.Model]) -> Table:
    fields = model._meta.concrete_fields
    columns = tuple(field.column or "" for field in fields)
    key: models.Field[Any, Any] | None = model._meta.pk
    assert key is not None, "every table of ours has its key"
    return Table(
        name=model._meta.db_table,
        columns=columns,
        kinds=tuple(copy_text.kind_of(field) for field in fields),
        key=key.column or "",
    )


def quoted(*names: str) -> str:
    """Names of tables or columns in a statement."""
    return ", ".join(map(connection.ops.quote_name, names))


class Snapshot:
    """The database at one moment. `blocks` may be asked for as long as the reading is open."""

    def __init__(self, of_sqlite: sqlite3.Connection | None, *, is_in_memory: bool = False) -> None:
        self._of_sqlite, self.is_in_memory = of_sqlite, is_in_memory

    def blocks(self, table: Table) -> Iterator[tuple[bytes, int]]:
        """The rows of a table in the order of their keys: whole lines, and how many they are."""
        if self._of_sqlite is not None:
            return self._from_sqlite(self._of_sqlite, table)
        return self._from_postgresql(table)

    def _from_sqlite(self, database: Any, table: Table) -> Iterator[tuple[bytes, int]]:
        wanted = ", ".join(
            f"CAST({quoted(column)} AS TEXT)"  # as it is kept, not as the driver reads it
            if kind in (copy_text.INSTANT, copy_text.BOOLEAN)
            else quoted(column)
            for column, kind in zip(table.columns, table.kinds, strict=True)
        )
        place = f"{quoted(table.name)} ORDER BY {quoted(table.key)}"
        sql = f"SELECT {wanted} FROM {place}"  # noqa: S608 - names of our own tables and columns
        held, count = bytearray(), 0
        with connection.wrap_database_errors, closing(database.execute(sql)) as found:
            while rows := found.fetchmany(_ROWS_AT_ONCE):
                held += copy_text.lines(rows, kinds=table.kinds)
                count += len(rows)
                if len(held) >= PART_BYTES:
                    yield bytes(held), count
                    held, count = bytearray(), 0
        if count:
            yield bytes(held), count

    def _from_postgresql(self, table: Table) -> Iterator[tuple[bytes, int]]:
        sql = (
            f"COPY (SELECT {quoted(*table.columns)} FROM {quoted(table.name)} "  # noqa: S608
            f"ORDER BY {quoted(table.key)}) TO STDOUT"
        )
        held, count = bytearray(), 0
        with (
            connection.cursor() as cursor,
            connection.wrap_database_errors,
            cursor.copy(sql) as lines,
        ):
            for line in lines:
                held += line
                count += 1
                if len(held) >= PART_BYTES:
                    yield bytes(held), count
                    held, count = bytearray(), 0
        if count:
            yield bytes(held), count


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Hold the database as it is now. Raises DatabaseError."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        own: Any = connection.connection
        if _writers_would_wait(own):
            with closing(sqlite3.connect(":memory:")) as memory:
                with connection.wrap_database_errors:
                    own.backup(memory)
                yield Snapshot(memory, is_in_memory=True)
            return
        with one_reading():
            yield Snapshot(own)
        return
    with one_reading():
        with connection.cursor() as cursor:
            for spelling in _SPELLINGS:
                cursor.execute(spelling)
        yield Snapshot(None)


def _writers_would_wait(own: Any) -> bool:
    with closing(own.execute("PRAGMA journal_mode")) as found:
        return str(found.fetchone()[0]).lower() not in ("wal", "memory")


class Counted:
    """The checkpoint of the entries that are in the backup, counted from their lines."""

    def __init__(self) -> None:
        self._entries, self._last, self._digest = 0, "-", hashlib.sha256()

    def note(self, table: Table, block: bytes) -> None:
        """Count the entries of a part; parts of other tables count nothing."""
        if table.name != Entry._meta.db_table:
            return
        at = [
            table.columns.index(name) for name in ("entry_id", "kind", "recorded_at", "body_hash")
        ]
        for cells in copy_text.cells_of(block):
            entry_id, kind, recorded_at, body = (cells[place] for place in at)
            leaf = rules.leaf_hash(
                entry_id=uuid.UUID(entry_id),
                kind=kind,
                recorded_at=copy_text.instant(recorded_at),
                body=bytes.fromhex(body[3:]),
            )
            self._entries, self._last = self._entries + 1, entry_id
            self._digest.update(leaf)

    def __str__(self) -> str:
        return str(
            Checkpoint(entries=self._entries, last=self._last, digest=self._digest.hexdigest())
        )
