"""One at a time: what two watchkeepers must not do beside one another."""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from django.db import connection


def take_turn(name: str) -> None:
    """Whoever goes on from here under this name is alone until the transaction ends; others wait.
    On SQLite those who write follow one another anyway."""
    take_turns([name])


def take_turns(names: Iterable[str]) -> None:
    """The same under several names, which everybody takes in one order: nobody waits for somebody
    who waits for her. Whoever takes more later may wait for each other."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for number in sorted({crc32(name.encode()) for name in names}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
