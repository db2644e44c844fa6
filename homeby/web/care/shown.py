"""What pages show of a concern: its notes, opened. Opening is a look of a kind of its own, which
nobody reads but the reader, and she whom it is about once she knows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from homeby.logbook.reading import ReadKind, opened
from homeby.people import queries as people
from homeby.people.private import Shredded, unseal
from homeby.people.rules import Purpose
from homeby.web import words as common
from homeby.web.care import words
from homeby.web.door import Door
from homeby.welfare.queries import asked
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


def explained(door: Door, concern_id: uuid.UUID) -> list[dict[str, Any]]:
    """What whoever plans was asked about a concern, and says, for the welfare officer: under what
    was counted from the records stands what she makes of it."""
    found = asked.explained(door.viewer, concern_id)
    names = people.names([one.row.person_id for one in found], to=door.viewer)
    return [
        {
            "row": one.row,
            "name": names.get(one.row.person_id, "?"),
            "question": _words(one.whose, one.question),
            "answer": _words(one.whose, one.answer),
        }
        for one in found
    ]


def asked_of_me(door: Door) -> list[dict[str, Any]]:
    """What the viewer is asked about how she plans: the words of the welfare officer, and whom it
    is about only where that was chosen."""
    found = asked.open_to_me(door.viewer)
    named = [one.whose for one in found if one.row.names_her and one.whose not in door.viewer.apart]
    names = people.names(named, to=door.viewer)
    return [
        {
            "id": one.row.pk,
            "answer_by": one.row.answer_by,
            "about": names.get(one.whose, ""),
            "question": _words(one.whose, one.question),
        }
        for one in found
    ]


def _words(whose: uuid.UUID, note: Any) -> list[str]:
    return _lines(_opened(whose, note.sealed)) if note is not None else []


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
        for said in [_opened(row.person_id, one.sealed)]
    ]


def _opened(whose: uuid.UUID, sealed: bytes | memoryview | None) -> dict[str, str]:
    if sealed is None:
        return {}
    try:
        return unseal(whose, sealed, purpose=Purpose.CONCERN)
    except Shredded:
        return {}


def _lines(said: dict[str, str]) -> list[str]:
    said.pop("at", "")
    if "companion" in said:
        said["companion"] = common.word(words.NOTICED, said["companion"])
    if "how" in said:
        said["how"] = common.word(words.HOW, said["how"])
    return list(said.values())
