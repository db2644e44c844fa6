"""Keeping checkpoints: each minute in which the logbook grew, and before every backup.

A kept checkpoint holds what the tree goes on from, so that a minute costs a minute's entries, and
the leaves behind the one before, by which `homeby verify` finds the first wrong entry.
"""

from __future__ import annotations

import contextlib
import datetime as dt

from django.db import transaction

from homeby.logbook import notes, queries
from homeby.logbook.cosigning import with_signature
from homeby.logbook.counting import leaves
from homeby.logbook.models import KeptCheckpoint
from homeby.logbook.notes import Key, NoNote, Signature
from homeby.logbook.tree import HASH_BYTES, Tree, head

AT_ONCE = 50_000  # a station that begins to keep them goes through its past in such steps
EVERY = dt.timedelta(minutes=1)
EACH_KEPT = dt.timedelta(days=7)  # of earlier days the first alone, with the leaves of the others


class Contradiction(Exception):
    """The logbook is not the one of which the last checkpoint was kept; the text is a sentence."""


def key_of_station(seed: bytes) -> Key | None:
    """The key that signs the checkpoints of this station; None before it is founded."""
    station = queries.station()
    return Key(name=notes.origin_of(station.pk), seed=seed) if station else None


def newest() -> KeptCheckpoint | None:
    """The last one that was kept. One index look-up."""
    return KeptCheckpoint.objects.order_by("-size").first()


def is_due(*, now: dt.datetime) -> bool:
    """Whether a minute has passed since the last one, by whatever clock it was kept."""
    last = KeptCheckpoint.objects.order_by("-size").values_list("kept_at", flat=True).first()
    return last is None or not dt.timedelta() <= now - last < EVERY


def keep(
    *, until: int, key: Key, now: dt.datetime, is_lasting: bool = False
) -> KeptCheckpoint | None:
    """Keep the checkpoint of the entries up to a number that is settled (`Horizon`), or of
    `AT_ONCE` more than the last; the newest there is, where nothing is new. Raises Contradiction
    where the logbook does not go on from it. What is read and hashed is settled and never changes,
    so that no writer waits for it: only the row itself is written in a transaction."""
    last = newest()
    tree = _going_on(last)
    fresh = list(leaves(after=last.number if last else None, until=until, limit=AT_ONCE))
    if not fresh:
        if last is not None and is_lasting and not last.is_lasting:
            KeptCheckpoint.objects.filter(pk=last.pk).update(is_lasting=True)
        return last
    begins_day = last is None or last.kept_at.date() != now.date()
    grown = tree.grown(leaf for _number, _entry_id, leaf in fresh)
    kept = KeptCheckpoint(
        size=grown.size,
        number=fresh[-1][0],
        kept_at=now,
        note=str(key.sign(head(grown))),
        frontier=grown.frontier,
        leaves=b"".join(leaf for _number, _entry_id, leaf in fresh),
        is_lasting=is_lasting or begins_day,
    )
    with transaction.atomic():
        # Another process of ours may have kept the same at this instant, and not for good.
        KeptCheckpoint.objects.bulk_create([kept], ignore_conflicts=True)
        if kept.is_lasting:
            KeptCheckpoint.objects.filter(pk=kept.pk, is_lasting=False).update(is_lasting=True)
        if begins_day:
            _thin(before=now - EACH_KEPT)
    return kept


def keep_all(*, until: int, key: Key, now: dt.datetime) -> KeptCheckpoint | None:
    """Keep for good the checkpoint of all entries up to a number that is settled, however many they
    are; None of an empty logbook. Raises Contradiction."""
    kept = newest()
    while True:
        covered = kept.size if kept else 0
        kept = keep(until=until, key=key, now=now, is_lasting=True)
        if kept is None or kept.size == covered or kept.number >= until:
            return kept


def keep_cosignature(*, size: int, made: Signature) -> None:
    """Keep a witness's cosignature, checked already, with the kept checkpoint of this size; its
    earlier one goes."""
    with transaction.atomic():
        row = KeptCheckpoint.objects.select_for_update().filter(size=size).first()
        if row is None:
            return
        with contextlib.suppress(NoNote):  # something else than was kept stands there
            note = with_signature(notes.read(row.note), made)
            KeptCheckpoint.objects.filter(pk=size).update(note=str(note))


def _going_on(last: KeptCheckpoint | None) -> Tree:
    """The tree that was kept last; its peaks, its root and its last entry must still fit."""
    if last is None:
        return Tree()
    here = list(leaves(after=last.number - 1, until=last.number))
    try:
        tree, note = Tree.kept(last.size, bytes(last.frontier)), notes.read(last.note)
        ends = bytes(last.leaves)[-HASH_BYTES:]
    except (ValueError, TypeError):  # something else than was kept stands there
        tree, note, ends = Tree(), None, b""
    if note is None or head(tree) != note.head or [leaf for _number, _id, leaf in here] != [ends]:
        raise Contradiction(
            f"The logbook does not go on from the checkpoint of {last.size} entries that was kept "
            "last. `homeby verify` says where it differs."
        )
    return tree


def _thin(*, before: dt.datetime) -> None:
    """Of days long past keep the checkpoints that last; each takes over the leaves of those that
    went before it, so that none is lost."""
    rows = KeptCheckpoint.objects.filter(kept_at__lt=before).order_by("size")
    going: list[int] = []
    for size, is_lasting in list(rows.values_list("size", "is_lasting")):
        if not is_lasting:
            going.append(size)
        elif going:
            _take_over(size, going)
            going = []


def _take_over(heir: int, going: list[int]) -> None:
    held = bytes(KeptCheckpoint.objects.get(size=heir).leaves)
    for row in KeptCheckpoint.objects.filter(size__in=going).order_by("-size"):
        known = bytes(row.leaves)
        doubled = row.size - (heir - len(held) // HASH_BYTES)  # by two processes side by side
        if doubled < 0:
            break
        held = known[: max(0, len(known) - doubled * HASH_BYTES)] + held
    KeptCheckpoint.objects.filter(size=heir).update(leaves=held)
    KeptCheckpoint.objects.filter(size__in=going).delete()
