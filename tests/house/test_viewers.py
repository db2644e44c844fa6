"""Every query takes its viewer first, or says why not; both kinds of mistake are noticed."""

from __future__ import annotations

import re

import pytest

from tests.house import viewers
from tests.house.tree import Source, nothing, sources

QUERIES = re.compile(r"homeby/\w+/queries(\.py$|/)")


def test_every_query_takes_its_viewer_or_says_why_not() -> None:
    found = [source for source in sources("homeby") if QUERIES.match(source.path)]
    nothing(viewers.problems(found, viewers.exceptions()))


@pytest.mark.parametrize(
    ("text", "allowed", "says"),
    [
        ("def all_people():\n    return []", {}, "watch.all_people takes no viewer first"),
        ("def people(now, viewer):\n    return []", {}, "watch.people takes no viewer first"),
        ("def people(viewer):\n    return []", {"watch.people": "x" * 20}, "(any more)"),
        ("def people():\n    return []", {"watch.people": ""}, "has no reason"),
    ],
)
def test_a_query_without_a_viewer_is_noticed(text: str, allowed: dict[str, str], says: str) -> None:
    (problem,) = viewers.problems([Source(path="homeby/watch/queries.py", text=text)], allowed)
    assert says in problem


def test_what_takes_its_viewer_or_is_private_passes() -> None:
    text = "def people(viewer, *, now):\n    return _all()\n\ndef _all():\n    return []"
    assert viewers.problems([Source(path="homeby/watch/queries.py", text=text)], {}) == []
