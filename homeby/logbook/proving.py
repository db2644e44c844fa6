"""The proof of one entry: a file by which anybody checks, without Homeby, that it stands in the
logbook of a checkpoint and what it says (c2sp.org/tlog-proof; tools/check_proof.py).

What the leaf is made of goes along as extra data: canonical JSON, compressed. A body that makes the
file too large, or that shall not be shown, stays behind; its hash proves it once it is shown.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass

from homeby.logbook import rules
from homeby.logbook.counting import leaves
from homeby.logbook.models import Entry
from homeby.logbook.notes import Note
from homeby.logbook.tree import Tree, inclusion

HEADING = "c2sp.org/tlog-proof@v1"
MOST_BYTES = 4096


class NoProof(Exception):
    """An entry that cannot be proven; the text is a sentence."""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The file of one entry."""

    index: int
    text: str
    has_body: bool


def prove(entry: Entry, *, note: Note, with_body: bool = True) -> Proof:
    """Prove that the entry stands in the logbook of this checkpoint. Raises NoProof where it does
    not, or where the logbook is no longer the one of the checkpoint."""
    size = note.head.size
    found: list[bytes] = []
    numbers: list[int] = []
    for number, _entry_id, leaf in leaves(limit=size):
        found.append(leaf)
        numbers.append(number)
    if len(found) < size or Tree.of(found).root() != note.head.root:
        raise NoProof(
            f"The logbook is not the one of the checkpoint of {size} entries. `homeby verify` says "
            "where it differs."
        )
    if not numbers or entry.number > numbers[-1]:
        raise NoProof(
            f"This entry was recorded after the checkpoint of {size} entries, which does not know "
            "it. Take a later one."
        )
    index = numbers.index(entry.number)
    path = [base64.b64encode(one).decode() for one in inclusion(found, index)]
    body = entry.content.body if with_body else None
    for shown in (body, None):
        lines = [HEADING, f"extra {_extra(entry, shown)}", f"index {index}", *path, "", str(note)]
        text = "\n".join(lines)
        if len(text.encode()) <= MOST_BYTES:
            break
    return Proof(index=index, text=text, has_body=shown is not None)


def _extra(entry: Entry, body: str | None) -> str:
    told = {
        "id": str(entry.entry_id),
        "kind": entry.kind,
        "recorded_at": rules.plain(entry.recorded_at),
        "body_hash": bytes(entry.body_hash).hex(),
    }
    salt = entry.content.salt
    if body is not None and salt is not None:
        told |= {"salt": bytes(salt).hex(), "body": body}
    packed = zlib.compress(json.dumps(told, ensure_ascii=False).encode(), 9)
    return base64.b64encode(packed).decode()
