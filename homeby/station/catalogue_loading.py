"""Takes files of the catalogue of qualifications in, from the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from homeby import clock
from homeby.logbook.rules import Refused, new_tap
from homeby.people.rules import STATION
from homeby.readiness.actions.catalogue import load
from homeby.readiness.shipped import shipped_files


def run(*, files: Sequence[Path], say: Callable[[str], object]) -> int:
    """Read these files, or the catalogue that comes with Homeby; 1 with a sentence for each fault,
    and then nothing was taken."""
    found = []
    for path in files:
        try:
            found.append((path.name, path.read_text(encoding="utf-8-sig")))
        except (OSError, UnicodeDecodeError):
            say(f"{path} cannot be read as text; look at its name and its rights.")
            return 1
    try:
        say(load(files=found or shipped_files(), by=STATION, now=clock.now(), tap=new_tap()))
    except Refused as refused:
        say(str(refused))
        return 1
    return 0
