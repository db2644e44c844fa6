"""What is said of somebody's chances: every number in the words is a count over the activities that
stand beside it, and nothing else is said (`LEFTOUT.md` 8, target 8)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

import pytest

from homeby.welfare.rules.activities import ClosedActivity
from homeby.welfare.rules.evidence import QUESTIONS, Channel
from homeby.welfare.rules.explained import counted, said_of, stretch_of
from homeby.welfare.rules.said_of_chances import Evidence, evidence, in_words, was_asked
from tests.rules.test_welfare_facts import (
    OF_HERS,
    THURSDAY,
    TUESDAY,
    TUESDAYS,
    frame,
    people,
    training,
)
from tests.rules.test_welfare_left_out import PROMISE, lived, mission

WEEK, DAY = dt.timedelta(weeks=1), dt.timedelta(days=1)
ONE_IN = round(1 / PROMISE)


def numbers(sentence: str) -> tuple[int, ...]:
    return tuple(int(one) for one in re.findall(r"\d+", sentence))


def of_log(log: list[ClosedActivity], who: str) -> Evidence:
    signal = next(one for one in lived(*log).found if one.who == who)
    (question,) = (one for one in QUESTIONS if one.name == signal.question)
    stretch = stretch_of(question, said_of(who, log, promise=PROMISE, until=signal.at))
    assert stretch is not None
    return evidence(stretch, one_in_years=ONE_IN, people=2, zone="Europe/Berlin")


def test_every_number_of_a_signal_is_counted_again_from_what_it_lists() -> None:
    fair = [mission(n, {"ab"[n % 2]}, {"ba"[n % 2]}) for n in range(24)]
    log = [*fair, *(mission(n, {"b"}, {"a"}) for n in range(24, 60))]
    found = of_log(log, "a")
    (picked,) = found.said
    behind = [one for one in log if one.key in picked.keys]
    went = sum(one.candidates[0].left for one in behind)
    even = round(sum(1 / len(one.candidates) for one in behind))
    assert numbers(picked.sentence) == picked.numbers == (len(behind), went, even)
    assert went == 0 < even < len(behind)
    assert found.spoke == "What was enough to say so: Who went."
    assert numbers(found.how_sure) == (ONE_IN,)
    since = min(one.closed_at for one in behind)
    assert found.since == f"Since {since.day} {since:%b} {since.year}"
    assert "2 people" in found.otherwise[-1]
    assert not any(re.search(r"\d", one) for one in found.otherwise[:-1])


def test_each_kind_of_decision_is_counted_by_itself() -> None:
    """A Thursday against her shift after Tuesdays that were not; asked late, and not at all."""
    log = [
        training(one, *people("sakura", "ino", "kiba"), frames=(frame(one),)) for one in TUESDAYS
    ]
    invited = {"invited_at": TUESDAY - 4 * DAY}
    log += [
        training(
            THURSDAY + n * WEEK,
            *people("ino", "kiba", **invited),
            *people("sakura", **({"invited_at": THURSDAY - DAY / 24} if n else {})),
            frames=(frame(THURSDAY, taken=[OF_HERS]),) if not n else (),
        )
        for n in range(2)
    ]
    log[-1] = dataclasses.replace(log[-1], begins=THURSDAY, key="duty:late")
    said = in_words(counted(said_of("sakura", log, promise=PROMISE, until=TUESDAY + 9 * WEEK)))
    known = {one.channel: (one.numbers, numbers(one.sentence), len(one.keys)) for one in said}
    assert known == {
        Channel.FRAME: ((1, 1, 0), (1, 1, 0), 1),
        Channel.INVITED: ((1, 0, 1), (1, 0, 1), 1),
        Channel.IN_TIME: ((1, 1, 0), (1, 1, 0), 1),
    }
    assert len({one.sentence for one in said}) == 3


def test_whether_anybody_asked_her_is_counted() -> None:
    assert numbers(was_asked((2, 3))) == (5, 2, 3)


@pytest.mark.parametrize("word", ["excluded", "guilt", "fault", "score", "risk", "absent"])
def test_it_speaks_of_what_happened_and_of_nobody_s_guilt(word: str) -> None:
    log = [mission(n, {"b"}, {"a"}) for n in range(40)]
    assert word not in str(of_log(log, "a")).casefold()


def _leaves(value: Any) -> list[Any]:
    if dataclasses.is_dataclass(value):
        return [each for one in vars(value).values() for each in _leaves(one)]
    if isinstance(value, tuple):
        return [each for one in value for each in _leaves(one)]
    return [value]


def test_no_state_of_the_detector_is_in_the_words() -> None:
    """A state is a number with a point in it; the words know whole numbers alone."""
    log = [mission(n, {"b"}, {"a"}) for n in range(40)]
    found = of_log(log, "a")
    assert not any(isinstance(one, float) for one in _leaves(found))
    assert not re.search(r"\d[.,]\d", str(_leaves(found)))
