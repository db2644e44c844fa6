"""Signatures, fingerprints and seals between two stations: Ed25519, HKDF-SHA256, AES-256-GCM.

The key is the one that signs checkpoints (`keys/log.key`). Every signature names its purpose, so
that none can stand for another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from homeby import settings

MESSAGE = "homeby partner message 1"
ANSWER = "homeby partner answer 1"
CARD = "homeby partner card 1"
REQUEST_SEAL, ANSWER_SEAL = b"homeby pairing request 1", b"homeby pairing answer 1"
_NONCE_BYTES = 12


@dataclass(frozen=True)
class Signer:
    """The key of one station."""

    seed: bytes = field(repr=False)

    @property
    def public_key(self) -> str:
        """The public half, hexadecimal."""
        return self._key().public_key().public_bytes_raw().hex()

    def sign(self, text: str, *, purpose: str) -> str:
        """The signature of a text for one purpose, base64."""
        return base64.b64encode(self._key().sign(_signed(text, purpose))).decode()

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def ours() -> Signer:
    """The signer of this station. Raises KeyProblem."""
    return Signer(settings.log_key())


def _signed(text: str, purpose: str) -> bytes:
    return f"{purpose}\n{text}".encode()


def is_signed(text: str, signature: str, *, purpose: str, public_key: str) -> bool:
    """Whether the holder of this key signed this text for this purpose."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(base64.b64decode(signature, validate=True), _signed(text, purpose))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def fingerprint(public_key: str) -> bytes:
    """What a pairing code says of a key: the first half of its SHA-256."""
    return hashlib.sha256(bytes.fromhex(public_key)).digest()[:16]


@dataclass(frozen=True, kw_only=True)
class PairingKey:
    """What both sides derive from the secret of a code: the invitation's id, and a key."""

    invitation: uuid.UUID
    key: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> PairingKey:
        """Derive both."""
        made = HKDF(algorithm=SHA256(), length=48, salt=None, info=b"homeby pairing 1").derive(
            secret
        )
        return cls(invitation=uuid.UUID(bytes=made[:16]), key=made[16:])

    def seal(self, values: dict[str, Any], *, purpose: bytes) -> str:
        """Seal a card so that only the two who know the code can read or alter it."""
        nonce = os.urandom(_NONCE_BYTES)
        text = json.dumps(values).encode()
        box = AESGCM(self.key).encrypt(nonce, text, purpose + self.invitation.bytes)
        return base64.b64encode(nonce + box).decode()

    def unseal(self, sealed: str, *, purpose: bytes) -> dict[str, Any] | None:
        """Open a sealed card; None where it was not sealed with this key for this purpose."""
        try:
            blob = base64.b64decode(sealed, validate=True)
            text = AESGCM(self.key).decrypt(
                blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], purpose + self.invitation.bytes
            )
            found = json.loads(text)
        except (InvalidTag, ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None
