"""What stands on the page of those who speak to the kin of a mission."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from homeby.missions.queries.sheets import Sheet
from homeby.people import queries as people
from homeby.watch import texts_kin
from homeby.watch.queries.kin import KinSheet, KinWorry
from homeby.watch.rules.kin import SearchStep
from homeby.web.door import Door


def context(door: Door, sheet: Sheet, found: KinSheet) -> dict[str, Any]:
    """The facts of `kin/desk.html`. One query."""
    care = found.care
    keys = [care.step_by_id, care.held_by_id, *(row.person_id for row in found.worries)]
    answered = [row.answered_by_id for row in found.worries]
    names = people.names([*keys, *answered], to=door.viewer)
    return {
        "zone": sheet.mission.zone,
        "told": found.told,
        "next_at": found.next_at,
        "step": texts_kin.step_words(SearchStep(care.step)) if care.step else "",
        "step_at": care.step_at,
        "step_by": names.get(care.step_by_id, "") if care.step_by_id else "",
        "speaker": care.speaker if care.is_held else "",
        "held_at": care.held_at,
        "held_by": names.get(care.held_by_id, "") if care.held_by_id else "",
        "worries": worries(found.worries, names),
        "unconfirmed": [row.person.shown_as for row in sheet.party if row.kin_confirmed_at is None],
    }


def worries(rows: Iterable[KinWorry], names: Mapping[uuid.UUID, str]) -> list[dict[str, Any]]:
    """The lines of `kin/_worries.html`."""
    return [
        {
            "id": row.pk,
            "who": names.get(row.person_id, "?"),
            "first_at": row.first_at,
            "last_at": row.last_at,
            "said": row.said,
            "answered_by": names.get(row.answered_by_id, "?") if row.answered_by_id else "",
        }
        for row in rows
    ]
