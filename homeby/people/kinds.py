"""Kinds of entries about what is private to a person, and about her log-in, beside the other kinds
of the room. Pure."""

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
CALLSIGN_SEASON_BEGUN = declare(
    "CALLSIGN_SEASON_BEGUN",
    "A season of callsigns was begun",
    seen_by=Audience.OFFICE,
    erase=Erasure.ERASE_BODY,
)
RETENTION_SET = declare(
    "RETENTION_SET",
    "A rule of retention was set",
    seen_by=Audience.OFFICE,
    erase=Erasure.NOTHING_PERSONAL,
)
RETENTION_APPLIED = declare(
    "RETENTION_APPLIED",
    "What is no longer kept was erased",
    seen_by=Audience.OFFICE,
    erase=Erasure.NOTHING_PERSONAL,
)
RETENTION_FAILED = declare(
    "RETENTION_FAILED",
    "What is no longer kept could not be erased",
    seen_by=Audience.OFFICE,
    erase=Erasure.NOTHING_PERSONAL,
)
CONTACTS_FORGOTTEN = declare(
    "CONTACTS_FORGOTTEN",
    "What was sealed of somebody who left was erased",
    seen_by=Audience.ADMINISTRATOR,
    erase=Erasure.SHRED_KEY,
)
PERSON_ERASED = declare(
    "PERSON_ERASED",
    "A person was erased as she asked",
    seen_by=Audience.ADMINISTRATOR,
    erase=Erasure.NOTHING_PERSONAL,
)
BLOCK_SET = declare(
    "BLOCK_SET",
    "A member blocked another",
    seen_by=Audience.PERSON,
    erase=Erasure.NOTHING_PERSONAL,
)
BLOCK_ENDED = declare(
    "BLOCK_ENDED",
    "A member took a block back",
    seen_by=Audience.PERSON,
    erase=Erasure.NOTHING_PERSONAL,
)
MINOR_SET = declare(
    "MINOR_SET",
    "The limits of a minor were set",
    seen_by=Audience.PERSON,
    erase=Erasure.SHRED_KEY,
)
MINOR_ENDED = declare(
    "MINOR_ENDED",
    "Somebody is no longer held for a minor",
    seen_by=Audience.PERSON,
    erase=Erasure.SHRED_KEY,
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
KIN_LOOKED_THROUGH = declare(
    "KIN_LOOKED_THROUGH",
    "Kin were looked through for somebody who is kept away",
    seen_by=Audience.PERSON,
    erase=Erasure.ERASE_BODY,
)
PASSKEY_RENAMED = declare(
    "PASSKEY_RENAMED",
    "A passkey was renamed",
    seen_by=Audience.OFFICE,
    erase=Erasure.ERASE_BODY,  # its answer holds what she calls it
)
PASSWORD_REMOVED = declare(
    "PASSWORD_REMOVED",
    "A password was removed",
    seen_by=Audience.OFFICE,
    erase=Erasure.NOTHING_PERSONAL,
)
