"""Screens that strangers can see: nothing on them names anybody, the bars over a page included."""

from __future__ import annotations

from django.http import HttpRequest

#: Kept in the browser of which somebody has said so (web/gate/seen.py).
COOKIE = "seen_by_strangers"


def is_seen(request: HttpRequest) -> bool:
    """Whether strangers can see the screen of this browser."""
    return request.COOKIES.get(COOKIE) == "1"
