"""The mark of a restore that is not done: until it goes, nothing runs in the folder."""

from __future__ import annotations

import json
from pathlib import Path

_MARK = "restore-unfinished.json"


class Unfinished(Exception):
    """A restore was begun here and not finished; the text says what to do."""


def mark(*, home: Path, backup: str, here: str) -> None:
    """Say that this backup is being restored into this database. Raises OSError."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = json.dumps({"backup": backup, "here": here}) + "\n"
    (home / _MARK).write_text(content, encoding="utf-8")


def unmark(*, home: Path) -> None:
    """The restore is done. Raises OSError."""
    (home / _MARK).unlink(missing_ok=True)


def is_of(*, home: Path, backup: str, here: str) -> bool:
    """Whether the restore of this very backup into this database was begun. Raises OSError."""
    try:
        found = json.loads((home / _MARK).read_text(encoding="utf-8"))
        return bool(found == {"backup": backup, "here": here})
    except (FileNotFoundError, ValueError):
        return False


def is_here(*, home: Path) -> bool:
    """Whether any restore was begun here and is not done."""
    return (home / _MARK).exists()


def refuse(*, home: Path) -> None:
    """Raise Unfinished where a restore was begun: half a station must not watch."""
    if is_here(home=home):
        raise Unfinished(
            f"A restore into {home} was begun and is not finished. Give the same `homeby restore` "
            "again: it goes on where it stopped."
        )
