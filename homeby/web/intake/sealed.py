"""Entries that a kiosk has sealed to this station, so that nobody who takes the tablet reads them.

A sealed entry is `{"id": ..., "sealed": text}`; the text is base64url of a fresh public point of
the tablet (65 bytes, P-256), a nonce (12 bytes), and the entry as JSON under AES-256-GCM, with the
id as what is authenticated beside it. The key comes from ECDH by HKDF-SHA256, both points in
`info`.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from homeby import settings

LABEL = b"homeby-kiosk-1"
_CURVE = ec.SECP256R1()
_POINT_BYTES = 65
_NONCE_BYTES = 12
_KEY_BYTES = 32
_TEXT_MAX = 8192


class Closed(Exception):
    """It was sealed to another station, or is damaged: nobody can open it."""


@lru_cache(maxsize=1)
def _station(raw: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw, "big"), _CURVE)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key() -> str:
    """To what a kiosk seals, as base64url. Raises KeyProblem."""
    raw = _point(_station(settings.kiosk_key()).public_key())
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def is_sealed(entry: Mapping[str, Any]) -> bool:
    """Whether an entry came sealed."""
    return "sealed" in entry


def opened(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry that lies in a sealed one, under the id that stands outside. Raises Closed where it
    cannot be opened, and KeyProblem where the station's own key cannot be read."""
    text, entry_id = entry.get("sealed"), entry.get("id")
    if not isinstance(text, str) or not isinstance(entry_id, str) or len(text) > _TEXT_MAX:
        raise Closed
    station = _station(settings.kiosk_key())
    try:
        blob = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        found = json.loads(_plain(station, blob, entry_id.encode()))
    except (InvalidTag, ValueError, binascii.Error, RecursionError):
        raise Closed from None
    if not isinstance(found, dict):
        raise Closed
    return found | {"id": entry_id}


def _plain(station: ec.EllipticCurvePrivateKey, blob: bytes, beside: bytes) -> bytes:
    point, rest = blob[:_POINT_BYTES], blob[_POINT_BYTES:]
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    info = LABEL + point + _point(station.public_key())
    key = HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(
        station.exchange(ec.ECDH(), theirs)
    )
    return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], beside)
