"""The Merkle tree over the leaves of the logbook (RFC 6962, 2.1; RFC 9162, 2.1). Pure.

A leaf comes here hashed already (`rules.leaf_hash`, prefix 0x00). What is kept of a tree are its
peaks, one hash for each bit of its size: from these it grows on, and its root is folded, so that a
minute costs a minute's entries (docs/decisions/0024).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash above two others."""
    return sha256(b"\x01" + left + right).digest()


@dataclass
class Tree:
    """So many leaves, and the roots of the perfect trees they fall into, the largest first."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, leaves: Iterable[bytes]) -> Tree:
        """The tree of these leaves."""
        return cls().grown(leaves)

    @classmethod
    def kept(cls, size: int, frontier: bytes) -> Tree:
        """The tree that was written down as `frontier`. Raises ValueError where it is none."""
        if size < 0 or len(frontier) != HASH_BYTES * size.bit_count():
            raise ValueError("These are not the peaks of a tree of this size.")
        starts = range(0, len(frontier), HASH_BYTES)
        return cls(size=size, peaks=[frontier[at : at + HASH_BYTES] for at in starts])

    @property
    def frontier(self) -> bytes:
        """The peaks, to be kept."""
        return b"".join(self.peaks)

    def add(self, leaf: bytes) -> None:
        """One leaf more. Each trailing one of the size is a peak that the new one joins."""
        size, peaks = self.size, self.peaks
        self.size = size + 1
        while size & 1:
            leaf = node(peaks.pop(), leaf)
            size >>= 1
        peaks.append(leaf)

    def grown(self, leaves: Iterable[bytes]) -> Tree:
        """Another tree: this one and these leaves behind it."""
        tree = Tree(size=self.size, peaks=list(self.peaks))
        for leaf in leaves:
            tree.add(leaf)
        return tree

    def root(self) -> bytes:
        """The hash over all leaves."""
        if not self.peaks:
            return EMPTY_ROOT
        found = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            found = node(left, found)
        return found


def _half(size: int) -> int:
    """The largest power of two below a size of at least two."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of one leaf, from the bottom up (RFC 6962, 2.1.1)."""
    assert 0 <= index < len(leaves), "only a leaf of the tree has a path"
    low, high = 0, len(leaves)
    path: list[bytes] = []
    while high - low > 1:
        middle = low + _half(high - low)
        if index < middle:
            path.append(Tree.of(leaves[middle:high]).root())
            high = middle
        else:
            path.append(Tree.of(leaves[low:middle]).root())
            low = middle
    return path[::-1]


def consistency(earlier: Tree, fresh: Sequence[bytes]) -> list[bytes]:
    """That the tree of the earlier leaves and these behind them is the earlier one, grown (RFC
    6962, 2.1.2). Of the earlier leaves its peaks are enough; of none, and where nothing is fresh,
    nothing needs to be shown."""
    first, low, high = earlier.size, 0, earlier.size + len(fresh)
    if not first or not fresh:
        return []
    peaks, at = {}, 0
    for hash_ in earlier.peaks:
        length = 1 << ((first - at).bit_length() - 1)
        peaks[at, at + length] = hash_
        at += length
    proof: list[bytes] = []
    is_whole = True  # the earlier tree itself is known to whoever checks
    while high != first:
        middle = low + _half(high - low)
        if first <= middle:
            proof.append(Tree.of(fresh[middle - first : high - first]).root())
            high = middle
        else:
            proof.append(peaks[low, middle])
            low, is_whole = middle, False
    return [*([] if is_whole else [peaks[low, high]]), *proof[::-1]]


def is_included(*, leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf at this index to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for other in path:
        if not last:
            return False
        if here & 1 or here == last:
            found = node(other, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node(found, other)
        here, last = here >> 1, last >> 1
    return not last and found == root


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a checkpoint says of a tree: its size and its root."""

    size: int
    root: bytes


def head(tree: Tree) -> Head:
    """The head of a tree as it is now."""
    return Head(size=tree.size, root=tree.root())


def is_grown(earlier: Head, later: Head, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the later tree is the earlier one, grown (RFC 9162, 2.1.4.2)."""
    if earlier.size == later.size:
        return not proof and earlier.root == later.root
    if not earlier.size:
        return not proof and earlier.root == EMPTY_ROOT and later.size > 0
    if not 0 < earlier.size < later.size:
        return False
    steps = list(proof)
    if not earlier.size & (earlier.size - 1):  # perfect: its root begins the way
        steps.insert(0, earlier.root)
    if not steps:
        return False
    return _both_roots(earlier, later, steps)


def _both_roots(earlier: Head, later: Head, steps: list[bytes]) -> bool:
    here, last = earlier.size - 1, later.size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = steps[0]
    for other in steps[1:]:
        if not last:
            return False
        if here & 1 or here == last:
            old, new = node(other, old), node(other, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node(new, other)
        here, last = here >> 1, last >> 1
    return not last and old == earlier.root and new == later.root
