"""Whoever holds the watch is told of somebody by `recipients.officers_about` her, which goes round
those who are kept away from her. The bare lists are for what names nobody who is out."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.house.tree import Source, dotted, imported_names, nothing, sources

NOTICES = "homeby/watch/actions/notices.py"
BARE = {
    "homeby.watch.actions.notices.keepers",
    "homeby.watch.actions.notices.officers",
    "homeby.watch.queries.officers_now",
}
#: Where a bare list may be asked for, and why nobody learns there of whom she is kept away from.
ALLOWED = {
    "homeby/watch/actions/notices.py plan_changed": "an escalation plan, and how many it watches",
    "homeby/watch/actions/reaching.py _is_watched": "whether she is one of those who are told",
    "homeby/watch/actions/reaching.py set_organisation": "limits of all",
    "homeby/watch/actions/subjects.py _end_orders": "fewer of those who were told",
    "homeby/watch/actions/duress.py _tell_the_others": "fewer of those who were told",
    "homeby/watch/actions/bill.py plan_watch": "who stood in the watch bill until now",
    "homeby/watch/actions/bill.py _no_longer": "who stands in the watch bill",
    "homeby/watch/actions/pausing.py ask_pause": "a pause of the whole watch",
    "homeby/watch/actions/pausing.py _end": "a pause of the whole watch",
    "homeby/watch/actions/pausing.py _tell_all": "a pause of the whole watch",
    "homeby/missions/actions/glass.py _tell_officers": "goes round them itself, to find two",
    "homeby/missions/actions/telling.py approvers": "goes round them itself, to find who may",
}


def bare_calls(source: Source) -> Iterator[str]:
    """Each place that asks for a bare list: file and function."""
    names = imported_names(source.tree)
    if source.path == NOTICES:
        names |= {name.rpartition(".")[2]: name for name in BARE}
    for function in ast.walk(source.tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and dotted(node.func, names) in BARE:
                yield f"{source.path} {function.name}"


def problems(found: Iterable[Source], allowed: Iterable[str]) -> list[str]:
    """A sentence for each call that is not allowed, and each exception that is not needed."""
    calls = {call for source in found for call in bare_calls(source)}
    return [
        *(f"{one}: tell `recipients.officers_about` the party." for one in calls - set(allowed)),
        *(f"{one} asks for no bare list (any more)." for one in set(allowed) - calls),
    ]


def test_what_names_somebody_is_told_to_the_officers_about_her() -> None:
    nothing(problems((one for one in sources("homeby") if "/actions/" in one.path), ALLOWED))


@pytest.mark.parametrize(
    "text",
    [
        "from homeby.watch.actions import notices\ndef f(now):\n    notices.officers(now=now)",
        "from homeby.watch.actions.notices import keepers as k\ndef f(now):\n    k(now=now)",
        "from homeby.watch import queries as watch\ndef f(now):\n    watch.officers_now(now=now)",
    ],
)
def test_a_bare_list_is_noticed(text: str) -> None:
    (problem,) = problems([Source(path="homeby/watch/actions/new.py", text=text)], ())
    assert "new.py f: tell" in problem
