"""docs/reference/proof.md is what the generator makes of the stored results, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.planted import __main__ as planted
from tests.proof import stored
from tests.proof.page import TITLES, page


def test_the_page_is_made_of_what_is_stored() -> None:
    assert page(stored.read()) == stored.PAGE.read_text(encoding="utf-8"), "make proof ARGS=--page"


def test_what_was_not_run_says_so() -> None:
    text = page({})
    assert text.count("\nNot run") == len(TITLES)
    assert text.count("| not run |") == len(TITLES)


def test_figures_of_a_suite_that_it_knows_nothing_of_are_shown_as_they_are() -> None:
    rows = [{"figure": "burst", "ratio": 0.5}, {"figure": "idle", "share": 0.1}]
    kept = {"date": "2026-01-01", "commit": "abc", "result": {"unit": "ratio", "rows": rows}}
    text = page({"core": kept})
    assert "| unit | ratio |" in text
    assert "| figure | ratio | share |" in text
    assert "| idle |  | 0.1 |" in text


def test_a_lost_alarm_stands_in_the_summary() -> None:
    names = ("kills", "database_kills", "freezes", "due", "signed_in", "messages", "lost", "false")
    run: dict[str, Any] = dict.fromkeys(names, 2)
    run |= {"confirmed_and_gone": 0, "repeats": 3, "told_between_two_deaths": 1, "calm": False}
    run |= {"p50_seconds": 1, "p99_seconds": 2, "logbook": "agrees", "database": "sqlite"}
    run |= {"shown": False, "watchkeepers": 2, "clocks_apart_seconds": 30, "faulty_share": 0.2}
    result = {"runs": [run], "calm": [run], "planted": {"name": "2-x"} | run}
    text = page({"kills": {"date": "2026-01-01", "commit": "abc", "result": result}})
    assert "lost 2, false 2; repeats without faults 3" in text
    assert "SHOW NOTHING" in text


def test_verdicts_are_kept_as_they_come_and_not_found_twice(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(stored, "commit", lambda: "abc")
    file, paths = tmp_path / "planted.json", [Path("a.patch"), Path("b.patch"), Path("c.patch")]
    names = [path.name for path in paths]
    first = planted.Kept(file, names)
    first.keep(("a.patch", "caught", 1.0, "a"))
    first.keep(("b.patch", "NOT CAUGHT: the test passes", 1.0, "b"))
    again = planted.Kept(file, names)
    assert again.rest(paths) == [paths[2], paths[1]], "first what was never tried"
    assert "1 of 3 caught" in page({"planted": json.loads(file.read_text(encoding="utf-8"))})
    monkeypatch.setattr(stored, "commit", lambda: "def")
    rest = planted.Kept(file, names).rest(paths)
    assert sorted(rest) == paths, "what another commit caught is tried again"
