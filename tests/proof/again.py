"""Worlds of the simulator in which a promise had broken, lived again by the present sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.proof import stored


def lived(worlds: list[str], told: Callable[..., tuple[int, Any]]) -> dict[str, Any]:
    """The stored result of the simulator with what happened now in these worlds
    (`small:sqlite:555`) beside it; `told` runs a suite."""
    result: dict[str, Any] = stored.read()["simulator"]["result"]
    ran, again = stored.commit(), result.setdefault("again", {})
    for world in worlds:
        kind, database, seed = world.split(":")
        how = ("--seed", seed, "--worlds", "1", "--database", database)
        small = ("--small",) if kind == "small" else ()
        _, found = told("tests.simulation", *how, *small)
        again[world] = {"commit": ran, "broken": found["worlds"][0]["broken"] or "none"}
    return result


def line(result: Mapping[str, Any]) -> str:
    """The end of the line in which the broken promises of the run are counted."""
    worlds = [one["broken"] for one in result.get("again", {}).values()]
    held = sum(broken == "none" for broken in worlds)
    return f" ({len(worlds)} worlds lived again since: {held} without)" if worlds else ""


def text(result: Mapping[str, Any]) -> str:
    """A line of the page for each of them."""
    return "".join(
        f"\nThe world {world}, lived again on `{one['commit']}`: promises broken {one['broken']}.\n"
        for world, one in result.get("again", {}).items()
    )
