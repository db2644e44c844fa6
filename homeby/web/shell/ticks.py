"""A mark for the state of the logbook, for pages and for the stream that tells them of news: it
differs from the last one, and says neither how many entries there are nor which came first.

Made with a secret of this process: after a start of the web process every page asks once anew.
"""

from __future__ import annotations

import hashlib
import secrets

_SECRET = secrets.token_bytes(32)
LENGTH = 16


def tick_of(number: int) -> str:
    """The mark at this newest entry."""
    return hashlib.blake2b(str(number).encode(), key=_SECRET).hexdigest()[:LENGTH]


def is_tick(text: str) -> bool:
    """Whether this may be a mark; whoever listens may send anything."""
    return len(text) == LENGTH and all(one in "0123456789abcdef" for one in text)
