"""What of welfare is a person's own, taken out where she is erased. That somebody looked after her,
and how it ended, stays."""

from __future__ import annotations

import uuid

from homeby.logbook.actions import Page
from homeby.logbook.forgetting import remove_rows
from homeby.logbook.models import StateRow
from homeby.welfare.models import ConcernNote, LeftOutSignal, NotAbout, OwnGrace

#: Rows of which nothing is left, by whose they are.
GONE: dict[type[StateRow], str] = {
    ConcernNote: "concern__person_id",
    OwnGrace: "person_id",
    LeftOutSignal: "person_id",
    NotAbout: "person_id",
}


def forget_person(page: Page, person_id: uuid.UUID) -> None:
    """Remove, as part of an entry, what was said about her."""
    remove_rows(page, GONE, person_id)
