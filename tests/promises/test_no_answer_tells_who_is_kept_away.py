"""Stay-away, for every pair of roles (promise 8): a station with people who are kept away answers
as one where they never were. The default run has all pairs at once, which is the harder for whoever
hides; `python -m tests.stay_away` tries each of the 64 by itself."""

from __future__ import annotations

import difflib
import os

import pytest

from homeby.people.rules import Role
from tests.promises.apart import LOOKED_AT, ROLES, Ghosts, Told, told
from tests.world import World

ALONE = "STAY_AWAY_PAIRS"  # with it, each pair by itself
Pair = tuple[tuple[Role, ...], tuple[Role, ...]]
ALL: list[Pair] = [(ROLES[:4], ROLES), (ROLES[4:], ROLES)]
SINGLY: list[Pair] = [((one,), (other,)) for one in ROLES for other in ROLES]


def differing(kept: Told, without: Told) -> list[str]:
    """Where the two stations tell one from the other."""
    found = []
    assert kept.keys() == without.keys()
    for (role, what), (code, text) in kept.items():
        code_without, text_without = without[role, what]
        lines = difflib.unified_diff(
            text_without.splitlines(), text.splitlines(), "without", "kept away", n=0, lineterm=""
        )
        if (code, text) != (code_without, text_without):
            found.append(f"{role} {what}: {code_without} {code}\n" + "\n".join(lines)[:1500])
    return found


@pytest.mark.looks
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("lookers", "ghosts"),
    SINGLY if os.environ.get(ALONE) else ALL,
    ids=lambda roles: "everybody" if roles == ROLES else "+".join(roles),
)
def test_no_answer_differs_from_one_where_the_others_never_were(
    world: World, lookers: tuple[Role, ...], ghosts: tuple[Role, ...]
) -> None:
    known = Ghosts()
    kept = told(world, lookers, ghosts, known)
    assert len(kept) > len(lookers) * len(LOOKED_AT)
    assert sum(code == 200 for code, _text in kept.values()) > 8 * len(lookers)
    assert any(text for (_role, what), (_, text) in kept.items() if what == "MESSAGES")
    found = differing(kept, told(world, lookers, (), known))
    assert not found, "\n".join(found)
