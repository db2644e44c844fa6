"""One at a time: what two watchkeepers must not do beside one another."""

from __future__ import annotations

from zlib import crc32

from django.db import connection


def take_turn(name: str) -> None:
    """Whoever goes on from here under this name is alone until the transaction ends; others wait.
    On SQLite those who write follow one another anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [crc32(name.encode())])
