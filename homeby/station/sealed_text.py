"""A sealed debrief without any page: the same file that a browser writes and reads.

It is a file of age, closed to keys of readers. In it stands JSON, filled up with spaces to whole
steps of 4096 bytes: `report`, a text that is JSON itself, and, where it was signed, `key` (a point
of P-256) and `signature` (ECDSA with SHA-256, of `format`, a line break and that text).
`age --decrypt -i KEY FILE` shows all of it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from homeby.missions.rules import sealed as rules

FORMAT = "homeby sealed debrief 1"
_HALF = 32


class CannotOpen(Exception):
    """A sealed debrief was not opened; the text is a sentence for whoever tried."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What stood in it; `signed_by` is the public half of the key that signed it, "" for none."""

    report: dict[str, Any]
    signed_by: str


def seal(report: dict[str, Any], *, to: Sequence[str]) -> bytes:
    """Seal a report to keys, unsigned: nobody but whoever holds a page's own key signs with it.
    Raises CannotOpen where a key is none, or they are fewer than two."""
    if len(set(to)) < rules.FEWEST:
        raise CannotOpen("Seal it to at least two keys: a reader's and the archive's.")
    try:
        halves = [pyrage.x25519.Recipient.from_str(one) for one in dict.fromkeys(to)]
    except pyrage.RecipientError:
        raise CannotOpen("A key is not the public half of one: it begins with age1.") from None
    whole = {"format": FORMAT, "report": json.dumps(report, ensure_ascii=False)}
    clear = json.dumps(whole, ensure_ascii=False).encode()
    return bytes(pyrage.encrypt(rules.padded(clear), halves))


def unwrap(wrapped: bytes, identities: Sequence[Any]) -> list[Any]:
    """The keys that lie in a file of age. Raises CannotOpen."""
    return identities_in(_decrypted(wrapped, identities).decode(errors="replace"))


def identities_in(text: str) -> list[Any]:
    """The secret halves in a text; spaces and line breaks inside one are those of paper. Raises
    CannotOpen."""
    kept = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    whole = "".join("".join(kept).split()).upper()
    found = whole.split("AGE-SECRET-KEY-")[1:]
    try:
        halves = [pyrage.x25519.Identity.from_str(f"AGE-SECRET-KEY-{one}") for one in found]
    except pyrage.IdentityError:
        raise CannotOpen("A letter of the secret half is wrong or missing: compare it.") from None
    if not halves:
        raise CannotOpen("There is no secret half of a key here: it begins with AGE-SECRET-KEY-1.")
    return halves


def open_sealed(data: bytes, identities: Sequence[Any]) -> Opened:
    """Open a sealed debrief and judge its signature. Raises CannotOpen."""
    clear = _decrypted(data, identities)
    try:
        whole = json.loads(clear)
        if whole["format"] != FORMAT:
            raise CannotOpen("It was opened, but was written by a newer Homeby than this one.")
        text, key = whole["report"], whole.get("key") or ""
        report = json.loads(text)
    except (ValueError, KeyError, TypeError):
        raise CannotOpen("It was opened, but what is in it is no debrief of Homeby.") from None
    if key and not _signed(text, key, whole.get("signature") or ""):
        raise CannotOpen("It was opened, but its signature is wrong: somebody changed it.")
    return Opened(report=report, signed_by=key)


def _decrypted(data: bytes, identities: Sequence[Any]) -> bytes:
    try:
        return bytes(pyrage.decrypt(data, list(identities)))
    except pyrage.DecryptError as trouble:
        if "matching keys" in str(trouble):
            raise CannotOpen("This key does not open it: it is sealed to others.") from None
        raise CannotOpen("It is no file of age, or is damaged or cut short.") from None


def _signed(text: str, key: str, signature: str) -> bool:
    try:
        point, both = _bytes(key), _bytes(signature)
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        half = [int.from_bytes(both[at : at + _HALF], "big") for at in (0, _HALF)]
        made = encode_dss_signature(half[0], half[1])
        public.verify(made, f"{FORMAT}\n{text}".encode(), ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return len(both) == 2 * _HALF


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A new archive key: its public half, what each of three officers keeps, and the secret half
    sealed to each two of them, one within the other (1+2, 1+3, 2+3)."""

    public: str
    shares: tuple[str, ...]
    pairs: tuple[str, ...]

    @property
    def envelopes(self) -> list[str]:
        """The public halves of what the officers keep."""
        halves = [pyrage.x25519.Identity.from_str(one) for one in self.shares]
        return [str(one.to_public()) for one in halves]


def make_archive() -> Archive:
    """An archive key of two of three; its secret half is kept nowhere in one piece."""
    secret = pyrage.x25519.Identity.generate()
    shares = [pyrage.x25519.Identity.generate() for _ in range(rules.SHARES)]
    pairs = []
    for first in range(rules.SHARES):
        for second in range(first + 1, rules.SHARES):
            inner = pyrage.encrypt(str(secret).encode(), [shares[first].to_public()])
            outer = pyrage.encrypt(bytes(inner), [shares[second].to_public()], armored=True)
            pairs.append(bytes(outer).decode())
    return Archive(
        public=str(secret.to_public()),
        shares=tuple(str(one) for one in shares),
        pairs=tuple(pairs),
    )


def open_archive(pairs: Sequence[str], identities: Sequence[Any]) -> list[Any]:
    """The archive's secret half, by two of its three shares. Raises CannotOpen."""
    for pair in pairs:
        try:
            inner = bytes(pyrage.decrypt(pair.encode(), list(identities)))
            return identities_in(bytes(pyrage.decrypt(inner, list(identities))).decode())
        except pyrage.DecryptError:
            continue
    raise CannotOpen("It takes two different envelopes of the three. These do not open it.")
