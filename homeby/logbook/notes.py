"""Signed checkpoints as others read them: c2sp.org/tlog-checkpoint in a c2sp.org/signed-note, with
Ed25519. Three lines (origin, size, root), an empty one, and a signature."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from homeby.logbook.tree import HASH_BYTES, Head

_ED25519 = b"\x01"
_DASH = "\u2014"
_KEY_ID_BYTES = 4
_MOST = 4000  # characters, with all its signatures
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_NAME = re.compile(r"[^\s+]{1,100}")


def origin_of(station_id: uuid.UUID) -> str:
    """How the logbook of a station is called in its checkpoints, and its key beside signatures."""
    return f"homeby/{station_id}"


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:_KEY_ID_BYTES]


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A line below a note: whose key, and what it made."""

    name: str
    key_id: bytes
    made: bytes


@dataclass(frozen=True, kw_only=True)
class Note:
    """A checkpoint that was read; that it was signed by somebody is not said yet."""

    origin: str
    head: Head
    signatures: tuple[Signature, ...] = ()

    @property
    def text(self) -> str:
        """What is signed."""
        root = base64.b64encode(self.head.root).decode()
        return f"{self.origin}\n{self.head.size}\n{root}\n"

    def __str__(self) -> str:
        lines = [
            f"{_DASH} {one.name} {base64.b64encode(one.key_id + one.made).decode()}\n"
            for one in self.signatures
        ]
        return "\n".join([self.text, "".join(lines)]) if lines else self.text


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """The public half by which checkpoints of one origin are checked."""

    name: str
    raw: bytes

    @property
    def key_id(self) -> bytes:
        """What stands before a signature, so that the key is found."""
        return _key_id(self.name, self.raw)

    def __str__(self) -> str:
        """As c2sp.org/signed-note spells a verifier key."""
        coded = base64.b64encode(_ED25519 + self.raw).decode()
        return f"{self.name}+{self.key_id.hex()}+{coded}"

    def has_signed(self, note: Note) -> bool | None:
        """Whether this key signed the note; None where no line of it claims that."""
        claims = [s for s in note.signatures if (s.name, s.key_id) == (self.name, self.key_id)]
        if not claims:
            return None
        key = Ed25519PublicKey.from_public_bytes(self.raw)
        try:
            for one in claims:
                key.verify(one.made, note.text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, kw_only=True)
class Key:
    """The key of a station, and the name under which it signs."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        raw = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return PublicKey(name=self.name, raw=raw)

    def sign(self, head: Head) -> Note:
        """A checkpoint of our own."""
        note = Note(origin=self.name, head=head)
        made = Ed25519PrivateKey.from_private_bytes(self.seed).sign(note.text.encode())
        own = Signature(name=self.name, key_id=self.public.key_id, made=made)
        return Note(origin=self.name, head=head, signatures=(own,))


class NoNote(ValueError):
    """A text that is no checkpoint; the text is a sentence."""


def read(text: str) -> Note:
    """Read a checkpoint, signed or not. Its lines may have become words of one line, as on a
    command line or in an SMS. Raises NoNote."""
    words = text.split()
    if len(words) < 3 or not _NAME.fullmatch(words[0]) or not _SIZE.fullmatch(words[1]):
        raise NoNote("A checkpoint begins with three lines: its origin, its size and its root.")
    root = _decoded(words[2])
    if len(root) != HASH_BYTES:
        raise NoNote("The third line of a checkpoint is its root: 44 characters of base64.")
    lines = words[3:]
    if len(lines) % 3 or any(dash != _DASH for dash in lines[::3]):
        raise NoNote(f"Behind its root a checkpoint has signatures only: {_DASH} name signature.")
    signatures = [_signature(*pair) for pair in zip(lines[1::3], lines[2::3], strict=True)]
    head = Head(size=int(words[1]), root=root)
    return Note(origin=words[0], head=head, signatures=tuple(signatures))


def note_of(text: object) -> Note | None:
    """A checkpoint that somebody brought or that was kept; None where it is none."""
    if not isinstance(text, str) or not 0 < len(text) <= _MOST:
        return None
    try:
        return read(text)
    except NoNote:
        return None


def _signature(name: str, text: str) -> Signature:
    raw = _decoded(text)
    if len(raw) <= _KEY_ID_BYTES:
        raise NoNote("A signature of the checkpoint is cut off.")
    return Signature(name=name, key_id=raw[:_KEY_ID_BYTES], made=raw[_KEY_ID_BYTES:])


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoNote("The checkpoint holds a word that is not base64: was it cut off?") from None
