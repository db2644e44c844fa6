"""Making room for a fresh demonstration without ever touching a real station. No Django here."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from typing import IO

MARK = "this-is-a-demonstration"
LOCK = "running.lock"

_held: list[IO[str]] = []  # open until this process ends, whichever way it does


class NotADemonstration(Exception):
    """The folder holds something else; the text is a sentence."""


def clear(*, home: Path) -> None:
    """Empty the folder of an earlier demonstration, mark it as one, and keep it for this process as
    long as it lives. Raises NotADemonstration."""
    if home.exists() and any(home.iterdir()) and not (home / MARK).exists():
        raise NotADemonstration(
            f"{home} holds something that is no demonstration, so it is left alone. Set "
            "HOMEBY_HOME to an empty folder, or start the real station with: homeby run"
        )
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    _keep_for_ourselves(home / LOCK)
    for inside in home.iterdir():
        if inside.name != LOCK:
            if inside.is_dir() and not inside.is_symlink():
                shutil.rmtree(inside)
            else:
                inside.unlink()
    (home / MARK).write_text("Emptied at each start of the demonstration.\n", encoding="utf-8")


def _keep_for_ourselves(path: Path) -> None:
    """Lock the folder against a second demonstration, which would empty it under the first."""
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise NotADemonstration(
            f"A demonstration runs in {path.parent} already. End it first, or set HOMEBY_HOME to "
            "another folder to have two."
        ) from None
    os.set_inheritable(file.fileno(), True)  # this process goes on as the supervisor's program
    _held.append(file)
