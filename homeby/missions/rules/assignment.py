"""An assignment and its answers; refusing is a normal answer (`STORY.md` 14). Pure."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from homeby.missions.rules import Acceptance


def acceptance_of(answers: Sequence[Acceptance]) -> Acceptance:
    """How an assignment stands, by the answers of those who were asked: refused by one, else
    waiting for one, else accepted."""
    for one in (Acceptance.REFUSED, Acceptance.ASKED, Acceptance.ACCEPTED):
        if one in answers:
            return one
    return Acceptance.NOT_ASKED


def who_is_asked(
    party: Sequence[uuid.UUID], *, assigned_by: uuid.UUID | None, planned_by: uuid.UUID | None
) -> set[uuid.UUID]:
    """Who of a party is asked to accept: everybody whom somebody else put on it."""
    return set(party) - {assigned_by, planned_by} if assigned_by is not None else set()
