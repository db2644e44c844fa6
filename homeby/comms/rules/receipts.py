"""What a provider says later about a message it took. Pure.

"Handed" is not "told": a receipt says that the device has it, or that it never came there. What a
provider calls these things is the station's setting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homeby.sentences import gettext as _

MOST_REF = 200


@dataclass(frozen=True, kw_only=True)
class ReceiptWords:
    """What providers call the message's id and its state, and which words mean what."""

    ref_fields: Sequence[str]
    state_fields: Sequence[str]
    received: Sequence[str]
    failed: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A receipt that was understood. `received` None: it says that the message is still on its way,
    which changes nothing."""

    ref: str
    received: bool | None


def read_receipt(fields: Mapping[str, object], words: ReceiptWords) -> Receipt | str:
    """The receipt in what was sent, or a sentence that says what is missing. Without any state a
    receipt says that the message was received."""
    ref = _first(fields, words.ref_fields)
    if not ref or len(ref) > MOST_REF:
        return _("This receipt names no message: give its id as %(names)s.") % {
            "names": ", ".join(words.ref_fields)
        }
    state = _first(fields, words.state_fields).lower()
    if not state or state in {word.lower() for word in words.received}:
        return Receipt(ref=ref, received=True)
    failed = state in {word.lower() for word in words.failed}
    return Receipt(ref=ref, received=False if failed else None)


def _first(fields: Mapping[str, object], names: Sequence[str]) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""
