"""The scripts of sealed debriefs by their hashes: a browser runs none of them that is another one,
and whoever wants to compares them with those of the release."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

SEALING = "homeby/vendor/age-encryption.mjs"
SHARED = (SEALING, "homeby/js/sealed.js")
UNLOCKING = "homeby/js/sealed-unlock.js"
AGAIN = "homeby/js/sealed-batch.js"
#: What each page runs, beside what every page does; the last is begun with, the others it imports.
PAGES = {
    "write": (*SHARED, "homeby/js/sealed-write.js"),
    "read": (*SHARED, UNLOCKING, "homeby/js/sealed-read.js"),
    "key": (*SHARED, UNLOCKING, "homeby/js/sealed-key.js"),
    "door": (*SHARED, "homeby/js/sealed-door.js"),
    "concern": (*SHARED, UNLOCKING, "homeby/js/sealed-concern.js"),
    "again": (*SHARED, UNLOCKING, AGAIN, "homeby/js/sealed-again.js"),
    "opening": (*SHARED, AGAIN, "homeby/js/sealed-opening.js"),
    "trial": (*SHARED, "homeby/js/sealed-trial.js"),
}


def digest(name: str) -> bytes:
    """SHA-256 of a script as it is served."""
    return _kept(name) if settings.STATIC_FILES_ARE_HASHED else _digest(name)


def _digest(name: str) -> bytes:
    return hashlib.sha256(_where(name).read_bytes()).digest()


_kept = functools.cache(_digest)


def _where(name: str) -> Path:
    """The file that is served: under its own name, or under one that changes with what it holds."""
    if settings.STATIC_FILES_ARE_HASHED:
        hashed: Any = staticfiles_storage
        return Path(hashed.path(hashed.stored_name(name)))
    found = finders.find(name)
    assert isinstance(found, str), f"{name} is one of our own files"
    return Path(found)


def integrity(name: str) -> str:
    """What a browser compares before it runs it."""
    return f"sha256-{base64.b64encode(digest(name)).decode()}"


def published() -> list[tuple[str, str]]:
    """Name and SHA-256 of each, to be compared with `sha256sum`."""
    names = dict.fromkeys(name for found in PAGES.values() for name in found)
    return [(name, digest(name).hex()) for name in names]
