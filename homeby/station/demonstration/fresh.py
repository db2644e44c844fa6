"""Making room for a fresh demonstration without ever touching a real station. No Django here."""

from __future__ import annotations

import shutil
from pathlib import Path

MARK = "this-is-a-demonstration"


class NotADemonstration(Exception):
    """The folder holds something else; the text is a sentence."""


def clear(*, home: Path) -> None:
    """Empty the folder of an earlier demonstration and mark it as one. Raises NotADemonstration."""
    if home.exists() and any(home.iterdir()) and not (home / MARK).exists():
        raise NotADemonstration(
            f"{home} holds something that is no demonstration, so it is left alone. Set "
            "HOMEBY_HOME to an empty folder, or start the real station with: homeby run"
        )
    if home.exists():
        for inside in home.iterdir():
            if inside.is_dir() and not inside.is_symlink():
                shutil.rmtree(inside)
            else:
                inside.unlink()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / MARK).write_text("Emptied at each start of the demonstration.\n", encoding="utf-8")
