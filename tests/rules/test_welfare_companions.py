"""Who has become quiet, or is picked very much, is noticed late rather than wrongly."""

from __future__ import annotations

import datetime as dt
import random
import statistics
import uuid

import pytest

from homeby.welfare.rules.activities import Candidate, Choice, ClosedActivity, Together
from homeby.welfare.rules.companions import (
    MORE,
    MUCH,
    QUIET,
    QUIETER,
    Noticed,
    likelihood,
    noticed,
    usual_yes,
)
from homeby.welfare.rules.switch import Unasked

START = dt.datetime(2026, 1, 5, 18, tzinfo=dt.UTC)
EVERY = dt.timedelta(days=3.5)
CREW = ("agent", "mate", "outsider", "fourth")


@pytest.mark.parametrize(("tolerance", "several"), [(QUIET, QUIETER), (MUCH, MORE)])
def test_the_mean_of_what_one_fact_says_is_one_at_most(
    tolerance: float, several: tuple[float, ...]
) -> None:
    for odds in several:
        for step in range(1, 1000):
            fair = step / 1000
            true = tolerance * fair / (1 - fair + tolerance * fair)
            mean = sum(
                chance * likelihood(well, fair, odds=odds, tolerance=tolerance)
                for well, chance in ((True, true), (False, 1 - true))
            )
            assert mean <= 1 + 1e-12


def decided(number: int, *went: str, no: tuple[str, ...] = ()) -> Together:
    begins = START + number * EVERY
    several = tuple(
        Candidate(who=one, available=one not in no, refused=one in no, left=one in went,
                  since=START, invited_at=begins - EVERY)
        for one in CREW
    )  # fmt: skip
    activity = ClosedActivity(
        key=f"duty:{uuid.UUID(int=number)}", kind="TRAINING", begins=begins,
        closed_at=begins + dt.timedelta(days=3), candidates=several, choice=Choice(),
    )  # fmt: skip
    return Together((activity,))


def year(lot: random.Random, no: float, *, often: float = 0.0, first: int = 0) -> list[Together]:
    """A hundred activities with two seats of four, she saying no so often, or going so often."""
    found = []
    for number in range(first, first + 100):
        says_no = ("agent",) if lot.random() < no else ()
        others = lot.sample([one for one in CREW if one not in says_no], 2)
        if not says_no and lot.random() < often:
            others = ["agent", lot.choice(CREW[1:])]
        found.append(decided(number, *others, no=says_no))
    return found


def places(found: list[Noticed], said: Unasked) -> list[int]:
    first = START + dt.timedelta(days=3)
    return [(one.at - first) // EVERY for one in found if (one.who, one.said) == ("agent", said)]


def test_who_goes_on_as_before_is_not_noticed() -> None:
    for seed in range(12):
        lot = random.Random(seed)
        happened = [*year(lot, 0.2), *year(lot, 0.2, first=100), *year(lot, 0.2, first=200)]
        assert noticed(happened, promise=1 / 100) == []


def test_who_says_no_to_everything_is_noticed_within_weeks_and_who_always_goes_too() -> None:
    late: dict[Unasked, list[int]] = {Unasked.WITHDRAWN: [], Unasked.OVERUSED: []}
    for seed in range(8):
        lot = random.Random(seed)
        before = [*year(lot, 0.15), *year(lot, 0.15, first=100)]
        quiet = [*before, *year(lot, 1.0, first=200)]
        much = [*before, *year(lot, 0.0, often=1.0, first=200)]
        for said, happened in ((Unasked.WITHDRAWN, quiet), (Unasked.OVERUSED, much)):
            found = [one - 200 for one in places(noticed(happened, promise=1 / 500), said)]
            assert found, said
            assert found[0] >= 0, "not before"
            late[said].append(found[0])
    assert statistics.median(late[Unasked.WITHDRAWN]) <= 12
    assert statistics.median(late[Unasked.OVERUSED]) <= 60


def test_what_is_usual_is_her_own_and_none_while_too_little_is_known() -> None:
    assert usual_yes([True] * 58) is None
    assert usual_yes([False] * 59 + [True] * 39) == 1 - 21 / 21
    assert usual_yes([True] * 300) == 1 - 1 / 126
