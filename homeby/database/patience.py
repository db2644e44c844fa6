"""Waiting less long than usual for a database that somebody else writes to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from homeby.database.address import BUSY_LIMIT_SECONDS


@contextmanager
def patience(*, milliseconds: int) -> Iterator[None]:
    """For what must not hold up a page. PostgreSQL lets writers of other rows pass each other, so
    there is nothing to wait for."""
    if connection.vendor != "sqlite":
        yield
        return
    _wait(milliseconds)
    try:
        yield
    finally:
        _wait(BUSY_LIMIT_SECONDS * 1000)


def _wait(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(milliseconds)}")
