"""A header and its rows, whatever the file: CSV, a JSON list of objects, or JSON lines."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from homeby.sentences import gettext as _
from homeby.station.importing.files import (
    LINE_BYTES_MAX,
    READ_ERRORS,
    TEXT_MAX,
    BadRow,
    Broken,
    Lines,
    Row,
    Stream,
    broken_off,
    kind_of,
    undecodable,
)
from homeby.station.importing.mapping import FileShape

FIELD_CHARACTERS_MAX = 131_072
JSON_BYTES_MAX = 64 * 1024 * 1024
HEADER_FROM_OBJECTS = 1000
LIST_MARK = "\x1f"  # between the members of a JSON list inside one cell (ASCII unit separator)


@dataclass(frozen=True, slots=True)
class Table:
    """The columns as the file writes them, and the rows, read as they are asked for."""

    header: list[str]
    rows: Iterator[Row | BadRow]


def table(stream: Stream, shape: FileShape) -> Table:
    """Read the header and get ready to read the rows. Raises Broken with a sentence."""
    match kind_of(stream, shape):
        case "json":
            return _of_objects(_json_objects(*_whole_text(stream, shape)))
        case "jsonl":
            return _of_objects(_json_lines(Lines(stream, shape)))
        case _:
            return _of_csv(Lines(stream, shape), shape)


def as_text(cells: list[str], shape: FileShape) -> str:
    """A row written as CSV again, shortened to 2000 characters."""
    out = io.StringIO()
    csv.writer(out, delimiter=shape.delimiter, lineterminator="").writerow(cells)
    return out.getvalue()[:TEXT_MAX]


# --- CSV ------------------------------------------------------------------------------------------


def _of_csv(lines: Lines, shape: FileShape) -> Table:
    csv.field_size_limit(FIELD_CHARACTERS_MAX)
    reader = csv.reader(
        lines,
        delimiter=shape.delimiter,
        quotechar=shape.quote or None,
        quoting=csv.QUOTE_MINIMAL if shape.quote else csv.QUOTE_NONE,
        strict=True,
    )
    header: list[str] = []
    while not any(cell.strip() for cell in header):
        try:
            header = next(reader)
        except StopIteration:
            raise Broken(_("The file holds only empty lines.")) from None
        except csv.Error as wrong:
            raise Broken(_header_reason(str(wrong), lines.number), line=lines.number) from wrong
    if reason := lines.problem_between(1, lines.number):
        raise Broken(_("The header cannot be read: {why}.").format(why=reason), line=lines.number)
    return Table(header, _csv_rows(reader, lines, len(header), shape))


def _header_reason(why: str, line: int) -> str:
    if "new-line" in why:
        return _("The lines end in a way no longer in use. Save the file as plain CSV again.")
    return _("Line {line} cannot be read as a header: {why}.").format(line=line, why=why)


def _csv_rows(reader: Any, lines: Lines, width: int, shape: FileShape) -> Iterator[Row | BadRow]:
    while True:
        first = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            if "field limit" in str(wrong) or "end of data" in str(wrong):
                raise _never_closed(first) from wrong
            yield BadRow(first, _csv_reason(str(wrong), first, lines.number), "")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < width and lines.ends_without_newline:
            raise broken_off(line=first)
        reason = lines.problem_between(first, lines.number) or _shape_reason(cells, width)
        if reason:
            yield BadRow(first, reason, as_text(cells, shape))
        else:
            yield Row(first, cells)


def _never_closed(line: int) -> Broken:
    """An open quotation mark swallows every row after it: reading on would lose them unseen."""
    return Broken(
        _("A quotation mark opened in line {line} or after is never closed.").format(line=line),
        line=line,
    )


def _csv_reason(why: str, first: int, last: int) -> str:
    if last > first:
        return _("lines {first} to {last} are not a row of CSV ({why})").format(
            first=first, last=last, why=why
        )
    return _("this is not a row of CSV ({why})").format(why=why)


def _shape_reason(cells: list[str], width: int) -> str:
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return _("the row has {number} columns, the header {width}").format(
            number=len(cells), width=width
        )
    return _("the row holds a NUL character") if any("\0" in cell for cell in cells) else ""


# --- JSON -----------------------------------------------------------------------------------------

_BLANKS = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def _of_objects(objects: Iterator[tuple[int, object]]) -> Table:
    """The header is every key of the first thousand objects: a key may be absent where empty."""
    first: list[tuple[int, object]] = []
    stopped: Broken | None = None
    try:
        for numbered in itertools.islice(objects, HEADER_FROM_OBJECTS):
            first.append(numbered)
    except Broken as broken:
        stopped = broken
    found = (key for _line, one in first if isinstance(one, dict) for key in one)
    header = list(dict.fromkeys(found))
    if not header:
        raise stopped or Broken(_("The file holds no records: no list of JSON objects."))
    return Table(header, _object_rows(itertools.chain(first, objects), header, stopped))


def _object_rows(
    objects: Iterator[tuple[int, object]], header: list[str], stopped: Broken | None
) -> Iterator[Row | BadRow]:
    for line, one in objects:
        yield _object_row(line, one, header)
    if stopped:
        raise stopped


def _object_row(line: int, one: object, header: list[str]) -> Row | BadRow:
    if isinstance(one, BadRow):
        return one
    if not isinstance(one, dict):
        return BadRow(line, _("this is not a JSON object"), json.dumps(one)[:TEXT_MAX])
    cells = [_cell(one.get(key)) for key in header]
    joined = "".join(cells)
    if "\0" in joined or not _encodable(joined):
        reason = _("the record holds characters that are not text")
        return BadRow(line, reason, json.dumps(one)[:TEXT_MAX])
    if len(joined) > LINE_BYTES_MAX:
        return BadRow(line, _("the record is longer than a million characters"), joined[:TEXT_MAX])
    return Row(line, cells)


def _encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case list():
            return LIST_MARK.join(_cell(member) for member in value)
        case _:
            return json.dumps(value)


def _json_lines(lines: Lines) -> Iterator[tuple[int, object]]:
    """One object a line. A line that cannot be read is given as a BadRow."""
    for line in lines:
        if not line.strip():
            continue
        number = lines.number
        reason = lines.problem_between(number, number)
        try:
            yield number, BadRow(number, reason, line[:TEXT_MAX]) if reason else _decode(line)
        except ValueError as wrong:
            if number == 1:
                raise Broken(
                    _("Line 1 is no JSON object, and the file no list of them in [ ]."), line=1
                ) from wrong
            if lines.ends_without_newline:
                raise broken_off(line=number) from wrong
            why = _("this line is not a JSON object ({why})").format(why=wrong)
            yield number, BadRow(number, why, line[:TEXT_MAX])


def _decode(line: str) -> object:
    try:
        return _DECODER.decode(line)
    except RecursionError as deep:
        raise ValueError(_("nested too deeply")) from deep


def _whole_text(stream: Stream, shape: FileShape) -> tuple[str, Broken | None]:
    """The text of a JSON file, and what broke it off, if anything did."""
    content = bytearray()
    broken = None
    try:
        while part := stream.read1(1 << 16):
            content += part
            if len(content) > JSON_BYTES_MAX:
                raise Broken(
                    _("The file is larger than 64 MB. Split it, or write one object a line.")
                )
    except READ_ERRORS as wrong:
        broken = broken_off(line=content.count(b"\n") + 1, wrong=wrong)
    return _decoded(bytes(content), shape), broken


def _decoded(content: bytes, shape: FileShape) -> str:
    """Decoded; a character cut in half at the end is dropped, for the list is cut there too."""
    problem: UnicodeDecodeError | None = None
    for encoding in (shape.encoding, shape.fallback_encoding):
        if not encoding:
            continue
        try:
            return codecs.getincrementaldecoder(encoding)().decode(content)
        except UnicodeDecodeError as wrong:
            problem = problem or wrong
    assert problem is not None, "the first encoding is never empty"
    line = content.count(b"\n", 0, problem.start) + 1
    why = undecodable(line=line, wrong=problem)
    raise Broken(_("The file cannot be read: {why}.").format(why=why), line=line)


def _json_objects(text: str, broken: Broken | None) -> Iterator[tuple[int, object]]:
    """The members of a JSON list, numbered from 1, as far as the list goes."""
    place = _after_blanks(text, 0)
    if text[place : place + 1] != "[":
        raise broken or Broken(_("The file is not a list of JSON objects in [ ]."))
    number = 0
    place = _after_blanks(text, place + 1)
    while text[place : place + 1] != "]":
        try:
            one, end = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as wrong:
            raise broken or _damaged(number) from wrong
        number += 1
        yield number, one
        place = _after_blanks(text, end)
        if text[place : place + 1] == ",":
            place = _after_blanks(text, place + 1)
        elif text[place : place + 1] != "]":
            raise broken or _damaged(number)
    if text[place + 1 :].strip():
        raise _damaged(number)


def _after_blanks(text: str, place: int) -> int:
    found = _BLANKS.match(text, place)
    assert found is not None, "no blanks are blanks too"
    return found.end()


def _damaged(number: int) -> Broken:
    sentence = _("The list of JSON objects is cut off or damaged after record {number}.")
    again = _("What stands before was read; ask for the whole file again.")
    return Broken(f"{sentence.format(number=number)} {again}", line=number)
