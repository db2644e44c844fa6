"""The entry of what was known when the party of a mission was named. Pure."""

from __future__ import annotations

from homeby.logbook.rules import Audience, Erasure, declare

#: Of whom a decision keeps what she had then; a mission of more people than that is a list.
POOL_MAX = 1000
#: So many qualifications a mission is looked through for.
NEEDS_MAX = 6

MISSION_CHOICE_KEPT = declare(
    "MISSION_CHOICE_KEPT",
    "Who was named for a mission was kept, with who could have gone",
    seen_by=Audience.PERSON,
    erase=Erasure.ERASE_BODY,
)
