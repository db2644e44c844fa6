"""What the code hands to a log: a sentence that stands in the code, and nothing about a person.

`homeby.output` writes the sentence as it stands and leaves out what is put in unless it can be
about nobody. An id is let through, so a person's must not be given; and a sentence that is glued
together would carry anything past it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.house.tree import Source

METHODS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
LOGS = re.compile(r"(^|[._])(log|logger)$")
ABOUT_SOMEBODY = re.compile(
    r"person|member|kin|callsign|address|phone|email|login|secret|token|password|contact|actor"
)


def calls(source: Source) -> Iterator[ast.Call]:
    """The calls that write a line."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in METHODS and LOGS.search(ast.unparse(node.func.value)):
            yield node


def problems(sources: Iterable[Source]) -> list[str]:
    """A sentence for each call that could write about somebody."""
    return [
        f"{source.path}:{call.lineno}: {what}"
        for source in sources
        for call in calls(source)
        for what in _wrong(call)
    ]


def _wrong(call: ast.Call) -> Iterator[str]:
    first, *more = call.args or [ast.Constant(None)]
    if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
        yield "the sentence must stand in the code, whole, with % for what is put in."
    for one in more:
        found = ABOUT_SOMEBODY.search(ast.unparse(one).lower())
        if found:
            yield f"{ast.unparse(one)} might be about somebody ({found[0]}); a log is about nobody."
