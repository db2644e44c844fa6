"""What a device has signed of its own entry, and how that is spelled. Pure.

The text is the entry as the device sent it, as canonical JSON: without what proves who holds the
device just then (a PIN would be guessed from a signature over it), and without what changes each
time that it is sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: A signature: ECDSA over P-256 with SHA-256, both numbers of it (`r` and `s`) one after the other.
SIGNATURE_BYTES = 64
#: Longer than anything that a phone of ours says with sixty people named in it.
TEXT_MAX = 4096
LEFT_OUT = frozenset({"signature", "pin", "code", "since_ms", "sealed"})

_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, kw_only=True)
class Signed:
    """The text that was signed, and the signature. Whether it is right, is asked by whoever checks
    the logbook: an entry counts all the same."""

    text: str
    signature: bytes


def text_of(entry: Mapping[str, Any]) -> str:
    """What a device signs of an entry: sorted keys, no spaces, UTF-8 (RFC 8785 for the values that
    an entry may hold)."""
    return _WRITER.encode({name: said for name, said in entry.items() if name not in LEFT_OUT})
