"""Opening what somebody gives us: CSV, JSON or JSON lines, plain or gzipped, whole or cut in half.

Reading is bounded in every direction (a line, a field, a file of JSON, blank lines): rubbish is
answered with a sentence instead of with all the memory there is.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from homeby.sentences import gettext as _
from homeby.station.importing.mapping import FileShape
from homeby.station.importing.records import FileProblem
from homeby.station.importing.wording import quoted

LINE_BYTES_MAX = 1 << 20
BLANK_LINES_MAX = 10_000
PEEK_BYTES = 4096
TEXT_MAX = 2000
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
READ_ERRORS = (EOFError, OSError, zlib.error)


class Stream(Protocol):
    """Bytes, plain or being unpacked. `read1` and `readline` lose nothing when unpacking fails."""

    def peek(self, size: int, /) -> bytes: ...
    def read1(self, size: int = ..., /) -> bytes: ...
    def readline(self, size: int = ..., /) -> bytes: ...


class Broken(Exception):
    """The file cannot be read, or not any further."""

    def __init__(self, sentence: str, *, line: int | None = None) -> None:
        super().__init__(sentence)
        self.problem = FileProblem(sentence=sentence, line=line)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins in, and its cells in the order of the header."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is not a row, with the reason."""

    line: int
    reason: str
    text: str


@contextmanager
def opened(path: Path) -> Iterator[Stream]:
    """The bytes of the file, unpacked if they are gzipped. Raises Broken with a sentence."""
    try:
        raw = path.open("rb")
        start = raw.peek(PEEK_BYTES)
    except OSError as wrong:
        raise Broken(
            _("{file} cannot be opened: {why}.").format(file=path, why=wrong.strerror)
        ) from wrong
    with raw:
        if start.startswith(_ZIP):
            raise Broken(
                _("{file} is a ZIP or a spreadsheet. Unpack it, or save the sheet as CSV.").format(
                    file=path.name
                )
            )
        if start.startswith(_GZIP):
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield unpacked
        else:
            yield raw


def kind_of(stream: Stream, shape: FileShape) -> str:
    """ "csv", "json" or "jsonl": as the map says, else by the first sign in the file."""
    try:
        start = stream.peek(PEEK_BYTES)
    except READ_ERRORS as wrong:
        raise broken_off(line=1, wrong=wrong) from wrong
    if start.startswith(_WIDE):
        raise Broken(_("The file is UTF-16 text. Save it as UTF-8."), line=1)
    if b"\0" in start.partition(b"\n")[0]:
        raise Broken(_("The file is not text: it holds NUL characters."), line=1)
    if not start:
        raise Broken(_("The file is empty."))
    if shape.kind != "auto":
        return shape.kind
    first = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return {b"[": "json", b"{": "jsonl"}.get(first, "csv")


def broken_off(*, line: int, wrong: BaseException | None = None) -> Broken:
    """The file ends, or its compression breaks, in the middle of this line."""
    if wrong is None or isinstance(wrong, EOFError):
        sentence = _("The file is cut off in line {line}.").format(line=line)
    else:
        sentence = _("The file is damaged from line {line} on ({why}).").format(
            line=line, why=quoted(str(wrong))
        )
    again = _("What stands before was read; ask for the whole file again.")
    return Broken(f"{sentence} {again}", line=line)


@dataclass
class Lines:
    """The lines of a text file, decoded one by one, counted and bounded.

    A line that cannot be decoded is still given, with � for the bytes; `undecodable` says why.
    """

    stream: Stream
    shape: FileShape
    number: int = 0
    ends_without_newline: bool = False
    undecodable: dict[int, str] = field(default_factory=dict)
    _blank: int = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._read():
            self.number += 1
            self.ends_without_newline = not line.endswith(b"\n")
            self._check(line)
            yield self._decoded(line)

    def _read(self) -> bytes:
        try:
            return self.stream.readline(LINE_BYTES_MAX + 1)
        except READ_ERRORS as wrong:
            raise broken_off(line=self.number + 1, wrong=wrong) from wrong

    def _check(self, line: bytes) -> None:
        if len(line) > LINE_BYTES_MAX:
            raise Broken(
                _("Line {line} is longer than a million characters: this is not a table.").format(
                    line=self.number
                ),
                line=self.number,
            )
        self._blank = 0 if line.strip() else self._blank + 1
        if self._blank > BLANK_LINES_MAX:
            raise Broken(
                _("After line {line} there are only empty lines.").format(
                    line=self.number - BLANK_LINES_MAX
                ),
                line=self.number,
            )

    def _decoded(self, line: bytes) -> str:
        # the mark at the beginning of a file belongs to its first line only
        encoding = self.shape.encoding if self.number == 1 else _unmarked(self.shape.encoding)
        try:
            return line.decode(encoding)
        except UnicodeDecodeError as wrong:
            return self._decoded_otherwise(line, wrong)

    def _decoded_otherwise(self, line: bytes, wrong: UnicodeDecodeError) -> str:
        fallback = self.shape.fallback_encoding
        try:
            if fallback:
                return line.decode(fallback)
        except UnicodeDecodeError as also_wrong:
            wrong = also_wrong
        self.undecodable[self.number] = undecodable(line=self.number, wrong=wrong)
        return line.decode("ascii", errors="replace")

    def problem_between(self, first: int, last: int) -> str:
        """Why some line from first to last could not be decoded; empty if all could."""
        found = [self.undecodable.pop(line, "") for line in range(first, last + 1)]
        return next((reason for reason in found if reason), "")


def undecodable(*, line: int, wrong: UnicodeDecodeError) -> str:
    """Why a line cannot be decoded, and what to do."""
    return _(
        "line {line} holds the byte {byte}, which is not {encoding}; save the file as UTF-8, "
        "or say its encoding in the map"
    ).format(line=line, byte=f"0x{wrong.object[wrong.start]:02x}", encoding=wrong.encoding)


def _unmarked(encoding: str) -> str:
    return "utf-8" if encoding.replace("_", "-") == "utf-8-sig" else encoding
