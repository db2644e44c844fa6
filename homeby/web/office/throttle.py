"""Slowing down whoever guesses passwords.

After five wrong passwords for a log-in name, further ones are not looked at for a minute. That
passes by itself: a stranger can delay a duty officer's log-in but not lock her out, and the code in
her message takes an alarm without one.

The count stands in the memory of the web process (Django's cache, no table): it begins anew when
the station starts, and each web process has its own.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache

TRIES = 5
PAUSE_SECONDS = 60


def _key(login: str) -> str:
    return "log-in:" + hashlib.sha256(login.strip().lower().encode()).hexdigest()


def is_slowed(login: str) -> bool:
    """Whether passwords for this name are not looked at just now."""
    return int(cache.get(_key(login), 0)) >= TRIES


def failed(login: str) -> None:
    """One more wrong password; the pause counts from the last one."""
    cache.set(_key(login), int(cache.get(_key(login), 0)) + 1, PAUSE_SECONDS)


def forget(login: str) -> None:
    """The right password was given."""
    cache.delete(_key(login))
