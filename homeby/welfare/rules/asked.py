"""Whoever plans for a team is asked to explain, and has a time to answer, before anybody writes
that somebody was left out (`STORY.md` 104). Pure."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.logbook.rules import Audience, Erasure, declare

#: So long whoever was asked has, before it may be judged without an answer.
EXPLAINED_WITHIN = dt.timedelta(days=7)


def ref_of(asked_id: uuid.UUID) -> str:
    """The subject of what whoever was asked reads in the logbook: it says of no concern."""
    return f"asked:{asked_id}"


DECISIONS_ASKED = declare(
    "DECISIONS_ASKED",
    "Somebody was asked to explain how she plans",
    seen_by=Audience.PERSON,
    erase=Erasure.NOTHING_PERSONAL,
)
DECISIONS_EXPLAINED = declare(
    "DECISIONS_EXPLAINED",
    "Somebody explained how she plans",
    seen_by=Audience.PERSON,
    erase=Erasure.SHRED_KEY,
)
