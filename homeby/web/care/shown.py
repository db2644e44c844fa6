"""What pages show of a concern: its notes, opened. Opening is a look of a kind of its own, which
nobody reads but the reader, and she whom it is about once she knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from homeby.logbook.reading import ReadKind, opened
from homeby.people import queries as people
from homeby.people.private import Shredded, unseal
from homeby.people.rules import Purpose
from homeby.web import words as common
from homeby.web.care import words
from homeby.web.door import Door
from homeby.welfare.queries import concerns as queries
from homeby.welfare.rules.concerns import ref_of


def notes(door: Door, row: Any) -> list[dict[str, Any]]:
    """What was said and done, the oldest first."""
    _look(row)
    return _shown(door, row, queries.notes_of(door.viewer, row))


def of_check(door: Door, row: Any, made: Iterable[Any]) -> list[dict[str, Any]]:
    """The steps of a welfare check, for whoever looks for her."""
    _look(row)
    return _shown(door, row, list(made))


def _look(row: Any) -> None:
    whose = row.person_id if row.known_at is not None else None
    opened(ReadKind.CONCERN, what=ref_of(row.pk), whose=whose)


def _shown(door: Door, row: Any, found: list[Any]) -> list[dict[str, Any]]:
    names = people.names([one.by_id for one in found], to=door.viewer)
    return [
        {
            "kind": common.word(words.NOTES, one.kind),
            "at": one.at,
            "by": names.get(one.by_id, "") if one.by_id is not None else "",
            "step": common.word(words.STEPS, one.step) if one.step else "",
            "closed": said if "age" in said else None,
            "lines": [] if "age" in said else _lines(said),
        }
        for one in found
        for said in [_opened(row, one.sealed)]
    ]


def _opened(row: Any, sealed: bytes | memoryview | None) -> dict[str, str]:
    if sealed is None:
        return {}
    try:
        return unseal(row.person_id, sealed, purpose=Purpose.CONCERN)
    except Shredded:
        return {}


def _lines(said: dict[str, str]) -> list[str]:
    said.pop("at", "")
    if "companion" in said:
        said["companion"] = common.word(words.NOTICED, said["companion"])
    if "how" in said:
        said["how"] = common.word(words.HOW, said["how"])
    return list(said.values())
