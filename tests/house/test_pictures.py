"""Each picture that a test takes is kept in the documentation, and some page shows it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import nothing

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
#: How a picture is called in the tests: what it shows, and how wide, or by which light.
NAME = re.compile(r"\"((?:[a-z]+-)+(?:390|1280|night))\"")
SHOWN = re.compile(r"pictures/([\w-]+)\.png")
MOST_BYTES = 200_000


def found_in(paths: list[Path], what: re.Pattern[str]) -> set[str]:
    """What is named in these files."""
    return {name for path in paths for name in what.findall(path.read_text(encoding="utf-8"))}


def faults(*, taken: set[str], kept: set[str], shown: set[str]) -> list[str]:
    """What is not so, a sentence each."""
    return [
        *(f"{one}: a test takes it, and docs/pictures has it not" for one in taken - kept),
        *(f"{one}: no test takes it anew" for one in kept - taken),
        *(f"{one}: no page of the documentation shows it" for one in kept - shown),
        *(f"{one}: it is shown, and is not there" for one in shown - kept),
    ]


def test_each_picture_of_a_test_is_kept_and_shown() -> None:
    kept = {path.stem for path in FOLDER.glob("*.png")}
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    taken = found_in(sorted((ROOT / "tests" / "browser").glob("*.py")), NAME)
    nothing(sorted(faults(taken=taken, kept=kept, shown=found_in(pages, SHOWN))))


def test_none_is_heavy() -> None:
    heavy = [path.name for path in FOLDER.glob("*.png") if path.stat().st_size > MOST_BYTES]
    nothing([f"{name} is over {MOST_BYTES} bytes" for name in heavy])


def test_a_picture_that_nobody_took_or_shows_is_noticed() -> None:
    assert faults(taken={"a-390"}, kept={"a-390"}, shown={"a-390"}) == []
    assert faults(taken={"a-390"}, kept=set(), shown=set())
    assert faults(taken=set(), kept={"a-390"}, shown={"a-390"})
    assert faults(taken={"a-390"}, kept={"a-390"}, shown=set())
    assert faults(taken=set(), kept=set(), shown={"a-390"})
    assert NAME.findall('picture(page, "board-no-line-1280")') == ["board-no-line-1280"]
