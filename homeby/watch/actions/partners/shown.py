"""What a partner station shows of its logbook to us, its witness, read from what came: a
checkpoint, and how those of earlier sizes grew into it. All of it may be a lie; none is long."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeby.logbook.notes import Note, note_of
from homeby.logbook.tree import HASH_BYTES, Head
from homeby.watch.rules.witness import WANTED_MAX, Standing, standing

_STEPS_MAX = 64


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A checkpoint and the proofs that came with it, by the size from which each leads."""

    note: Note
    proofs: Mapping[int, tuple[bytes, ...]]

    def stands_to(self, earlier: Head) -> Standing:
        """How it stands to an earlier checkpoint of the same station."""
        return standing(earlier, self.note.head, self.proofs.get(earlier.size))


def read(text: object, proofs: object) -> Shown | None:
    """What was brought. Whatever cannot be read is as if it had not been brought."""
    note = note_of(text)
    if note is None:
        return None
    given: Mapping[Any, Any] = proofs if isinstance(proofs, dict) else {}
    read_ones = {str(size): _hashes(steps) for size, steps in list(given.items())[:WANTED_MAX]}
    found = {int(size): steps for size, steps in read_ones.items() if steps and size.isdecimal()}
    return Shown(note=note, proofs=found)


def _hashes(steps: object) -> tuple[bytes, ...] | None:
    if not isinstance(steps, list) or len(steps) > _STEPS_MAX:
        return None
    try:
        found = tuple(base64.b64decode(one, validate=True) for one in steps)
    except (binascii.Error, ValueError, TypeError):
        return None
    return found if all(len(one) == HASH_BYTES for one in found) else None
