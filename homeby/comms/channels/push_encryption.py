"""The cipher of web push: a message that only the browser of one subscription can read (RFC 8291,
in the form of RFC 8188), and the station's signed proof of who sends (RFC 8292, VAPID)."""

from __future__ import annotations

import base64
import binascii
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_BYTES = 4096
#: RFC 8291 4: one record, less its header of 86 bytes, the tag of 16 and the padding of 1.
MOST_PLAIN_BYTES = RECORD_BYTES - 86 - 16 - 1
_CURVE = ec.SECP256R1()


def b64(data: bytes) -> str:
    """Base64 for addresses, without padding (RFC 7515 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """What was encoded so. Raises ValueError."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as trouble:
        raise ValueError("no base64") from trouble


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes, uncompressed."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def private_key(raw: bytes) -> ec.EllipticCurvePrivateKey:
    """The private key of 32 bytes. Raises ValueError for bytes that are none."""
    return ec.derive_private_key(int.from_bytes(raw, "big"), _CURVE)


def browser_key(raw: bytes) -> ec.EllipticCurvePublicKey:
    """The browser's public key (`p256dh`). Raises ValueError for bytes that are no point."""
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, raw)


def sealed(
    plain: bytes,
    *,
    to: bytes,
    auth: bytes,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a push message (`Content-Encoding: aes128gcm`). `to` and `auth` come from the
    subscription; `sender` and `salt` are made anew for each message, but for tests. Raises
    ValueError for a message that is too long or a key that is none."""
    if len(plain) > MOST_PLAIN_BYTES:
        raise ValueError(f"{len(plain)} bytes are more than one record holds")
    sender = sender or ec.generate_private_key(_CURVE)
    salt = os.urandom(16) if salt is None else salt
    ours = public_bytes(sender.public_key())
    shared = sender.exchange(ec.ECDH(), browser_key(to))
    secret = _derived(shared, salt=auth, info=b"WebPush: info\x00" + to + ours, length=32)
    key = _derived(secret, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derived(secret, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    header = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return header + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def _derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def vapid(
    key: ec.EllipticCurvePrivateKey, *, audience: str, contact: str, expires_seconds: int
) -> str:
    """The Authorization header: a token for this push service, signed by the station (RFC 8292)."""
    claims = {"aud": audience, "exp": expires_seconds, "sub": contact}
    signed = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{signed}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return f"vapid t={token}, k={b64(public_bytes(key.public_key()))}"


def _part(fields: dict[str, object]) -> str:
    return b64(json.dumps(fields, separators=(",", ":")).encode())
