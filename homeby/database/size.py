"""Which database this is, and how much room it takes."""

from __future__ import annotations

import contextlib
import os

from django.db import connection

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_BESIDE = ("", "-wal", "-shm", "-journal")


def kind() -> str:
    """The name of the database system."""
    return KINDS.get(connection.vendor, connection.vendor)


def in_bytes() -> int:
    """What the records take on the disk, with the files that SQLite keeps beside its own; 0 for one
    in memory. Raises DatabaseError."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    total, name = 0, str(connection.settings_dict["NAME"])
    for more in _BESIDE:
        with contextlib.suppress(OSError):
            total += os.stat(name + more).st_size
    return total
