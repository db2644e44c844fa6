"""`homeby seal` and `homeby open`: files in, files out; no station, no database, no network."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from homeby import clock
from homeby.station import sealed_text
from homeby.station.sealed_text import CannotOpen

#: The names of the files with which two envelopes open the archive.
PAIRS = "archive-*.age"


class Trouble(Exception):
    """A sentence for whoever ran the command."""


def seal(*, text: Path, to: Sequence[str], out: Path, about: tuple[str, str]) -> str:
    """Seal a text, about a mission, by an author, to a new file; gives what to say. Raises
    Trouble."""
    words = sys.stdin.read() if str(text) == "-" else _read(text).decode(errors="replace")
    report = {
        "mission": about[0],
        "author": {"name": about[1]},
        "for": [{"key": one} for one in to],
        "written_at": clock.now().isoformat(),
        "text": words,
    }
    try:
        sealed = sealed_text.seal(report, to=to)
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except CannotOpen as trouble:
        raise Trouble(str(trouble)) from None
    except OSError as trouble:
        raise Trouble(f"{out} cannot be written: {trouble.strerror}.") from None
    with os.fdopen(handle, "wb") as file:
        file.write(sealed)
    return f"Sealed into {out}. Its SHA-256: {hashlib.sha256(sealed).hexdigest()}"


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What lies between a paper and a debrief: a reader's wrapped key, or the folder with the
    archive's."""

    wrapped: Path | None = None
    archive: Path | None = None


def open_file(*, file: Path, identities: Sequence[Path], beside: Beside) -> str:
    """What stands in a sealed debrief, for a terminal. Raises Trouble."""
    try:
        papers = "\n".join(_read(one).decode(errors="replace") for one in identities)
        halves = sealed_text.identities_in(papers)
        if beside.wrapped is not None:
            halves = sealed_text.unwrap(_read(beside.wrapped), halves)
        if beside.archive is not None:
            pairs = [_read(one).decode() for one in sorted(beside.archive.glob(PAIRS))]
            halves = sealed_text.open_archive(pairs, halves)
        opened = sealed_text.open_sealed(_read(file), halves)
    except CannotOpen as trouble:
        raise Trouble(str(trouble)) from None
    report, author = opened.report, opened.report.get("author") or {}
    lines = [
        f"Mission: {report.get('what') or report.get('mission') or '?'}",
        f"Written by {author.get('name') or '?'} at {report.get('written_at') or '?'}",
        f"Signed by the key {opened.signed_by}" if opened.signed_by else "Not signed",
        *(f"{one.get('ask')}: {one.get('answer')}" for one in report.get("items") or ()),
        "",
        str(report.get("text") or ""),
    ]
    photos = len(report.get("photos") or ())
    return "\n".join([*lines, *([f"\nPhotographs in it: {photos}"] if photos else ())]) + "\n"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as trouble:
        raise Trouble(f"{path} cannot be read: {trouble.strerror}.") from None
