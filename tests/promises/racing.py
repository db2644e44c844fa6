"""Two people act in the very same instant, on threads and connections of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from homeby.logbook.rules import Refused
from homeby.logbook.verification import verify
from tests import pgplugin
from tests.promises.test_a_tap_and_the_watch_let_each_other_pass import (
    Beside,
    guarded_again,
    stopped_after,
    until_it_waits,
    village,
)

__all__ = ["at_the_gate", "guarded_again", "on_postgresql", "race", "village"]

on_postgresql = pytest.mark.skipif(
    pgplugin.chosen.database != "postgresql", reason="row locks are PostgreSQL's alone"
)


def at_the_gate(call: Callable[[], Any]) -> str:
    """What somebody is told; anything but a sentence is trouble, and raised."""
    try:
        return str(call())
    except Refused as refused:
        return f"refused: {refused}"


def race(
    patch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    first: Callable[[], Any],
    second: Callable[[], Any],
) -> tuple[str, str]:
    """The first stops after this function with all that it has locked; the second comes then, and
    waits or ends; then the first goes on. What each of them is told."""
    with stopped_after(patch, module, name) as is_there:
        one = Beside(lambda: at_the_gate(first))
        assert is_there()
        other = Beside(lambda: at_the_gate(second))
        until_it_waits(other)
    told = str(one.result()), str(other.result())
    assert verify().difference is None
    return told
