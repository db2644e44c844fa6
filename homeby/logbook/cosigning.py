"""Cosignatures under checkpoints (c2sp.org/tlog-cosignature, `cosignature/v1` with Ed25519): by one
a witness says that at this time this was the largest checkpoint of the logbook that it knew, and
that each one it ever saw had grown into it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from homeby.logbook import notes
from homeby.logbook.notes import Key, Note, Signature
from homeby.logbook.tree import Head

_KIND = b"\x04"
_TIME_BYTES = 8
_LATEST = 2**40  # seconds: of a time far behind this no calendar knows


@dataclass(frozen=True, kw_only=True)
class Cosigner:
    """The public half of a witness's key."""

    name: str
    raw: bytes

    @property
    def key_id(self) -> bytes:
        """What stands before its cosignatures: another than before what it signs as a logbook."""
        return sha256(self.name.encode() + b"\n" + _KIND + self.raw).digest()[:4]

    def cosigned_at(self, note: Note) -> dt.datetime | None:
        """When it cosigned the note; None where no line of it claims that, or one wrongly does."""
        mine = [s for s in note.signatures if (s.name, s.key_id) == (self.name, self.key_id)]
        times = [self._time(one, note) for one in mine]
        found = [one for one in times if one is not None]
        return max(found) if found and len(found) == len(mine) else None

    def _time(self, one: Signature, note: Note) -> dt.datetime | None:
        seconds = int.from_bytes(one.made[:_TIME_BYTES], "big")
        try:
            key = Ed25519PublicKey.from_public_bytes(self.raw)
            key.verify(one.made[_TIME_BYTES:], _said(note, seconds))
        except (InvalidSignature, ValueError):
            return None
        return dt.datetime.fromtimestamp(seconds, tz=dt.UTC) if seconds < _LATEST else None


def _said(note: Note, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{note.text}".encode()


def cosign(note: Note, *, key: Key, at: dt.datetime) -> Signature:
    """The cosignature of a witness, who has seen a proof that nothing before was changed."""
    seconds = int(at.timestamp())
    made = Ed25519PrivateKey.from_private_bytes(key.seed).sign(_said(note, seconds))
    cosigner = Cosigner(name=key.name, raw=key.public.raw)
    packed = seconds.to_bytes(_TIME_BYTES, "big") + made
    return Signature(name=key.name, key_id=cosigner.key_id, made=packed)


def with_line(note: Note, line: str) -> Note:
    """The note with one more signature, as a witness gave it: a line. Raises NoNote."""
    (added,) = notes.read(f"{note.text}\n{line}").signatures or (None,)
    if added is None:
        raise notes.NoNote("This is no line of a signature.")
    return with_signature(note, added)


def with_signature(note: Note, added: Signature) -> Note:
    """The note with this signature; an earlier one by the same key goes."""
    by = (added.name, added.key_id)
    others = tuple(one for one in note.signatures if (one.name, one.key_id) != by)
    return replace(note, signatures=(*others, added))


def line_of(one: Signature) -> str:
    """A signature as a line below a note."""
    whole = str(Note(origin="-", head=_NO_HEAD, signatures=(one,)))
    return whole.rstrip("\n").rsplit("\n", 1)[1]


_NO_HEAD = Head(size=0, root=bytes(32))
