"""How far a long command is, said about once a second."""

from __future__ import annotations

import time
from collections.abc import Callable

_EVERY_SECONDS = 1.0


class Progress:
    """Counts rows; `of` how many, where that is known."""

    def __init__(self, say: Callable[[str], None], *, of: int = 0) -> None:
        self._say, self._of = say, f" of {of:,}" if of else ""
        self._rows, self._told = 0, time.monotonic()

    def at(self, table: str, rows: int) -> None:
        """So many rows more, of this table."""
        self._rows += rows
        if time.monotonic() - self._told >= _EVERY_SECONDS:
            self._told = time.monotonic()
            self._say(f"{self._rows:,}{self._of} rows, now those of {table}")
