"""Who may read the figures: a program on this machine itself, or one that brings the secret.

Whatever is in doubt is refused: a request that came by way of a proxy looks as if it came from this
machine, so any sign of a proxy counts, and so does a name that is not this machine's own.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
from pathlib import Path
from urllib.parse import urlsplit

from django.http import HttpRequest

log = logging.getLogger("homeby.metrics")

SECRET_LEAST = 24
_MOST_BYTES = 4096
_OF_PROXIES = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Server",
    "X-Real-Ip",
)
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def may_read(request: HttpRequest, *, token_file: Path | None) -> bool:
    """Whether whoever asks may have the figures. With a token file only the token opens."""
    if token_file is None:
        return _is_direct(request) and _is_loopback(request.META.get("REMOTE_ADDR", ""))
    secret = _secret(token_file)
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if secret is None or kind.lower() != "bearer":
        return False
    return hmac.compare_digest(given.strip().encode(), secret)


def _is_direct(request: HttpRequest) -> bool:
    host = urlsplit(f"//{request.get_host()}").hostname
    return host in _OWN_NAMES and not any(name in request.headers for name in _OF_PROXIES)


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    inner = getattr(found, "ipv4_mapped", None)
    return (inner or found).is_loopback


def _secret(path: Path) -> bytes | None:
    """The secret in the file, read anew each time so that it can be changed; None lets nobody in.
    Longer than 4 kB is no secret but some other file."""
    try:
        with path.open("rb") as file:
            found = file.read(_MOST_BYTES + 1)
    except OSError:
        log.error("the file of metrics_token_file cannot be read, so nobody may read the figures")
        return None
    secret = found.strip()
    if len(found) > _MOST_BYTES or len(secret) < SECRET_LEAST:
        log.error("the file of metrics_token_file holds no secret of 24 characters or more")
        return None
    return secret
