"""The file: a gzipped tar archive sealed by age, written and read part by part.

Nothing of it ever lies in clear on a disk: parts are sealed as they are made, and opened in memory.
Without Homeby, `age --decrypt -i SECRET-HALF FILE | tar tz` shows what is inside.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import threading
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pyrage

from homeby.station.backup import manifest as manifests
from homeby.station.backup.manifest import BadBackup, Manifest

#: A part is made, checked and loaded whole in memory; a table has as many parts as it needs.
PART_BYTES = 4 * 1024 * 1024
LARGEST_PART_BYTES = 64 * 1024 * 1024
_LARGEST_MANIFEST_BYTES = 64 * 1024 * 1024
_QUICK = 3  # the level at which gzip keeps up with the database

Parts = Iterable[tuple[str, bytes]]


class _Sink(io.RawIOBase):
    """Takes what the archive writes until it is handed on."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self._held += memoryview(data)  # type: ignore[arg-type]
        return memoryview(data).nbytes  # type: ignore[arg-type]

    def take(self) -> bytes:
        """What was written since the last time."""
        found, self._held = bytes(self._held), bytearray()
        return found


def _archive(parts: Parts) -> Generator[bytes, None, None]:
    sink = _Sink()
    with (
        gzip.GzipFile(fileobj=sink, mode="wb", compresslevel=_QUICK, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as archive,
    ):
        for name, content in parts:
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o600
            archive.addfile(member, io.BytesIO(content))
            yield sink.take()
    yield sink.take()


class _Drawn:
    """What age reads from: it draws one part after the other, and remembers what went wrong, which
    age itself tells as its own error."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")
        self.trouble: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._chunks))
        except StopIteration:
            return b""
        except BaseException as trouble:
            self.trouble = trouble
            raise
        found, self._rest = self._rest[:size], self._rest[size:]
        return bytes(found)


def seal(*, parts: Parts, to: Sequence[str], out: IO[bytes]) -> None:
    """Write a sealed archive of these parts. Raises OSError, and whatever `parts` raises."""
    recipients = [pyrage.x25519.Recipient.from_str(half) for half in to]
    with closing(_archive(parts)) as chunks:
        drawn = _Drawn(chunks)
        try:
            pyrage.encrypt_io(drawn, out, recipients)
        except (pyrage.EncryptError, OSError) as trouble:
            if drawn.trouble is not None:
                raise drawn.trouble from None
            raise OSError(str(trouble)) from trouble


@contextmanager
def _opened(path: Path, identities: Sequence[pyrage.x25519.Identity]) -> Iterator[IO[bytes]]:
    """The archive in clear, as a stream: a thread opens it on one side of a pipe. What age finds
    wrong comes before what the archive then seems to lack."""
    end, start = os.pipe()
    found: list[Exception] = []

    def pour() -> None:
        with os.fdopen(start, "wb") as out:
            try:
                with path.open("rb") as sealed:
                    pyrage.decrypt_io(sealed, out, identities)
            except (pyrage.DecryptError, OSError) as trouble:
                found.append(trouble)

    thread = threading.Thread(target=pour, daemon=True)
    thread.start()
    failed: BaseException | None = None
    try:
        with os.fdopen(end, "rb") as clear:
            try:
                yield clear
            except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as trouble:
                failed = trouble
    finally:
        thread.join()
    if found and not isinstance(found[0], BrokenPipeError):
        raise _sentence(found[0], path)
    if failed is not None:
        raise BadBackup(f"{path} is sealed, but holds no backup of Homeby.") from failed


def _sentence(trouble: Exception, path: Path) -> BadBackup:
    said = str(trouble)
    if "matching keys" in said:
        return BadBackup(
            f"This secret half does not open {path}: it is sealed to others, or its beginning is "
            "damaged. `homeby backup` printed to whom it is sealed; ask one of them."
        )
    if isinstance(trouble, pyrage.DecryptError):
        return BadBackup(f"{path} is no backup of Homeby, or its beginning is damaged or missing.")
    if getattr(trouble, "errno", None):
        return BadBackup(f"{path} cannot be read: {trouble}.")
    return BadBackup(
        f"{path} is damaged or cut short: what is in it is not what was sealed. Nothing of it was "
        "used. Take another copy of this backup, or an earlier one."
    )


def _members(clear: IO[bytes]) -> Generator[tuple[str, bytes], None, None]:
    with (
        gzip.GzipFile(fileobj=clear, mode="rb") as packed,
        tarfile.open(fileobj=packed, mode="r|") as archive,
    ):
        for member in archive:
            most = _LARGEST_MANIFEST_BYTES if member.name == manifests.NAME else LARGEST_PART_BYTES
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is None or member.size > most:
                raise BadBackup(f"{member.name[:60]!r} is no part of a backup of Homeby.")
            yield member.name, stream.read()
        while packed.read(PART_BYTES):  # to the end, so that age has seen every byte
            pass


def examine(*, path: Path, identities: Sequence[pyrage.x25519.Identity]) -> Manifest:
    """Open a backup and compare every part with its hash, writing nothing anywhere; gives its
    manifest. Raises BadBackup with a sentence."""
    seen: dict[str, str] = {}
    last = b""
    with _opened(path, identities) as clear, closing(_members(clear)) as members:
        for name, content in members:
            if name in seen or last:
                raise BadBackup(f"{path} holds the part {name!r} twice, or behind its end.")
            seen[name] = hashlib.sha256(content).hexdigest()
            last = content if name == manifests.NAME else b""
    if not last:
        raise BadBackup(f"{path} has no manifest: it is no backup of Homeby, or not a whole one.")
    del seen[manifests.NAME]
    manifest = manifests.read(last)
    for name in sorted({*seen, *manifest.parts}):
        part = manifest.parts.get(name)
        _refuse_changed(path, name, seen.get(name, ""), part.sha256 if part else "")
    return manifest


def _refuse_changed(path: Path, name: str, found: str, told: str) -> None:
    if found != told:
        raise BadBackup(
            f"{path}: the part {name!r} is not the one that its manifest names. It was changed "
            "after it was made. Nothing of it was used; take another backup."
        )


def parts(
    *, path: Path, identities: Sequence[pyrage.x25519.Identity], manifest: Manifest
) -> Iterator[tuple[str, bytes]]:
    """The parts of a backup that was examined, each compared with its hash once more as it comes:
    the file may have changed meanwhile. Raises BadBackup."""
    left = set(manifest.parts)
    with _opened(path, identities) as clear, closing(_members(clear)) as members:
        for name, content in members:
            if name == manifests.NAME:
                continue
            part = manifest.parts.get(name)
            told = part.sha256 if part and name in left else ""
            _refuse_changed(path, name, hashlib.sha256(content).hexdigest(), told)
            left.discard(name)
            yield name, content
    if left:
        raise BadBackup(f"{path} has lost parts since it was examined. Nothing of it was used.")
