"""Proofs that a kept checkpoint is an earlier one, grown (RFC 6962, 2.1.2), for partner stations
and phones that remember an earlier one. Read from what was kept: no entry is hashed for it."""

from __future__ import annotations

from homeby.logbook.models import KeptCheckpoint
from homeby.logbook.tree import HASH_BYTES, Tree, consistency


def proof(size: int, kept: KeptCheckpoint) -> list[bytes] | None:
    """How the tree of the first `size` entries has grown into the kept one; None where it is not
    that long, or where what is kept does not lead there."""
    if not 0 < size <= kept.size:
        return None
    before = KeptCheckpoint.objects.filter(size__lte=size).order_by("-size").first()
    try:
        earlier = Tree.kept(before.size, bytes(before.frontier)) if before else Tree()
    except (ValueError, TypeError):  # something else than was kept stands there
        return None
    fresh = _leaves(behind=earlier.size, until=kept.size)
    if len(fresh) != kept.size - earlier.size:
        return None
    ahead = size - earlier.size
    return consistency(earlier.grown(fresh[:ahead]), fresh[ahead:])


def _leaves(*, behind: int, until: int) -> list[bytes]:
    """The kept leaves from one size to another. Two processes side by side may have kept some
    twice."""
    rows = KeptCheckpoint.objects.filter(size__gt=behind, size__lte=until).order_by("size")
    found: list[bytes] = []
    for size, held in rows.values_list("size", "leaves").iterator(chunk_size=200):
        count = size - behind - len(found)
        whole = bytes(held)
        mine = whole[max(0, len(whole) - count * HASH_BYTES) :]
        found += [mine[at : at + HASH_BYTES] for at in range(0, len(mine), HASH_BYTES)]
    return found
