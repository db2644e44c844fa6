"""The attacks by their names: each says whose threat it is, what the attacker has and wants, and
which planted breaks take away the defence that it fails on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.attacks.ground import Ground

Script = Callable[[Ground], None]


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One script. `breaks` names patches of tests/planted: with any of them it succeeds."""

    threat: int
    has: str
    wants: str
    breaks: tuple[str, ...]
    run: Script


ATTACKS: dict[str, Attack] = {}
#: What is said of the threats that no script is for.
WITHOUT = {
    1: "sealed reports are not there yet (issue 8): there is nothing to attack",
}


def attack(
    threat: int, *, has: str, wants: str, breaks: tuple[str, ...]
) -> Callable[[Script], Script]:
    """Put a script into the catalogue, under the name of its function."""

    def put(script: Script) -> Script:
        assert breaks, "name the defence that it fails on"
        ATTACKS[script.__name__] = Attack(
            threat=threat, has=has, wants=wants, breaks=breaks, run=script
        )
        return script

    return put
