"""What the detector says of real choices stands in docs/reference/leftout.md as it comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import leftout_files as files
from bench.fatigue_files import Faults
from bench.leftout import most_by_chance
from tests.house.tree import ROOT


def test_the_page_says_what_comes_out(real_records: Path) -> None:
    faults = Faults()
    found = files.page(files.parts(real_records / "leftout", faults))
    assert not faults.found
    assert found == (ROOT / "docs/reference/leftout.md").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    faults = Faults()
    heading = ",".join(files.ATTENDED)
    (tmp_path / "davis_southern_women.csv").write_text(f"{heading}\nE1,Ann\n", encoding="utf-8")
    (tmp_path / "jury_state_strikes_by_trial.csv").write_text(
        ",".join(files.JURY) + "\n1,1992,four,1,2,1\n", encoding="utf-8"
    )
    files.parts(tmp_path, faults)
    told = "\n".join(faults.found)
    assert "davis_southern_women.csv, line 2: there are 2 cells" in told
    assert "jury_state_strikes_by_trial.csv: a cell is missing, or is no number" in told
    assert "newcomb_fraternity_ranks.csv: the file cannot be read" in told


def test_strikes_that_could_not_fall_otherwise_say_nothing() -> None:
    assert files.struck_ratios(4, 4, 0, 4) is None
    even = files.struck_ratios(2, 1, 2, 2)
    assert even is not None
    assert (even < 1).all()


@pytest.mark.parametrize(("seen", "most"), [(0, 3.0), (1, 4.74), (10, 16.96)])
def test_how_many_there_may_be_in_the_mean(seen: int, most: float) -> None:
    assert most_by_chance(seen) == pytest.approx(most, abs=0.01)
