"""Questions that a sleeping watch asks again and again: Django makes their SQL once.

Asking by a queryset costs ten times what the database needs for the answer, and an idle watch does
nothing else. The answer is only whether there is anything, or one instant; rows are read as ever.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any

from django.db import connection, models

#: Stands for the present moment in the queryset of a question.
NOW = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


class Asked:
    """A question by the queryset that `make` gives, made at the first asking."""

    def __init__(self, make: Callable[[], models.QuerySet[Any, Any]]) -> None:
        self._make = make

    @functools.cached_property
    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        sql, params = self._make().query.sql_with_params()
        return sql, tuple(params)

    def _first(self, now: dt.datetime | None) -> tuple[Any, ...] | None:
        sql, params = self._statement
        if now is not None:
            stands, at = _written(NOW), _written(now)
            params = tuple(at if value == stands else value for value in params)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found: tuple[Any, ...] | None = cursor.fetchone()
        return found

    def any(self, *, now: dt.datetime | None = None) -> bool:
        """Whether there is a row; `now` is put where the queryset says `NOW`."""
        return self._first(now) is not None

    def instant(self) -> dt.datetime | None:
        """The instant in the first row's only column; None where there is no row."""
        row = self._first(None)
        at = row[0] if row else None
        if isinstance(at, str):  # SQLite keeps instants as text, in UTC
            at = dt.datetime.fromisoformat(at)
        assert at is None or isinstance(at, dt.datetime), "an instant"
        return at if at is None or at.tzinfo is not None else at.replace(tzinfo=dt.UTC)


def _written(at: dt.datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
