"""Opening what a person keeps for a bad day. Barred, as `private` is, to board, gate and kiosk."""

from __future__ import annotations

from contextlib import suppress

from homeby.people.private import Shredded, unseal
from homeby.people.rules import Purpose
from homeby.people.rules_private import KeptFacts, may_open


def opened(facts: KeptFacts, *, purpose: Purpose) -> dict[str, str]:
    """What somebody keeps for a bad day, for a purpose for which it may be opened; without values
    where her key was destroyed."""
    assert may_open(facts.kept, purpose), f"{facts.kept} is not opened for {purpose}"
    with suppress(Shredded):
        return unseal(facts.person_id, facts.sealed, purpose=purpose)
    return {}
