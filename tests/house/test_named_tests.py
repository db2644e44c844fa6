"""The pages about threats and about ASVS name tests: each exists, and each row has an answer."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THREATS = ROOT / "docs/guide/threats.md"
ASVS = ROOT / "docs/reference/asvs.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
STATES = ("holds", "in part", "not yet", "not ours", "none here")
#: What RELIABILITY.md 12 asks for by its number, at level 2 and, below the line, at level 3.
BINDING = re.findall(
    r"\S+",
    """2.3.3 2.3.4 2.4.1 3.3.3 3.4.3 3.4.5 6.3.3 6.4.3 6.4.4 6.5.1 6.5.5 6.6.2 6.6.3 7.4.5 7.5.1
    7.5.2 8.1.2 8.2.3 11.1.1 11.1.2 11.2.2 14.2.2 14.3.2 14.3.3 16.2.2 16.3.2 16.4.2 16.4.3 16.5.2
    16.5.3 2.3.5 6.3.7 6.6.1 7.5.3 8.3.2 14.2.6 14.2.7 14.2.8 15.4.2""",
)


def rows(path: Path) -> list[list[str]]:
    """The lines of the tables of a page, cell by cell, without their heads."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if re.match(r"\d", row[0])]


@functools.cache
def functions(path: str) -> frozenset[str]:
    """The tests of a file; none where there is no file."""
    place = ROOT / path
    if not place.exists():
        return frozenset()
    tree = ast.parse(place.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def missing(text: str) -> list[str]:
    """The tests that a text names and that are not there; half a name counts as missing."""
    found = [f"{path}::{name}" for path, name in NAMED.findall(text) if name not in functions(path)]
    loose = re.sub(NAMED, "", text)
    return found + re.findall(r"\S*::test\w*", loose)


@pytest.mark.parametrize("path", [THREATS, ASVS], ids=lambda path: path.name)
def test_every_test_that_is_named_exists(path: Path) -> None:
    assert missing(path.read_text(encoding="utf-8")) == []


def test_every_threat_has_a_test_or_says_in_which_issue_it_will() -> None:
    found = rows(THREATS)
    assert [row[0].rstrip("*") for row in found] == [str(number) for number in range(1, 24)]
    assert [row[0] for row in found if row[0].endswith("*")] == [f"{n}*" for n in range(1, 13)]
    for _number, threat, answer, shown_by in found:
        assert len(threat) > 15
        assert len(answer) > 20
        assert NAMED.search(shown_by) or re.search(r"not yet \(issue \d\)", shown_by), threat


def test_every_row_of_asvs_has_a_state_and_what_holds_has_a_place() -> None:
    found = rows(ASVS)
    numbers = [row[0] for row in found]
    assert len(numbers) == len(set(numbers)) > 120
    assert set(BINDING) <= set(numbers), set(BINDING) - set(numbers)
    for number, level, what, state, where, shown_by in found:
        assert re.fullmatch(r"\d{1,2}\.\d\.\d{1,2}", number), number
        assert level in ("1", "2", "3"), number
        assert state in STATES, number
        assert len(what) > 5, number
        assert where or state == "not yet", number
        if state == "holds":
            assert NAMED.search(shown_by) or shown_by.startswith("read"), number
        if state == "not yet":
            assert re.search(r"issue \d|no test|later", where + shown_by), number
    assert sum(1 for row in found if NAMED.search(row[5])) > 60


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("`tests/house/test_named_tests.py::test_of_nothing`", 1),
        ("`tests/house/nowhere.py::test_x`", 1),
        ("tests/house/test_named_tests.py::test_x", 1),
        ("`tests/house/test_named_tests.py::test_every_test_that_is_named_exists`", 0),
        ("no test", 0),
    ],
)
def test_a_name_of_nothing_is_noticed(text: str, found: int) -> None:
    assert len(missing(text)) == found
