"""A row as one line of text, the same from either database: PostgreSQL's COPY text format.

PostgreSQL writes and reads it by itself; what SQLite keeps otherwise is translated here. So a
backup of one opens in the other, and in a text editor, should Homeby itself be gone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models

#: How a column's values look on a line. Instants are UTC with an offset, bytes hexadecimal.
UUID, INSTANT, BOOLEAN, BYTES, PLAIN = "uuid", "instant", "boolean", "bytes", "plain"
KINDS = frozenset({UUID, INSTANT, BOOLEAN, BYTES, PLAIN})

_KINDS_OF_FIELDS: dict[str, str] = {
    "UUIDField": UUID,
    "DateTimeField": INSTANT,
    "BooleanField": BOOLEAN,
    "BinaryField": BYTES,
}
_NOTHING = "\\N"
_ESCAPES = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r"[\\\b\f\n\r\t]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class NotALine(ValueError):
    """A line that does not have the columns it should, or a value that cannot be."""


def kind_of(field: models.Field[Any, Any]) -> str:
    """How the values of a column look on a line; those of a reference, as what it refers to."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return _KINDS_OF_FIELDS.get(field.get_internal_type(), PLAIN)


def _uuid_out(value: Any) -> str:
    text = str(value)
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _plain_out(value: Any) -> str:
    text = str(value)
    if _TO_ESCAPE.search(text):
        return _TO_ESCAPE.sub(lambda found: _ESCAPES[found[0]], text)
    return text


#: From what SQLite keeps to a line. Instants lie there as UTC without an offset.
_OUT: dict[str, Callable[[Any], str]] = {
    UUID: _uuid_out,
    INSTANT: lambda value: f"{value}+00",
    BOOLEAN: lambda value: "t" if value in (1, "1") else "f",
    BYTES: lambda value: "\\\\x" + bytes(value).hex(),
    PLAIN: _plain_out,
}


def lines(rows: Iterable[Sequence[Any]], *, kinds: Sequence[str]) -> bytes:
    """Rows as SQLite gives them, each as one line."""
    ways = [_OUT[kind] for kind in kinds]
    return "".join(
        "\t".join(
            _NOTHING if value is None else way(value) for value, way in zip(row, ways, strict=True)
        )
        + "\n"
        for row in rows
    ).encode()


def _plain_in(text: str) -> str:
    if "\\" in text:
        return _ESCAPED.sub(lambda found: _LETTERS.get(found[1], found[1]), text)
    return text


def _bytes_in(text: str) -> bytes:
    if not text.startswith("\\\\x"):
        raise NotALine(f"{text[:20]!r} are no bytes")
    return bytes.fromhex(text[3:])


def _boolean_in(text: str) -> int:
    if text not in ("t", "f"):
        raise NotALine(f"{text[:20]!r} is neither t nor f")
    return int(text == "t")


#: From a line to what SQLite keeps.
_IN: dict[str, Callable[[str], Any]] = {
    UUID: lambda text: text.replace("-", ""),
    INSTANT: lambda text: str(instant(text).replace(tzinfo=None)),
    BOOLEAN: _boolean_in,
    BYTES: _bytes_in,
    PLAIN: _plain_in,
}


def instant(text: str) -> dt.datetime:
    """The instant of a column, aware, in UTC. Raises ValueError."""
    found = dt.datetime.fromisoformat(text)
    if found.utcoffset() is None:
        raise NotALine(f"{text[:40]!r} is no instant")
    return found.astimezone(dt.UTC)


def rows(text: bytes, *, kinds: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows of whole lines as SQLite keeps them. Raises ValueError."""
    ways = [_IN[kind] for kind in kinds]
    return [
        tuple(
            None if value == _NOTHING else way(value)
            for value, way in zip(cells, ways, strict=True)
        )
        for cells in cells_of(text)
    ]


def cells_of(text: bytes) -> Iterable[list[str]]:
    """The cells of each line, still as they stand there. Raises ValueError."""
    whole = text.decode()
    if whole and not whole.endswith("\n"):
        raise NotALine("the last line is cut short")
    return (line.split("\t") for line in whole.split("\n")[:-1])
