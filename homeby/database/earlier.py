"""Tables as an earlier version of Homeby had them, for a backup that it made."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from homeby.database.steps import Name

#: Tables that the steps themselves fill.
STEPS_TABLE = MigrationRecorder.Migration._meta.db_table


def unknown_steps(steps: Collection[Name]) -> tuple[Name, ...]:
    """Those of these steps that this program does not know: a newer one has made them."""
    return tuple(sorted(set(steps) - _known(MigrationLoader(None))))


def _known(loader: MigrationLoader) -> set[Name]:
    migrations = loader.disk_migrations
    return {*migrations, *(old for one in migrations.values() for old in one.replaces)}


def steps_made() -> tuple[Name, ...]:
    """The steps that the tables of this database have made. Raises DatabaseError."""
    return tuple(sorted(MigrationRecorder(connection).applied_migrations()))


def make_steps(steps: Collection[Name]) -> None:
    """Bring an empty database to exactly these steps, which one database has made before; where it
    was begun and stopped, go on. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    founding = {key: one for key, one in executor.loader.disk_migrations.items() if one.replaces}
    if any(set(one.replaces) - set(steps) for one in founding.values()):  # of an earlier Homeby
        executor.loader = MigrationLoader(connection, replace_migrations=False)
        wanted = set(steps) - founding.keys()
    else:
        wanted = {*steps, *founding}
    graph = executor.loader.graph
    wanted &= graph.nodes.keys()
    last = [  # of each room: to name an earlier one as well would take the later ones back
        step
        for step in sorted(wanted)
        if not any(
            child.key in wanted and child.key[0] == step[0]
            for child in graph.node_map[step].children
        )
    ]
    executor.migrate(last)


def our_tables(names: Collection[str]) -> list[str]:
    """Those of these tables that the database has. Raises DatabaseError."""
    with connection.cursor() as cursor:
        found = set(connection.introspection.table_names(cursor))
    return sorted(found.intersection(names))


@contextlib.contextmanager
def rows_by_hand(tables: Collection[str]) -> Iterator[None]:
    """Around rows that are put in with their own keys: afterwards the database gives new rows keys
    behind them. SQLite does so by itself. Raises DatabaseError."""
    yield
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in sorted(tables):
            for sequence in connection.introspection.get_sequences(cursor, table):
                _move(cursor, sequence["table"], sequence["column"])


def _move(cursor: object, table: str, column: str) -> None:
    quote = connection.ops.quote_name
    # Names of our own tables and columns, from the database itself.
    newest = f"SELECT MAX({quote(column)}) AS newest FROM {quote(table)}"  # noqa: S608
    move = "SELECT setval(pg_get_serial_sequence(%s, %s), newest) FROM"
    cursor.execute(  # type: ignore[attr-defined]
        f"{move} ({newest}) AS found WHERE newest IS NOT NULL", [quote(table), column]
    )
