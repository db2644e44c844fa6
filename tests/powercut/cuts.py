"""The power fails after some step: what was synced stays; of what was not, any part may be there,
missing, zero or rubbish, sector by sector. Then the database is opened as Homeby opens it."""

from __future__ import annotations

import importlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.powercut.recording import KEPT, Step  # and homeby.sqlite, which chooses the library

sqlite3 = importlib.import_module("sqlite3")

SECTOR = 512


@dataclass
class Disk:
    """What is safe on the disk, and what was asked for since the last sync of each file."""

    safe: dict[str, bytearray]
    loose: dict[str, list[Step]] = field(default_factory=lambda: {name: [] for name in KEPT})
    confirmed: int = 0

    def do(self, step: Step) -> None:
        """One step more."""
        if step.what == "confirmed":
            self.confirmed = step.at
        elif step.what == "sync":
            for waiting in self.loose[step.file]:
                _apply(self.safe[step.file], waiting)
            self.loose[step.file] = []
        else:
            self.loose[step.file].append(step)

    def after_the_cut(self, chance: random.Random) -> dict[str, bytes]:
        """The files as they may be found."""
        found = {}
        for name, safe in self.safe.items():
            image = bytearray(safe)
            for step in self.loose[name]:
                _apply_torn(image, step, chance)
            found[name] = bytes(image)
        return found


def _apply(image: bytearray, step: Step) -> None:
    if step.what == "truncate":
        del image[step.at :]
        return
    if len(image) < step.at:
        image.extend(bytes(step.at - len(image)))
    image[step.at : step.at + len(step.data)] = step.data


def _apply_torn(image: bytearray, step: Step, chance: random.Random) -> None:
    """An unsynced step, of which each sector has a fate of its own."""
    fate = chance.choice(("whole", "cut", "torn", "zero", "junk"))
    if step.what == "truncate" or fate == "whole":
        if fate != "cut":
            _apply(image, step)
        return
    for begin in range(0, len(step.data), SECTOR):
        part = step.data[begin : begin + SECTOR]
        if fate == "zero":
            part = bytes(len(part))
        elif fate == "junk":
            part = chance.randbytes(len(part))
        if fate == "cut" or (fate == "torn" and chance.random() < 0.5):
            continue
        _apply(image, Step("write", step.file, step.at + begin, part))


@dataclass(frozen=True)
class Found:
    """What was found after a cut: how many entries had been confirmed, how many of them are there,
    and "ok" or what SQLite says about the file."""

    confirmed: int
    there: int
    integrity: str

    @property
    def lost(self) -> int:
        """Confirmed entries that are gone."""
        return self.confirmed - self.there if self.integrity == "ok" else self.confirmed


def cut(file: bytes, steps: list[Step], *, cuts: int, seed: int, folder: Path) -> Iterator[Found]:
    """Cut the power at so many moments drawn from all steps."""
    chance = random.Random(seed)
    moments = sorted(chance.randint(1, len(steps)) for _ in range(cuts))
    disk = Disk(safe={"": bytearray(file), **{name: bytearray() for name in KEPT[1:]}})
    done = 0
    for moment in moments:
        for step in steps[done:moment]:
            disk.do(step)
        done = moment
        yield _look(disk.after_the_cut(chance), disk.confirmed, folder)


def _look(files: dict[str, bytes], confirmed: int, folder: Path) -> Found:
    database = folder / "after.sqlite3"
    for beside in (*KEPT, "-shm"):
        Path(f"{database}{beside}").unlink(missing_ok=True)
    for name, data in files.items():
        if data or not name:
            Path(f"{database}{name}").write_bytes(data)
    connection = sqlite3.connect(str(database))
    try:
        (integrity,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        rows = connection.execute(
            "SELECT COUNT(*) FROM (SELECT number FROM logbook_entry ORDER BY number LIMIT ?)",
            (confirmed,),
        )
        return Found(confirmed, rows.fetchone()[0], integrity)
    except sqlite3.DatabaseError as damaged:
        return Found(confirmed, 0, str(damaged))
    finally:
        connection.close()
