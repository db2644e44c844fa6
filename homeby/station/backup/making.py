"""`homeby backup`: the whole station in one file that only the holders of backup keys open."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.db import DatabaseError, connection

import homeby
from homeby import clock, keys
from homeby.database import earlier, trouble
from homeby.logbook import actions as logbook
from homeby.logbook import queries
from homeby.logbook.keeping import Contradiction
from homeby.logbook.models import KeptCheckpoint
from homeby.settings import Settings
from homeby.station import checkpoints
from homeby.station.backup import backup_keys, sealed_file, settings_text, taking
from homeby.station.backup.backup_keys import Holder
from homeby.station.backup.manifest import NAME, SETTINGS, Manifest
from homeby.station.backup.progress import Progress

_OWNER_ONLY = 0o600
_ENDING = ".age"
Say = Callable[[str], None]


class NoBackup(Exception):
    """No backup was made; the text is a sentence that says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What was asked for: more holders than the settings name, another folder, how many backups of
    this station to keep there (None: all)."""

    to: Sequence[str] = ()
    folder: Path | None = None
    keep: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Made:
    """A backup that lies under its name."""

    path: Path
    size_bytes: int
    manifest: Manifest
    holders: Sequence[Holder]
    kept: KeptCheckpoint | None

    @property
    def is_settled(self) -> bool:
        """Whether no entry can appear any more among those of the backup: on PostgreSQL one may,
        where somebody was writing, and a checkpoint of them would contradict an honest logbook."""
        if connection.vendor != "postgresql":
            return True
        return self.kept is not None and self.kept.size == self.manifest.entries

    def facts(self) -> dict[str, object]:
        """What the logbook keeps of it."""
        return {
            "file": self.path.name,
            "size_bytes": self.size_bytes,
            "checkpoint": self.manifest.checkpoint if self.is_settled else "",
            "signed_checkpoint": self.kept.note if self.kept is not None else "",
            "sealed_to": [one.public_half for one in self.holders],
        }

    def say(self, say: Say, *, seconds: float) -> None:
        """What is in it, to whom it is sealed."""
        say(f"The backup {self.path} is whole: {self.size_bytes:,} bytes, in {seconds:.1f} s.")
        say(
            f"It holds {self.manifest.entries:,} entries, {self.manifest.rows:,} rows, the keys "
            "and the settings."
        )
        if self.is_settled:
            say(f"Checkpoint: {self.manifest.checkpoint}")
        for one in self.holders:
            say(f"Sealed to {one}.")
        say("Carry it to another place: a backup on the same disk is lost with it.")


def run(*, settings: Settings, wish: Wish, say: Say) -> int:
    """Make a backup and say what is in it; 0, or 2 with a sentence when none was made."""
    try:
        holders = backup_keys.holders([*settings.backup_recipients, *wish.to])
        make(settings=settings, holders=holders, wish=wish, say=say)
    except (backup_keys.KeyRefused, keys.KeyProblem, NoBackup) as refused:
        say(str(refused))
        return 2
    except OSError as error:
        say(f"No backup was made: {error}. Make room, or name another folder with --folder.")
        return 2
    except DatabaseError as error:
        known = trouble.recognise(error=error)
        say(f"No backup was made: {known.sentence if known else error}")
        return 2
    except KeyboardInterrupt:
        say("Interrupted: nothing was left behind. Run it again when you like.")
        return 130
    return 0


def make(*, settings: Settings, holders: Sequence[Holder], wish: Wish, say: Say) -> Path:
    """Make a backup; gives its file. What is half written never has the name of a backup. Raises
    NoBackup, KeyProblem, OSError, DatabaseError."""
    station = queries.station()
    if station is None:
        raise NoBackup("There is no station here yet, so there is nothing to keep.")
    began, now = time.monotonic(), clock.now()
    folder = wish.folder or settings.backups
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    signed = _checkpoint(now, say)
    manifest = Manifest(
        homeby=homeby.__version__,
        made_at=now,
        station=str(station.pk),
        database=connection.vendor,
        migrations=list(earlier.steps_made()),
        tables=taking.tables(),
    )
    stem = f"homeby-{station.pk.hex[:8]}"
    with _alone(settings.home), _draft(folder, stem) as (draft, out):
        parts = _parts(settings, manifest, Progress(say))
        sealed_file.seal(parts=parts, to=[one.public_half for one in holders], out=out)
        out.flush()
        os.fsync(out.fileno())
        path = _named(draft, folder, f"{stem}-{now:%Y%m%dT%H%M%SZ}")
    made = _Made(
        path=path,
        size_bytes=path.stat().st_size,
        manifest=manifest,
        holders=holders,
        kept=signed,
    )
    logbook.backed_up(facts=made.facts(), now=now)
    made.say(say, seconds=time.monotonic() - began)
    if signed is not None:
        say(f"Keep this elsewhere, whole:\n\n{signed.note}")
    for old in _drop(folder, stem, path, wish.keep) if wish.keep else []:
        say(f"Removed the older backup {old.name}.")
    return path


def _checkpoint(now: dt.datetime, say: Say) -> KeptCheckpoint | None:
    """Kept before, so that it is in the backup; a logbook that contradicts it is kept as well."""
    try:
        return checkpoints.keep_now(now=now)
    except Contradiction as found:
        say(str(found))
        return None


def _parts(
    settings: Settings, manifest: Manifest, progress: Progress
) -> Iterator[tuple[str, bytes]]:
    """Every part of the backup, the manifest last."""

    def part(name: str, content: bytes, rows: int = 0) -> tuple[str, bytes]:
        manifest.note(name, content, rows=rows)
        return name, content

    for path in sorted(keys.folder(home=settings.home).glob("[!.]*")):
        yield part(f"keys/{path.name}", path.read_bytes())
    yield part(SETTINGS, settings_text.as_toml(settings).encode())
    counted = taking.Counted()
    with taking.snapshot() as snapshot:
        for table in manifest.tables:
            for number, (block, rows) in enumerate(snapshot.blocks(table), start=1):
                counted.note(table, block)
                progress.at(table.name, rows)
                yield part(f"tables/{table.name}/{number:06}.copy", block, rows)
    manifest.checkpoint = str(counted)
    yield NAME, manifest.as_bytes()


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One backup at a time of this station's folder."""
    with (home / "backup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NoBackup(
                "Another backup is being made just now; wait until it is done."
            ) from None
        yield


@contextlib.contextmanager
def _draft(folder: Path, stem: str) -> Iterator[tuple[Path, IO[bytes]]]:
    """A file under a name that no backup has, for its owner alone; whatever an interrupted backup
    has left goes first. There is one writer, so what lies here is nobody's any more."""
    for left in folder.glob(f".{stem}-*.part"):
        left.unlink(missing_ok=True)
    draft = folder / f".{stem}-{os.getpid()}.part"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as out:
            yield draft, out
    finally:
        draft.unlink(missing_ok=True)


def _named(draft: Path, folder: Path, name: str) -> Path:
    """Give the whole file its name; an earlier one of the same second stays. Raises OSError."""
    path = folder / f"{name}{_ENDING}"
    for number in range(2, 100):
        if not path.exists():
            break
        path = folder / f"{name}-{number}{_ENDING}"
    draft.rename(path)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return path


def _drop(folder: Path, stem: str, newest: Path, keep: int) -> list[Path]:
    """Remove the oldest backups of this station in the folder, but for so many; never the new one,
    and no file whose name is not one of ours."""
    pattern = f"{stem}-[0-9]*T[0-9]*Z*{_ENDING}"
    others = sorted(path for path in folder.glob(pattern) if path != newest)
    old = others[: max(0, len(others) + 1 - keep)]
    for path in old:
        path.unlink()
    return old
