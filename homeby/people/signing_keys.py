"""The keys by which devices sign their entries: ECDSA over P-256 with SHA-256, as every browser
makes them so that no script reads the secret half. The public half is the point, base64url."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from homeby.logbook.signed import SIGNATURE_BYTES

_HOW = ec.ECDSA(hashes.SHA256())
_CURVE = ec.SECP256R1()
_LETTERS = 87  # of the 65 bytes of a point, without what fills up


@lru_cache(maxsize=1024)
def _key(text: str) -> ec.EllipticCurvePublicKey | None:
    """None where it is no key of that kind."""
    if len(text) != _LETTERS:
        return None
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(
            _CURVE, base64.urlsafe_b64decode(text + "=")
        )
    except (binascii.Error, ValueError):
        return None


def is_key(text: str) -> bool:
    """Whether it is the public half of a key by which a device can sign."""
    return _key(text) is not None


def has_signed(text: str, signature: bytes, *, key: str) -> bool:
    """Whether this text was signed by that key."""
    known = _key(key)
    if known is None or len(signature) != SIGNATURE_BYTES:
        return False
    half = SIGNATURE_BYTES // 2
    first, second = signature[:half], signature[half:]
    pair = encode_dss_signature(int.from_bytes(first, "big"), int.from_bytes(second, "big"))
    try:
        known.verify(pair, text.encode(), _HOW)
    except InvalidSignature:
        return False
    return True
