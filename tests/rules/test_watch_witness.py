"""When a checkpoint of a partner station may be cosigned."""

from __future__ import annotations

import pytest

from homeby.logbook.tree import Head, Tree, consistency, head
from homeby.watch.rules.witness import Standing, standing

LEAVES = [bytes([number]) * 32 for number in range(12)]


def of(count: int) -> Head:
    return head(Tree.of(LEAVES[:count]))


def proof(earlier: int, later: int) -> list[bytes]:
    return consistency(Tree.of(LEAVES[:earlier]), LEAVES[earlier:later])


@pytest.mark.parametrize(("earlier", "later"), [(1, 2), (3, 7), (8, 12), (11, 12)])
def test_what_was_shown_to_have_grown_is_grown(earlier: int, later: int) -> None:
    steps = proof(earlier, later)
    assert standing(of(earlier), of(later), steps) is Standing.GROWN
    assert standing(of(earlier), of(later), None) is Standing.UNSHOWN
    assert standing(of(earlier), of(later), [*steps, bytes(32)]) is Standing.UNSHOWN
    assert standing(of(later), of(earlier), steps) is Standing.UNSHOWN, "shorter than before"


def test_the_same_size_needs_no_proof_and_allows_no_other_root() -> None:
    assert standing(of(5), of(5), None) is Standing.GROWN
    other = Head(size=5, root=bytes(32))
    assert standing(of(5), other, None) is Standing.ANOTHER
    assert standing(of(5), other, proof(5, 5)) is Standing.ANOTHER
