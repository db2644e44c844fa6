"""Comparing the logbook with the checkpoints that were kept of it, here and outside, and finding
the first entry that is not the one it was."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field

from homeby.logbook import notes
from homeby.logbook.counting import Count, Outside, leaves, size_of
from homeby.logbook.models import KeptCheckpoint
from homeby.logbook.notes import Note, PublicKey
from homeby.logbook.tree import HASH_BYTES, Tree

_NEVER = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """What is not as it was: a sentence, and the index of the first wrong entry (counted from 0,
    in the order of the logbook) where that can be told."""

    sentence: str
    index: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Kept:
    note: Note
    frontier: bytes


@dataclass
class Comparing:
    """One pass over the entries, in their order."""

    key: PublicKey | None = None
    held: Outside | None = None
    agreed: int = 0
    foreign: int = 0
    wrong: Wrong | None = None
    held_agrees: bool = False
    _kept: dict[int, _Kept] = field(default_factory=dict)
    _good: int = 0
    _bad: int = _NEVER
    _checked: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        rows = KeptCheckpoint.objects.order_by("size").values_list("size", "note", "frontier")
        for size, text, frontier in rows.iterator(chunk_size=2000):
            self._take(size, text, frontier)
        self._checked = sorted(self._kept)
        self.held_agrees = self.held is not None and Count().is_that_of(self.held)

    def _take(self, size: int, text: object, frontier: object) -> None:
        if not isinstance(text, str) or not isinstance(frontier, bytes | memoryview):
            self._spoilt(size)  # SQLite keeps whatever was put into a column
            return
        try:
            note = notes.read(text)
        except ValueError:
            self._spoilt(size)
            return
        signed = self.key.has_signed(note) if self.key else None
        named = self.key is None or note.origin == self.key.name
        if signed is False or not note.signatures or note.head.size != size or not named:
            self._spoilt(size)
            return
        self.foreign += self.key is not None and signed is None
        self._kept[size] = _Kept(note=note, frontier=bytes(frontier))

    def _spoilt(self, size: int) -> None:
        if self.wrong is None:
            self.wrong = Wrong(
                sentence=f"The kept checkpoint of {size} entries is not as it was signed: somebody "
                "has changed it in the database."
            )

    def after(self, count: Count) -> None:
        """One entry more was counted."""
        size = count.entries
        kept = self._kept.get(size)
        if kept is not None:
            if kept.note.head.root == count.tree.root():
                self._good, self.agreed = size, self.agreed + 1
                if kept.frontier != count.tree.frontier:
                    self._spoilt(size)
            elif self._bad == _NEVER:
                self._bad = size
        if self.held is not None and size == size_of(self.held):
            self.held_agrees = count.is_that_of(self.held)
            if self.held_agrees:
                self._good = max(self._good, size)

    def found(self, *, entries: int) -> Wrong | None:
        """What was found, once all entries were counted."""
        at = bisect.bisect_right(self._checked, entries)
        if self._bad == _NEVER and at < len(self._checked):
            self._bad = self._checked[at]
        inside = self._located(entries) if self._bad != _NEVER else None
        if self.held is not None and not self.held_agrees:
            return self._not_the_one_held(self.held, entries, inside)
        return inside or self.wrong

    def _located(self, entries: int) -> Wrong:
        bad = self._bad
        index = self._first_other(bad) if bad > self._good else None
        if index is None and bad > entries:
            index = entries if self._good == entries else None
        if bad > entries:
            what = f"A checkpoint of {bad} entries was kept, and the logbook has only {entries}"
            return Wrong(sentence=f"{what}: entries were taken away.", index=index)
        return Wrong(
            sentence=f"The first {bad} entries are not those of the checkpoint that was kept here "
            "when there were so many: something in them was changed, removed or put in another "
            f"order. The first {self._good} still are.",
            index=index,
        )

    def _first_other(self, bad: int) -> int | None:
        """The first entry whose leaf is not the one that was kept, where the kept leaves are shown
        by their signed root to be the right ones."""
        row = KeptCheckpoint.objects.get(size=bad)
        kept = bytes(row.leaves)
        start = bad - len(kept) // HASH_BYTES
        now = [leaf for _n, _id, leaf in leaves(limit=bad)]
        known = [kept[at : at + HASH_BYTES] for at in range(0, len(kept), HASH_BYTES)]
        tree = Tree.of(now[:start]).grown(known)
        is_shown = start >= 0 and tree.root() == self._kept[bad].note.head.root
        if not is_shown or tree.size != bad:
            return None
        behind = enumerate(zip(known, now[start:], strict=False), start=start)
        return next((index for index, (was, is_) in behind if was != is_), len(now))

    def _not_the_one_held(self, held: Outside, entries: int, inside: Wrong | None) -> Wrong:
        size = size_of(held)
        index = inside.index if inside else None
        if entries < size:
            if index is None and inside is None and self._good == entries:
                index = entries
            return Wrong(
                sentence=f"The checkpoint knows {size} entries, and the logbook has only "
                f"{entries}: entries were taken away, or this is an earlier copy.",
                index=index,
            )
        return Wrong(
            sentence=f"The first {size} entries are not those of the checkpoint: something in them "
            "was changed, removed or put in another order since it was made.",
            index=index if index is not None and index < size else None,
        )
