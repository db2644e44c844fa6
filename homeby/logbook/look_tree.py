"""The second tree: over the looks at people. Each hour its head enters the logbook, so that whoever
holds a checkpoint of the logbook holds the looks before it, too (`RELIABILITY.md` 10, row 13).

Of each look a salted hash is kept of what can be emptied. Emptying takes the salt as well: then
nobody can find out by trying who it was, and the tree stays what it was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator
from typing import Any

from homeby.logbook import rules
from homeby.logbook.actions import writing
from homeby.logbook.models import Entry, LookLeaf, Read
from homeby.logbook.tree import Tree

#: So many looks in one commit: nobody waits long for whoever counts the looks of years at once.
PORTION = 2000
SUBJECT = "looks"


def inner_of(look: Read, *, salt: bytes) -> bytes:
    """SHA-256 over the salt and what of a look can be emptied."""
    said = {
        "viewer": look.viewer_id,
        "what": look.what,
        "whose": look.whose,
        "why": look.why,
        "device": look.device,
    }
    return rules.body_hash(salt=salt, body=rules.canonical(said))


def leaf_of(look: Read, inner: bytes) -> bytes:
    """The leaf of a look: what of it stays, and the hash of what may go."""
    stays = {
        "number": look.number,
        "at": look.at,
        "ten_minutes": look.ten_minutes,
        "kind": look.kind,
        "as": look.viewed_as,
    }
    return hashlib.sha256(b"\x00" + rules.canonical(stays).encode() + inner).digest()


def count_looks(*, now: dt.datetime, until: int) -> int:
    """Count the looks that are new since the last time, up to a number behind which none can appear
    any more (`counting.Horizon`), and enter the head of the tree. Says how many they were; an entry
    for each `PORTION`, none where nothing is new."""
    done = 0
    while portion := _count_portion(now=now, until=until):
        done += portion
    return done


def _count_portion(*, now: dt.datetime, until: int) -> int:
    with writing(now=now, by=None, device="hourly") as book:
        tree, after = _so_far()
        fresh = Read.objects.filter(number__gt=after, number__lte=until).order_by("number")
        looks = list(fresh.select_for_update()[:PORTION])
        if not looks:
            return 0
        leaves = []
        for look in looks:
            salt = b"" if look.erased_by else os.urandom(rules.SALT_BYTES)
            inner = inner_of(look, salt=salt)
            leaves.append(LookLeaf(number=look.number, salt=salt, inner=inner))
            tree.add(leaf_of(look, inner))
        LookLeaf.objects.bulk_create(leaves)
        facts = {"size": tree.size, "number": looks[-1].number, "root": tree.root().hex()}
        book.entry(
            rules.LOOKS_COUNTED, subject=SUBJECT, facts=facts | {"peaks": tree.frontier.hex()}
        )
    return len(looks)


def _so_far() -> tuple[Tree, int]:
    """The tree as it was entered last, and the number of the last look in it."""
    facts = next(_told(newest_first=True), None)
    if facts is None:
        return Tree(), 0
    return Tree.kept(facts["size"], bytes.fromhex(facts["peaks"])), int(facts["number"])


def _told(*, newest_first: bool = False) -> Iterator[dict[str, Any]]:
    """What the entries tell of the tree, with the number of each entry as "entry"."""
    order = "-number" if newest_first else "number"
    rows = Entry.objects.filter(kind=rules.LOOKS_COUNTED, subject=SUBJECT).order_by(order)
    for number, text in rows.values_list("number", "content__body").iterator(chunk_size=500):
        yield json.loads(text or "{}")["facts"] | {"entry": number}


def trouble() -> str | None:
    """The first look that is not as it was counted; None where all are. Reads every look."""
    told, tree = _told(), Tree()
    point = next(told, None)
    looks = Read.objects.order_by("number").iterator(chunk_size=2000)
    for leaf in LookLeaf.objects.order_by("number").iterator(chunk_size=2000):
        look = next(looks, None)
        if point is None:
            return f"Look {leaf.number} was counted, and no entry tells it."
        if look is None or (wrong := _not_as_counted(look, leaf)):
            return f"Look {leaf.number} was counted, and is gone." if look is None else wrong
        tree.add(leaf_of(look, bytes(leaf.inner)))
        if tree.size == point["size"]:
            if (tree.root().hex(), leaf.number) != (point["root"], point["number"]):
                return _another(point)
            point = next(told, None)
    return None if point is None else _another(point)


def _another(point: dict[str, Any]) -> str:
    return (
        f"The looks up to {point['number']} are not those of which entry {point['entry']} "
        "(LOOKS_COUNTED) tells."
    )


def _not_as_counted(look: Read, leaf: LookLeaf) -> str | None:
    if look.number > leaf.number:
        return f"Look {leaf.number} was counted, and is gone."
    if look.number < leaf.number:
        return f"Look {look.number} was put in later: it was not counted."
    if look.erased_by is None and inner_of(look, salt=bytes(leaf.salt)) != bytes(leaf.inner):
        return f"Look {look.number} is not as it was when it was counted."
    return None
