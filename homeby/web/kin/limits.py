"""How often kin pages may be asked for: so often that nobody who worries is kept out.

The counts stand in the memory of the web process (Django's cache, no table) and begin anew with it,
as those of wrong passwords do. The word "I am worried" has its own limit, in the watch, which never
loses the first.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache

WINDOW_SECONDS = 60
#: Openings of one link a minute: a page that is shared in a family, and reloaded in fear.
OPENED_MOST = 60
#: Links that open nothing, a minute, from one address: whoever guesses.
MISSED_MOST = 30


def _too_many(name: str, most: int) -> bool:
    key = "kin:" + hashlib.sha256(name.encode()).hexdigest()
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return int(cache.incr(key)) > most
    except ValueError:  # the window ended between the two
        return False


def opened_too_often(secret: str) -> bool:
    """Count one opening of a link; whether there were too many this minute."""
    return _too_many(f"link {secret}", OPENED_MOST)


def missed_too_often(address: str) -> bool:
    """Count one link that opens nothing, by the address that asked; whether there were too many."""
    return _too_many(f"miss {address}", MISSED_MOST)
