"""What decisions say: few false alarms by arithmetic; the reference rows (`LEFTOUT.md` 3, 8)."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from bench import leftout
from bench.fatigue_files import Faults
from homeby.welfare.rules.chances import Frame, Share, frame, leaning
from homeby.welfare.rules.evidence import (
    LESS_THAN_BEFORE,
    MOST_OF_A_FACT,
    QUESTIONS,
    Channel,
    Facts,
    Question,
)
from homeby.welfare.rules.what_it_takes import missed_in_a_row

#: Missions missed in a row until somebody is told: by the fair chance of each, for one who had an
#: even past and for a new member, at a promise of 1/100 and of 1/500 (`LEFTOUT.md` 6).
MISSED = {
    Fraction(1, 5): (66, 79, 79, 95),
    Fraction(1, 4): (50, 59, 62, 74),
    Fraction(1, 3): (34, 41, 45, 52),
    Fraction(1, 2): (20, 23, 20, 23),
    Fraction(3, 5): (15, 17, 15, 17),
    Fraction(2, 3): (13, 14, 13, 14),
    Fraction(3, 4): (10, 11, 10, 11),
    Fraction(9, 10): (6, 7, 6, 7),
}


def _ratio(question: Question, *, well: bool, fair: float) -> np.ndarray:
    """What one fact multiplies each component by."""
    channel = next(iter(question.channels[-1]))
    return question.evidence([Facts.of(channel, [(well, fair)])])[0]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.name)
def test_an_even_hand_gives_no_evidence(question: Question) -> None:
    for fair in np.linspace(0.001, 0.999, 999):
        least = leaning(fair, question.tolerance)
        for true in np.linspace(least, 1.0, 9):
            mean = true * _ratio(question, well=True, fair=fair)
            mean = mean + (1 - true) * _ratio(question, well=False, fair=fair)
            assert mean.max() <= 1 + 1e-12, (fair, true)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("frames", [12, 20, 56])
def test_frames_that_are_alike_give_no_evidence(question: Question, frames: int) -> None:
    clash, fits = Frame(2, 3, leaves_her=False), Frame(2, 3, leaves_her=True)
    for clashes in range(frames + 2):
        bag = [clash] * clashes + [fits] * (frames + 1 - clashes)
        mean = np.zeros(question.components)
        for chosen in range(frames + 1):
            told = frame(real=bag[chosen], usual=bag[:chosen] + bag[chosen + 1 :])
            assert told is not None
            ratios = _ratio(question, well=told[0], fair=told[1])
            mean += ratios / (frames + 1)
        assert mean.max() <= 1 + 1e-12, clashes


@pytest.mark.parametrize(("chance", "well"), [(0.0, False), (0.0, True), (1.0, True), (1.0, False)])
def test_a_chance_at_the_edge_is_a_number(chance: float, well: bool) -> None:
    for question in QUESTIONS:
        ratios = _ratio(question, well=well, fair=chance)
        assert np.isfinite(ratios).all()
        assert (ratios >= 0.0).all()
        assert (ratios <= MOST_OF_A_FACT).all()


def test_no_single_activity_decides() -> None:
    assert _ratio(LESS_THAN_BEFORE, well=False, fair=0.9999).max() == MOST_OF_A_FACT


def test_a_pause_earns_no_more_than_a_quarter_of_a_year() -> None:
    for question in QUESTIONS:
        still = np.ones((1, question.components))
        _state, reached, _signal = question.after(
            question.at_rest(1), still, years=np.array([3.0]), promise=0.01
        )
        assert reached[0] == pytest.approx(0.25 * 0.01)


def test_a_signal_begins_anew() -> None:
    question = LESS_THAN_BEFORE
    state = np.full((2, question.components), 0.9 / question.components)
    facts = Facts.of(Channel.PICKED, [(False, 0.5), (True, 0.5)])
    after, reached, signal = question.after(
        state, question.evidence([facts]), years=np.zeros(2), promise=0.01
    )
    assert signal.tolist() == [True, False]
    assert reached[0] > 1.0
    assert not after[0].any()
    assert after[1].any()


def test_a_team_at_once_is_the_same_as_one_by_one() -> None:
    luck = np.random.default_rng(7)
    for question in QUESTIONS:
        together = question.at_rest(30)
        alone = [question.at_rest(1) for _ in range(30)]
        for _activity in range(60):
            facts = [
                Facts(one, luck.random(30) < 0.4, luck.random(30), luck.random(30) < 0.8)
                for one in Channel
            ]
            years = luck.random(30) * 0.3
            together, _, _ = question.after(
                together, question.evidence(facts), years=years, promise=0.01
            )
            for n in range(30):
                one = [
                    Facts(f.channel, f.well[n : n + 1], f.fair[n : n + 1], f.given[n : n + 1])
                    for f in facts
                ]
                alone[n], _, _ = question.after(
                    alone[n], question.evidence(one), years=years[n : n + 1], promise=0.01
                )
        assert (together == np.concatenate(alone)).all(), question.name


def test_the_reference_rows(real_records: Path) -> None:
    faults = Faults()
    rows = leftout.read_reference(leftout.reference_of(real_records), faults)
    assert not faults.found
    found = leftout.compare(rows)
    assert found.rows == 3000
    assert found.largest_relative <= leftout.MUST
    assert found.signals_that_differ == ()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("0,1,0.01,M:2:0.5,0,0", "“M:2:0.5” is no fact such as M:1:0.5"),
        ("0,1,0.01,M:1:1.5,0,0", "the chance of “M:1:1.5” is not between 0 and 1"),
        ("0,3,0.01,,0,0", "question is 1 or 2"),
        ("0,1,-1,,0,0", "numbers from 0 on"),
        ("0,1,soon,,0,0", "this cannot be read"),
        ("0,1,0.01,,nan,0", "numbers from 0 on"),
    ],
)
def test_a_row_that_says_nothing_is_named(tmp_path: Path, row: str, sentence: str) -> None:
    file, faults = tmp_path / "rows.csv", Faults()
    file.write_text(",".join(leftout.COLUMNS) + "\n" + row + "\n", encoding="utf-8")
    assert leftout.read_reference(file, faults) == []
    assert faults.found[0].startswith("rows.csv, line 2: ")
    assert sentence in faults.found[0]


@pytest.mark.parametrize("chance", MISSED, ids=str)
def test_missions_missed_in_a_row(chance: Fraction) -> None:
    even = Share(well=100 * float(chance), fair=100 * float(chance), count=100.0)
    found = tuple(
        missed_in_a_row(float(chance), promise=promise, past=past)
        for past in (even, Share())
        for promise in (1 / 100, 1 / 500)
    )
    assert found == MISSED[chance]
