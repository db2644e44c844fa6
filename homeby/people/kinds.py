"""Kinds of entries about what is private to a person, beside the other kinds of the room. Pure."""

from __future__ import annotations

from homeby.logbook.rules import Audience, Erasure, declare


def _own(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.PERSON, erase=Erasure.SHRED_KEY)


PRIVATE_WRITTEN = _own("PRIVATE_WRITTEN", "Something for a bad day was written down")
PRIVATE_REMOVED = _own("PRIVATE_REMOVED", "Something for a bad day was removed")
PRIVATE_OPENED = declare(
    "PRIVATE_OPENED",
    "What a person keeps private was opened",
    seen_by=Audience.OFFICE,
    erase=Erasure.NOTHING_PERSONAL,
)
ARCHIVE_MADE = declare(
    "ARCHIVE_MADE",
    "An archive of a person's own data was made",
    seen_by=Audience.ADMINISTRATOR,
    erase=Erasure.NOTHING_PERSONAL,
)
STAY_AWAY_FILED = declare(
    "STAY_AWAY_FILED",
    "Somebody is kept away",
    seen_by=Audience.PERSON,
    erase=Erasure.ERASE_BODY,
)
STAY_AWAY_ENDED = declare(
    "STAY_AWAY_ENDED",
    "Somebody is kept away no more",
    seen_by=Audience.PERSON,
    erase=Erasure.ERASE_BODY,
)
