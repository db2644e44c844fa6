"""An error of the database turned into a sentence for the person who was just answered by nobody.

Every transaction is whole or nothing, so after any of these nothing is half recorded: the person
does it once more, and a repeated entry id changes nothing.
"""

from __future__ import annotations

import enum
import errno
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(enum.Enum):
    """What kind of trouble the database has."""

    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "read-only"
    UNREACHABLE = "unreachable"
    DAMAGED = "damaged"
    OTHER_VERSION = "other-version"


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """The trouble, in words for whoever stands before the page."""

    kind: Kind
    sentence: str | Promise


_SENTENCES: dict[Kind, str | Promise] = {
    Kind.BUSY: _(
        "The records are busy just now, and this was not recorded. Please send it again in a "
        "moment."
    ),
    Kind.FULL: _(
        "The disk of the station is full, and this was not recorded. What was recorded before is "
        "safe. Tell whoever runs the station to make room, write this down on paper, and send it "
        "again afterwards."
    ),
    Kind.READ_ONLY: _(
        "The station may not write to its records, and this was not recorded. Tell whoever runs "
        "the station, and write this down on paper until it is put right."
    ),
    Kind.UNREACHABLE: _(
        "The station cannot reach its records, and this was not recorded. Tell whoever runs the "
        "station, and write this down on paper until it is put right."
    ),
    Kind.DAMAGED: _(
        "The records of the station are damaged, and this was not recorded. Tell whoever runs the "
        "station at once: the last copy must be brought back. Write this down on paper until then."
    ),
    Kind.OTHER_VERSION: _(
        "The records belong to another version of Homeby than the one that runs here, and this was "
        "not recorded. Tell whoever runs the station: `homeby doctor` says what to do."
    ),
}

_SQLITE_PHRASES: tuple[tuple[str, Kind], ...] = (
    ("database is locked", Kind.BUSY),
    ("table is locked", Kind.BUSY),
    ("database or disk is full", Kind.FULL),
    ("readonly database", Kind.READ_ONLY),
    ("unable to open database file", Kind.UNREACHABLE),
    ("disk i/o error", Kind.UNREACHABLE),
    ("disk image is malformed", Kind.DAMAGED),
    ("file is not a database", Kind.DAMAGED),
    ("no such table", Kind.OTHER_VERSION),
    ("no such column", Kind.OTHER_VERSION),
    ("has no column named", Kind.OTHER_VERSION),
)

#: SQLSTATE, whole or by its class, in the order in which they are tried.
_POSTGRESQL_STATES: tuple[tuple[str, Kind], ...] = (
    ("53100", Kind.FULL),
    ("53", Kind.BUSY),
    ("55P03", Kind.BUSY),
    ("57014", Kind.BUSY),
    ("40", Kind.BUSY),
    ("25006", Kind.READ_ONLY),
    ("42501", Kind.READ_ONLY),
    ("42P01", Kind.OTHER_VERSION),
    ("42703", Kind.OTHER_VERSION),
    ("57P", Kind.UNREACHABLE),
    ("08", Kind.UNREACHABLE),
    ("28", Kind.UNREACHABLE),
    ("3D", Kind.UNREACHABLE),
    ("58", Kind.UNREACHABLE),
    ("XX001", Kind.DAMAGED),
    ("XX002", Kind.DAMAGED),
)


def of_kind(*, kind: Kind) -> Trouble:
    """The trouble of this kind with its sentence."""
    return Trouble(kind=kind, sentence=_SENTENCES[kind])


#: What may be over in a moment, or stops every row alike. Damage is not among them: a damaged page
#: holds some rows, and the others can still be read.
_OF_ALL_ROWS = frozenset(
    {Kind.BUSY, Kind.FULL, Kind.READ_ONLY, Kind.UNREACHABLE, Kind.OTHER_VERSION}
)


def is_of_all_rows(*, error: BaseException) -> bool:
    """Whether the database itself is in trouble (locked, deadlocked, full, gone), so that the error
    says nothing about the row that was just read or written."""
    known = recognise(error=error)
    return isinstance(error, InterfaceError) or (known is not None and known.kind in _OF_ALL_ROWS)


def gave_way(*, error: BaseException) -> bool:
    """Whether two transactions waited for each other, and PostgreSQL ended this one for the other:
    done again, it only comes later."""
    return getattr(error.__cause__, "sqlstate", "") in ("40001", "40P01")


def recognise(*, error: BaseException) -> Trouble | None:
    """The trouble behind an error, or None when it is none of the database's."""
    for link in _chain(error):
        if isinstance(link, OSError) and link.errno in (errno.ENOSPC, errno.EDQUOT):
            return of_kind(kind=Kind.FULL)
        kind = _kind_of_database_error(link)
        if kind is not None:
            return of_kind(kind=kind)
    return None


def _kind_of_database_error(error: BaseException) -> Kind | None:
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    state = getattr(error.__cause__, "sqlstate", None)
    if state is not None:
        return next((kind for start, kind in _POSTGRESQL_STATES if state.startswith(start)), None)
    text = str(error).lower()
    kind = next((kind for phrase, kind in _SQLITE_PHRASES if phrase in text), None)
    return kind or (Kind.UNREACHABLE if _is_lost_line(error) else None)


def _is_lost_line(error: BaseException) -> bool:
    """psycopg gives no SQLSTATE when the server cannot be reached or hangs up."""
    cause = error.__cause__
    return type(cause).__module__.startswith("psycopg") and type(cause).__name__ in (
        "OperationalError",
        "InterfaceError",
        "ConnectionTimeout",
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, at most ten links."""
    link: BaseException | None = error
    for _step in range(10):
        if link is None:
            return
        yield link
        link = link.__cause__ or link.__context__
