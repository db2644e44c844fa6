"""Rooms and their door plates, and the words that must stand in the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.house.tree import ROOMS

PARTS = ("rules", "models", "queries", "actions")
PLATES = (*ROOMS, "web", "station", "auditor")
PLATE_LINES = 12


def has_code(room: Path) -> bool:
    """Whether a room holds more than its door plate."""
    return any(path.name != "__init__.py" for path in room.rglob("*.py"))


def only_decides(room: Path) -> bool:
    """Whether a room holds rules, and reads the rooms below, and nothing else yet: that needs no
    table."""
    parts = [room / part for part in ("rules", "queries")]
    code = [path for path in room.rglob("*.py") if path != room / "__init__.py"]
    return all(
        any(part in path.parents or path == part.with_suffix(".py") for part in parts)
        for path in code
    )


def wrong_rooms(house: Path) -> list[str]:
    """A sentence for each room without a short README, and for each of the four files missing."""
    found = []
    for name in PLATES:
        plate = house / name / "README.md"
        if not plate.exists():
            found.append(f"homeby/{name}: the door plate README.md is missing.")
        elif len(plate.read_text(encoding="utf-8").splitlines()) > PLATE_LINES:
            found.append(f"homeby/{name}/README.md: at most {PLATE_LINES} lines fit a door plate.")
        if name in ROOMS and has_code(house / name) and not only_decides(house / name):
            found += [
                f"homeby/{name}: {part}.py is missing (every room has the same four)."
                for part in PARTS
                if not (house / name / f"{part}.py").exists()
                and not (house / name / part / "__init__.py").exists()
            ]
    return found


def split_camel(name: str) -> str:
    """`ContactPoint` as it is said: `contact point`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def without_entry(glossary: str, *, models: Iterable[str], kinds: Iterable[str]) -> list[str]:
    """A sentence for each model and entry kind that the glossary does not explain.

    A model stands there by its name in code or as it is said, a kind by its name.
    """
    plain = " ".join(glossary.lower().split())
    found = [
        f"docs/glossary.md does not explain {name} ({split_camel(name)})."
        for name in sorted(models)
        if not re.search(rf"\b({re.escape(name.lower())}|{split_camel(name)})s?\b", plain)
    ]
    return found + [
        f"docs/glossary.md does not list the entry kind {kind}."
        for kind in sorted(kinds)
        if not re.search(rf"\b{re.escape(kind)}\b", glossary)
    ]
