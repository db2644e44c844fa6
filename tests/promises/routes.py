"""Every address of the pages, with something put in where it has a hole."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

SAMPLES = {
    "uuid": str(uuid.UUID(int=7)),
    "str": "sample",
    "slug": "sample",
    "int": "1",
    "path": "a/b",
    "act": "check-in",
}


@dataclass(frozen=True, kw_only=True)
class Route:
    """An address: its name, the pattern, the pattern filled in, and whether forms need our mark."""

    name: str
    pattern: str
    path: str
    needs_mark: bool


def _flat(found: Any, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _flat(one.url_patterns, here)
        else:
            yield here, one


def routes() -> list[Route]:
    """All of them."""
    found = []
    for pattern, one in _flat(get_resolver().url_patterns):
        filled = re.sub(r"<(?:(\w+):)?\w+>", lambda hole: SAMPLES.get(hole[1], "sample"), pattern)
        found.append(
            Route(
                name=str(one.name),
                pattern=pattern,
                path="/" + filled,
                needs_mark=not getattr(one.callback, "csrf_exempt", False),
            )
        )
    return found
