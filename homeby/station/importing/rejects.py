"""The file of rejected rows: each as it stands in the source, with its line and the reason.

It is CSV written as the map says, so that a person can mend it and import it with the same map: its
first two columns are ours, and no map asks for them. It grows beside the source (or in the
station's folder where nobody may write beside it) and never takes the place of another file that
somebody may be mending, unless that file was named.
"""

from __future__ import annotations

import csv
import filecmp
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from homeby.sentences import gettext as _
from homeby.station.importing import files, tables
from homeby.station.importing.mapping import FileShape, Mapping

OUR_COLUMNS = ("homeby line", "homeby reason")
SUFFIX = ".rejects"
OWNER_ONLY = 0o600
COPIES_MAX = 1000


def problem_with_place(*, wanted: Path, source: Path) -> str:
    """Why rejects cannot be kept in the file that was asked for; empty if they can."""
    if wanted.is_dir():
        return _("{file} is a folder; name a file for the rejects.").format(file=wanted)
    if wanted.exists() and not wanted.is_file():
        return _("{file} is no ordinary file; name one for the rejects.").format(file=wanted)
    if not wanted.parent.is_dir():
        return _("There is no folder {folder} for the rejects.").format(folder=wanted.parent)
    if wanted.exists() and source.exists() and wanted.samefile(source):
        return _("The rejects would take the place of the file itself; name another file.")
    return ""


@dataclass
class RejectsFile:
    """Where rejected rows of `source` are kept. `trouble` says why they could not be."""

    source: Path
    mapping: Mapping
    wanted: Path | None
    station_home: Path
    trouble: str = ""
    _out: IO[str] | None = None
    _writer: Any = None
    _rows: Iterator[files.Row | files.BadRow] = field(default_factory=lambda: iter(()))
    _ours: int = 0
    _partial: Path = Path()

    def add(self, *, line: int, reason: str) -> None:
        """Keep the row that begins in this line; lines are given in rising order."""
        if self.trouble:
            return
        try:
            if self._out is None:
                self._open()
            self._write([str(line), reason, *self._cells(line)])
        except OSError as wrong:
            self._give_up(wrong)

    def finish(self) -> Path | None:
        """Put the file in its place and say where; None if there is none."""
        if self._out is None:
            return None
        try:
            self._out.close()
            return self._put(self._partial)
        except OSError as wrong:
            self._give_up(wrong)
            return None
        finally:
            self._partial.unlink(missing_ok=True)

    def _give_up(self, wrong: OSError) -> None:
        self.trouble = _("The rejected rows could not be kept in a file: {why}.").format(
            why=wrong.strerror
        )

    def _open(self) -> None:
        shape = self.mapping.file
        self._out = self._opened(shape)
        self._writer = csv.writer(
            self._out,
            delimiter=shape.delimiter,
            quotechar=shape.quote or None,
            quoting=csv.QUOTE_MINIMAL if shape.quote else csv.QUOTE_NONE,
            lineterminator="\n",
        )
        header = self._begin_reading()
        self._ours = len(OUR_COLUMNS) if tuple(header[:2]) == OUR_COLUMNS else 0
        self._write([*OUR_COLUMNS, *header[self._ours :]])

    def _opened(self, shape: FileShape) -> IO[str]:
        """A file that nobody else reads, in the first folder that lets us write."""
        if self.wanted is not None:
            return self._opened_in(self.wanted.parent, shape)
        try:
            return self._opened_in(self.source.parent, shape)
        except OSError:
            return self._opened_in(self.station_home, shape)

    def _opened_in(self, folder: Path, shape: FileShape) -> IO[str]:
        self._partial = folder / f".{self.source.name}{SUFFIX}.partial"
        self._partial.unlink(missing_ok=True)  # one that was interrupted
        made = os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        return open(made, "w", encoding=shape.encoding, errors="replace", newline="")

    def _begin_reading(self) -> list[str]:
        """Read the source a second time, beside its reader, for the cells of its rows."""
        reading = self._reading()
        first = next(reading, None)
        assert first is None or isinstance(first, list), "the header comes first"
        self._rows = (row for row in reading if not isinstance(row, list))
        return first or []

    def _reading(self) -> Iterator[files.Row | files.BadRow | list[str]]:
        try:
            with files.opened(self.source) as stream:
                table = tables.table(stream, self.mapping.file)
                yield table.header
                yield from table.rows
        except files.Broken:
            return

    def _cells(self, line: int) -> list[str]:
        for row in self._rows:
            if row.line == line:
                found = row.cells if isinstance(row, files.Row) else self._split(row.text)
                return found[self._ours :]
        return []

    def _split(self, text: str) -> list[str]:
        """The cells of a row that is none; as one cell if it cannot be taken apart."""
        try:
            return next(csv.reader([text], delimiter=self.mapping.file.delimiter), [])
        except csv.Error:
            return [text]

    def _write(self, cells: list[str]) -> None:
        if not self.mapping.file.quote:  # without quotation marks a cell cannot hold these
            unfit = str.maketrans(dict.fromkeys((self.mapping.file.delimiter, "\n", "\r"), " "))
            cells = [cell.translate(unfit) for cell in cells]
        self._writer.writerow(cells)

    def _put(self, partial: Path) -> Path:
        if self.wanted is not None:
            return partial.replace(self.wanted)
        for number in range(1, COPIES_MAX):
            copy = f"-{number}" if number > 1 else ""
            place = partial.parent / f"{self.source.name}{SUFFIX}{copy}.csv"
            if not place.exists():
                return partial.rename(place)
            if filecmp.cmp(partial, place, shallow=False):
                return place
        raise OSError(0, _("there are a thousand files of rejects already"))
