"""Whether a machine that brings something knows the secret: by signature, bearer or password."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from django.http import HttpRequest


def knows(request: HttpRequest, *, secret: str, body: bytes) -> bool:
    """Whether the request is signed with the secret (`Homeby-Signature`, HMAC-SHA256 over
    `<seconds>.<body>`), or carries it as a bearer token or as the password of HTTP Basic."""
    if not secret:
        return False
    signature = request.headers.get("Homeby-Signature", "")
    if signature:
        return hmac.compare_digest(signature.encode(), _wanted(signature, secret, body).encode())
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        given = _password(given)
    return kind.lower() in ("basic", "bearer") and hmac.compare_digest(
        given.strip().encode(), secret.encode()
    )


def signed_seconds(request: HttpRequest) -> str:
    """When a request that `knows` was signed, as it says there; "" for one that is not signed."""
    return _seconds(request.headers.get("Homeby-Signature", ""))


def _seconds(signature: str) -> str:
    return signature.removeprefix("t=").partition(",v1=")[0]


def _wanted(signature: str, secret: str, body: bytes) -> str:
    seconds = _seconds(signature)
    signed = seconds.encode() + b"." + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def _password(given: str) -> str:
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
