"""What an even hand would have given, decision by decision (`LEFTOUT.md` 2)."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.welfare.rules import chances
from homeby.welfare.rules.chances import Frame, Seats, Share, Told, picked

FITS, CLASHES = Frame(2, 3, leaves_her=True), Frame(2, 3, leaves_her=False)
NOT_THE_TEAM = Frame(1, 3, leaves_her=False)


@pytest.mark.parametrize(
    ("real", "usual", "told"),
    [
        (FITS, [FITS] * 11, None),  # too few to compare with
        (FITS, [FITS] * 20, (True, 0.9)),  # a clash is never rarer than one in ten
        (CLASHES, [FITS] * 20, (False, 0.9)),
        (CLASHES, [FITS] * 10 + [CLASHES] * 10, (False, 1 - 11 / 21)),
        (FITS, [CLASHES] * 20, (True, 0.0)),
        (NOT_THE_TEAM, [FITS] * 20, None),  # most of the others cannot come either
        (FITS, [FITS] * 10 + [NOT_THE_TEAM] * 10, (True, 0.9)),
        (FITS, [CLASHES] * 50 + [FITS] * 56, (True, 0.9)),  # the older ones are forgotten
        (Frame(0, 0, leaves_her=True), [FITS] * 20, None),  # a team of one
    ],
)
def test_the_frame(real: Frame, usual: list[Frame], told: Told | None) -> None:
    found = chances.frame(real=real, usual=usual)
    assert found is None if told is None else found == pytest.approx(told)


@pytest.mark.parametrize(
    ("lead_hours", "late", "fair"),
    [
        ({"a": 48, "b": 48, "c": 10}, {"c"}, 2 / 3),
        ({"a": 48, "b": 48, "c": 24}, set(), 1.0),  # half the time is not late yet
        ({"a": 10, "b": 10, "c": 4.5}, set(), 1.0),  # hardly behind
        ({"a": 48, "b": 48, "c": -1}, set(), 1.0),  # told after the start: not invited
        ({"a": 48}, set(), 1.0),
        ({}, set(), 1.0),
    ],
)
def test_told_in_time(lead_hours: dict[str, float], late: set[str], fair: float) -> None:
    told = chances.told_in_time(lead_hours)
    assert {who for who, (well, _fair) in told.items() if not well} == late
    assert all(chance == pytest.approx(fair) for _well, chance in told.values())
    assert bool(told) is bool(late)


def test_seats_are_lotteries_the_scarcest_first() -> None:
    medic = Seats(1, frozenset({"ana", "ben"}))
    anybody = Seats(2, frozenset({"ana", "ben", "cleo", "dov"}))
    told = picked(seats=[anybody, medic], crew={"ana", "cleo", "dov"})
    assert told == {
        "ana": [(True, 1 / 2)],
        "ben": [(False, 1 / 2), (False, 2 / 3)],
        "cleo": [(True, 2 / 3)],
        "dov": [(True, 2 / 3)],
    }


def test_who_alone_can_do_it_was_not_chosen() -> None:
    medic, anybody = Seats(1, frozenset({"ana"})), Seats(1, frozenset({"ana", "ben", "cleo"}))
    told = picked(seats=[medic, anybody], crew={"ana", "ben"})
    assert told == {"ben": [(True, 1 / 2)], "cleo": [(False, 1 / 2)]}


def test_nobody_or_everybody_is_no_choice() -> None:
    seats = Seats(2, frozenset({"ana", "ben"}))
    assert picked(seats=[seats], crew={"ana", "ben"}) == {}
    assert picked(seats=[seats], crew=set()) == {}
    assert picked(seats=[Seats(1, frozenset())], crew={"ana"}) == {}
    assert picked(seats=[seats], crew={"stranger"}) == {}


@given(
    st.lists(st.tuples(st.integers(0, 3), st.frozensets(st.sampled_from("abcdef"))), max_size=4),
    st.frozensets(st.sampled_from("abcdef")),
)
def test_as_many_as_can_have_a_seat(
    groups: list[tuple[int, frozenset[str]]], crew: frozenset[str]
) -> None:
    seats = [Seats(count, eligible) for count, eligible in groups]
    told = picked(seats=seats, crew=crew)
    for facts in told.values():
        assert all(0.0 < fair < 1.0 for _well, fair in facts)
        assert sum(well for well, _fair in facts) <= 1
        assert all(not well for well, _fair in facts[:-1])  # once seated, she draws no more


def test_chances_of_a_group_add_up_to_its_seats() -> None:
    pool = frozenset("abcde")
    for crew in itertools.combinations("abcde", 2):
        told = picked(seats=[Seats(2, pool)], crew=crew)
        assert math.fsum(fair for ((_well, fair),) in told.values()) == pytest.approx(2)
        assert {who for who, ((well, _fair),) in told.items() if well} == set(crew)


def test_her_own_past_never_lifts_a_chance() -> None:
    always, never = Share(), Share()
    for _fact in range(40):
        always, never = always.with_fact((True, 0.5)), never.with_fact((False, 0.5))
    assert always.usual(0.5) == 0.5
    assert never.usual(0.5) < 0.1
    assert Share(well=0, fair=5, count=11).usual(0.5) == 0.5  # too little to go by


def test_who_always_goes_is_a_regular() -> None:
    share = Share()
    for _fact in range(8):
        share = share.with_fact((True, 0.5))
    assert not share.is_regular
    for _fact in range(2):
        share = share.with_fact((True, 0.5))
    assert share.is_regular
    for _fact in range(3):
        share = share.with_fact((False, 0.5))
    assert not share.is_regular


def test_steady_exclusion_is_no_habit() -> None:
    steady = [[-0.5] * 50, [0.5] * 50]
    assert chances.habit(steady) == 0.0
    repeating = [[0.5, 0.5, 0.5, -0.5, -0.5, -0.5] * 8]
    assert 0.2 < chances.habit(repeating) <= 0.5
    assert chances.habit([[0.5, -0.5] * 20]) == 0.0  # taking turns
    assert chances.habit([]) == chances.habit([[0.5], []]) == 0.0


def test_a_habit_speaks_for_the_last_crew() -> None:
    assert chances.after_habit(0.5, habit=0.4, was_in_last_crew=True) == pytest.approx(0.7)
    assert chances.after_habit(0.5, habit=0.4, was_in_last_crew=False) == pytest.approx(0.3)
    assert chances.after_habit(0.5, habit=0.0, was_in_last_crew=False) == 0.5
