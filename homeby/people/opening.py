"""Opening what a person keeps for a bad day. Barred, as `private` is, to board, gate and kiosk."""

from __future__ import annotations

from contextlib import suppress

from homeby.logbook.reading import ReadKind
from homeby.people.private import Shredded, unseal
from homeby.people.rules import Purpose
from homeby.people.rules_private import Kept, KeptFacts, may_open

_READ_AS = {Kept.HOME: ReadKind.HOME, Kept.HEALTH: ReadKind.HEALTH}


def opened(facts: KeptFacts, *, purpose: Purpose) -> dict[str, str]:
    """What somebody keeps for a bad day, for a purpose for which it may be opened; without values
    where her key was destroyed."""
    assert may_open(facts.kept, purpose), f"{facts.kept} is not opened for {purpose}"
    with suppress(Shredded):
        kind = _READ_AS.get(facts.kept, ReadKind.PRIVATE)
        return unseal(facts.person_id, facts.sealed, purpose=purpose, kind=kind)
    return {}
