"""The two clocks of a machine, moved by hand: what the tests of clocks put in place of the real."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from homeby import clock


@dataclass
class Hands:
    """A wall clock that can be set, and a count since boot that cannot."""

    wall_at: dt.datetime
    boot_seconds: float = 5000.0
    rate: float = 1.0

    def pass_(self, *, seconds: float) -> None:
        """Let real time pass; the wall clock keeps up at its rate (1 is right, 0 stands still)."""
        self.boot_seconds += seconds
        self.wall_at += dt.timedelta(seconds=seconds * self.rate)

    def move(self, *, seconds: float) -> None:
        """Set the wall clock, forward or back."""
        self.wall_at += dt.timedelta(seconds=seconds)


@contextmanager
def hands(monkeypatch: pytest.MonkeyPatch, *, wall_at: dt.datetime) -> Iterator[Hands]:
    """Hands on the clocks of this process, which it trusts at first; put right again at the end."""
    found, before = Hands(wall_at=wall_at), clock.trusted()
    monkeypatch.setattr(clock, "wall_now", lambda: found.wall_at)
    monkeypatch.setattr(clock, "boot_seconds", lambda: found.boot_seconds)
    clock.trust(zero_at=clock.clocks().zero_at)
    try:
        yield found
    finally:
        clock.trust(zero_at=before)
