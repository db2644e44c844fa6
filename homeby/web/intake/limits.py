"""How often a PIN may be tried at a kiosk or on a phone.

After five wrong ones for a callsign, or thirty for all together, the kiosk's PINs are not looked at
for a quarter of an hour; what is said meanwhile is kept for a person to look at, as with any wrong
PIN. It is the same for a callsign that nobody has.

Whoever forces somebody could have her guess first, and anybody who comes by could guess for all: so
during the pause what is typed is still held against the duress PIN, and against nothing else. No
answer tells of it. Each costs a slow hash, so a device has so many a minute: more than anybody
types, and no pause follows, so that nobody can use them up beforehand.

The counts stand in the memory of the web process (Django's cache, no table), as those of wrong
passwords do.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache

TRIES = 5
TRIES_OF_A_KIOSK = 30
PAUSE_SECONDS = 900
LOOKS_A_MINUTE = 30


def _key(text: str) -> str:
    return "pin:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def pins_too_often(tried: str, *, kiosk: str) -> bool:
    """Whether PINs for this callsign at this kiosk are not looked at just now."""
    return (
        int(cache.get(_key(tried), 0)) >= TRIES
        or int(cache.get(_key(kiosk), 0)) >= TRIES_OF_A_KIOSK
    )


def looks_for_duress(device: str) -> bool:
    """Whether what is typed at this device during the pause is held against the duress PIN. Each
    counts alike, whatever it was; the minute counts from the first one."""
    name = _key(f"looks {device}")
    cache.add(name, 0, 60)
    try:
        return cache.incr(name) <= LOOKS_A_MINUTE
    except ValueError:  # the minute was over just now
        return True


def pin_was_wrong(tried: str, *, kiosk: str) -> None:
    """One more wrong PIN; the pause counts from the last one."""
    for name in (tried, kiosk):
        cache.set(_key(name), int(cache.get(_key(name), 0)) + 1, PAUSE_SECONDS)


def pin_was_right(tried: str) -> None:
    """The right PIN was typed."""
    cache.delete(_key(tried))
