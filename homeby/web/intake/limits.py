"""How often a PIN may be tried at a kiosk.

After five wrong ones for a callsign, or thirty for all together, the kiosk's PINs are not looked at
for a quarter of an hour; what is said meanwhile is kept for a person to look at, as with any wrong
PIN. It is the same for a callsign that nobody has.

The counts stand in the memory of the web process (Django's cache, no table), as those of wrong
passwords do.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache

TRIES = 5
TRIES_OF_A_KIOSK = 30
PAUSE_SECONDS = 900


def _key(text: str) -> str:
    return "pin:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def pins_too_often(tried: str, *, kiosk: str) -> bool:
    """Whether PINs for this callsign at this kiosk are not looked at just now."""
    return (
        int(cache.get(_key(tried), 0)) >= TRIES
        or int(cache.get(_key(kiosk), 0)) >= TRIES_OF_A_KIOSK
    )


def pin_was_wrong(tried: str, *, kiosk: str) -> None:
    """One more wrong PIN; the pause counts from the last one."""
    for name in (tried, kiosk):
        cache.set(_key(name), int(cache.get(_key(name), 0)) + 1, PAUSE_SECONDS)


def pin_was_right(tried: str) -> None:
    """The right PIN was typed."""
    cache.delete(_key(tried))
