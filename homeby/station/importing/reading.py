"""Reading a file by a map: records, repeats and rejects, one by one.

Memory is constant but for the keys. A file that cannot be read, or not to its end, ends with a
FileProblem; what came before it stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

from homeby.instants import TimeProblem
from homeby.sentences import gettext as _
from homeby.station.importing import columns, files, tables
from homeby.station.importing.mapping import Mapping
from homeby.station.importing.records import (
    FileProblem,
    MissionRecord,
    PersonRecord,
    Record,
    Reject,
    Repeat,
    facts,
)
from homeby.station.importing.rows import RowProblem, RowReader, row_reader

ROWS_MAX = 1_000_000
HOPELESS_AFTER_REJECTS = 1000
HOPELESS_SHARE = 0.9

Read = Record | Repeat | Reject | FileProblem


@dataclass
class Reading:
    """A whole file, read."""

    records: list[Record] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    problem: FileProblem | None = None

    @property
    def missions(self) -> list[MissionRecord]:
        """The missions among the records."""
        return [one for one in self.records if isinstance(one, MissionRecord)]

    @property
    def people(self) -> list[PersonRecord]:
        """The people and units among the records."""
        return [one for one in self.records if isinstance(one, PersonRecord)]


def read_all(path: Path, mapping: Mapping) -> Reading:
    """The whole file in memory, for who needs it sorted."""
    whole = Reading()
    for one in records(path, mapping):
        match one:
            case Repeat():
                whole.repeats.append(one)
            case Reject():
                whole.rejects.append(one)
            case FileProblem():
                whole.problem = one
            case _:
                whole.records.append(one)
    return whole


def records(path: Path, mapping: Mapping) -> Generator[Read, None, None]:
    """What the file holds, row by row. A FileProblem, if there is one, is the last.

    A row with the natural key of an earlier one is a Repeat if it says the same, else a Reject.
    """
    try:
        with files.opened(path) as stream:
            table = tables.table(stream, mapping.file)
            found = columns.find(header=table.header, mapping=mapping)
            rows = _Rows(mapping, row_reader(mapping=mapping, columns=found))
            for row in table.rows:
                yield rows.read(row)
    except files.Broken as broken:
        yield broken.problem


class _Rows:
    """Reads row after row and remembers the keys it has seen."""

    def __init__(self, mapping: Mapping, reader: RowReader) -> None:
        self._mapping = mapping
        self._reader = reader
        self._seen: dict[bytes, tuple[int, int, bytes]] = {}
        self._rows = 0
        self._rejects = 0

    def read(self, row: files.Row | files.BadRow) -> Read:
        """What this row is. Raises Broken when there is no use in reading on."""
        self._rows += 1
        if self._rows > ROWS_MAX:
            raise files.Broken(
                _("The file has more than {number} rows. Split it.").format(number=ROWS_MAX),
                line=row.line,
            )
        read = self._bad(row) if isinstance(row, files.BadRow) else self._row(row)
        if isinstance(read, Reject):
            self._count_reject(read)
        return read

    def _bad(self, row: files.BadRow) -> Reject:
        return Reject(line=row.line, reason=row.reason, text=row.text)

    def _row(self, row: files.Row) -> Read:
        try:
            record = self._reader.record(row.line, row.cells)
        except (RowProblem, TimeProblem) as problem:
            return self._reject(row, str(problem))
        key, said = _digest(record.key), _digest(repr(facts(record)))
        this = (self._rows, row.line, said)
        first_row, first_line, said_first = self._seen.setdefault(key, this)
        if first_row == self._rows:
            return record
        if said_first == said:
            return Repeat(line=record.line, key=record.key, first_line=first_line)
        reason = _("line {line} has the same key {key} and says something else")
        return self._reject(row, reason.format(line=first_line, key=record.key))

    def _reject(self, row: files.Row, reason: str) -> Reject:
        try:
            key = self._reader.key(row.cells)
        except (RowProblem, TimeProblem):
            key = ""
        text = tables.as_text(row.cells, self._mapping.file)
        return Reject(line=row.line, reason=reason, text=text, key=key)

    def _count_reject(self, reject: Reject) -> None:
        """Stop where nearly nothing can be read: it is the wrong file, or the wrong map."""
        self._rejects += 1
        hopeless = self._rejects >= self._rows * HOPELESS_SHARE
        if self._rejects > HOPELESS_AFTER_REJECTS and hopeless:
            raise files.Broken(
                _(
                    "Of {rows} rows {rejects} could not be read, the last because {reason}. "
                    "This is not the file that the map describes."
                ).format(rows=self._rows, rejects=self._rejects, reason=reject.reason),
                line=reject.line,
            )


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()
