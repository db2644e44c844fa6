"""Where a phrase that was sealed must not be: each place is read whole, and searched for a mark in
clear and as it would look encoded. What was planted in clear has another mark, and is found there.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import re
import sqlite3
import tarfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pyrage

#: One word each, which stands nowhere else, so that it looks the same however a text is wrapped.
SEALED, CLEAR = "Quoxveilmarn", "Plindbirdose"
_TWICE_SECONDS = 0.005


def phrase(number: int, mark: str = SEALED) -> str:
    """The phrase of this number; what is sealed, or (`mark` CLEAR) what is said in clear."""
    return f"{mark} {number:04d} came home alone"


def _forms(mark: str) -> list[bytes]:
    """The mark as it might be kept: text of one or two bytes a letter, hexadecimal, base64."""
    raw = mark.encode()
    found = [raw, mark.encode("utf-16-le"), mark.encode("utf-16-be"), raw.hex().encode()]
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + raw)
        found.append(whole[4 if before else 0 : len(whole) // 4 * 4 - 4])
    return found


_LOOKS = {
    mark: re.compile(b"|".join(map(re.escape, _forms(mark))), re.IGNORECASE)
    for mark in (SEALED, CLEAR)
}


@dataclass
class Place:
    """A place: how much of it was read, and how often each mark stood there."""

    name: str
    parts: int = 0
    size: int = 0
    found: dict[str, int] = field(default_factory=lambda: {SEALED: 0, CLEAR: 0})
    said: str = ""

    def read(self, *several: bytes) -> None:
        """Search these, each by itself."""
        for data in several:
            self.parts += 1
            self.size += len(data)
            for mark, look in _LOOKS.items():
                self.found[mark] += sum(1 for _one in look.finditer(data))

    def line(self) -> str:
        """What was searched, in one line."""
        return (
            f"{self.name}: {self.parts} parts, {self.size:,} bytes; sealed phrases found: "
            f"{self.found[SEALED]}; planted in clear and found: {self.found[CLEAR]}"
        )


def of(name: str, several: Iterable[bytes]) -> Place:
    """A place, read whole."""
    place = Place(name)
    for data in several:
        place.read(data)
    return place


def files(folder: Path, *endings: str, but: Iterable[Path] = ()) -> Iterator[bytes]:
    """All files below a folder, or those of some endings, but for what lies below others."""
    away = [one.resolve() for one in but]
    for path in sorted(folder.rglob("*")):
        is_away = any(path.resolve().is_relative_to(one) for one in away)
        if is_away or not path.is_file() or (endings and not path.name.endswith(endings)):
            continue
        with contextlib.suppress(OSError):
            yield path.read_bytes()


def _cell(value: Any) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return str(value).encode(errors="replace")


def rows(environment: dict[str, str], *, only: str = "") -> Iterator[bytes]:
    """Each row of each table as it is read (`only`: of tables whose names begin so)."""
    url = environment.get("HOMEBY_DATABASE_URL", "")
    found = _of_postgresql(url, only) if url else _of_sqlite(Path(environment["HOMEBY_HOME"]), only)
    for row in found:
        yield b"\n".join(map(_cell, row))


def _of_sqlite(home: Path, only: str) -> Iterator[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(home / "homeby.sqlite3")) as connection:
        told = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in told.fetchall():
            if name.startswith(only):
                yield from connection.execute(f'SELECT * FROM "{name}"')


def _of_postgresql(url: str, only: str) -> Iterator[tuple[Any, ...]]:
    import psycopg
    from psycopg import sql

    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', "
            "'information_schema')"
        ).fetchall()
        for schema, name in tables:
            if name.startswith(only):
                whole = sql.Identifier(schema, name)
                yield from connection.execute(sql.SQL("SELECT * FROM {}").format(whole))


def backup_parts(file: Path, secret: str) -> Iterator[bytes]:
    """A backup as it lies there, and each part of it, opened."""
    sealed = file.read_bytes()
    yield sealed
    opened = bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(secret)]))
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(opened))) as archive:
        for member in archive:
            part = archive.extractfile(member)
            if part is not None:
                yield part.read()


def mail_parts(raw: bytes, message: EmailMessage) -> Iterator[bytes]:
    """A message as it came, and its texts decoded."""
    yield raw
    yield from (str(value).encode() for value in message.values())
    for part in message.walk():
        if not part.is_multipart():
            yield part.get_payload(decode=True) or b""  # type: ignore[misc]


class Watched:
    """A folder for temporary files, looked at all the time: what is there for a moment is read."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.place = folder, Place(name)
        self._seen: dict[Path, tuple[int, int]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watched:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()
        self._round()

    def _look(self) -> None:
        while not self._stop.wait(_TWICE_SECONDS):
            self._round()

    def _round(self) -> None:
        for path in list(self.folder.rglob("*")):
            with contextlib.suppress(OSError):
                state = path.stat()
                now = (state.st_size, state.st_mtime_ns)
                if path.is_file() and self._seen.get(path) != now:
                    self._seen[path] = now
                    self.place.read(path.read_bytes())
