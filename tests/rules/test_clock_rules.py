"""When a wall clock is believed: tables of moves, and a day of them by chance."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeby import clock, steady
from homeby.steady import Clocks, OutsideTime
from homeby.watch.rules import (
    ACCEPT_AFTER_SECONDS,
    Agreed,
    Believed,
    ClockEnding,
    ClockTrouble,
    Disputed,
    Settled,
    decide_clock,
    first_zero,
)
from tests.hands import hands

ZERO = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
BACK, FORWARD, BEHIND = ClockTrouble


def seen(moved: float, boot: float = 1000.0) -> Clocks:
    wall_at = ZERO + dt.timedelta(seconds=boot + moved)
    return Clocks(wall_at=wall_at, boot_seconds=boot, machine="m")


def later(seconds: float) -> dt.datetime:
    return ZERO + dt.timedelta(seconds=seconds)


DAY = 86400.0
TO_1970 = -(ZERO - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).total_seconds()


@pytest.mark.parametrize(
    ("moved", "is_first", "decision"),
    [
        (0, False, Agreed(zero_at=ZERO)),
        (4.9, False, Agreed(zero_at=ZERO)),
        (-5.0, False, Agreed(zero_at=ZERO)),
        (5.1, False, Disputed(kind=FORWARD, apart_seconds=5.1)),
        (-5.1, False, Disputed(kind=BACK, apart_seconds=-5.1)),
        (3600, True, Disputed(kind=FORWARD, apart_seconds=3600)),
        (-DAY, True, Disputed(kind=BEHIND, apart_seconds=-DAY)),
        (TO_1970, False, Disputed(kind=BACK, apart_seconds=TO_1970)),
    ],
)
def test_apart_by_more_than_five_seconds_is_disputed(
    moved: float, is_first: bool, decision: object
) -> None:
    assert decide_clock(seen(moved), Believed(zero_at=ZERO, is_first=is_first)) == decision


@pytest.mark.parametrize(
    ("kind", "moved", "waited", "decision"),
    [
        (BACK, -3600, 9e5, Agreed(zero_at=ZERO)),  # for as long as it takes
        (BACK, -2, 60, Settled(ending=ClockEnding.AGREED, zero_at=later(-2))),
        (BACK, 3600, 60, Settled(ending=ClockEnding.TURNED, zero_at=ZERO)),
        (FORWARD, 3600, ACCEPT_AFTER_SECONDS - 1, Agreed(zero_at=ZERO)),
        (
            FORWARD,
            3600,
            ACCEPT_AFTER_SECONDS,
            Settled(ending=ClockEnding.ACCEPTED, zero_at=later(3600)),
        ),
        (FORWARD, 1, 60, Settled(ending=ClockEnding.AGREED, zero_at=later(1))),
        (FORWARD, -3600, 9e5, Settled(ending=ClockEnding.TURNED, zero_at=ZERO)),
        (BEHIND, -3600, 9e5, Agreed(zero_at=ZERO)),
        (BEHIND, 7200, 1, Settled(ending=ClockEnding.AGREED, zero_at=later(7200))),
    ],
)
def test_how_a_dispute_goes_on(
    kind: ClockTrouble, moved: float, waited: float, decision: object
) -> None:
    believed = Believed(zero_at=ZERO, kind=kind, began_seconds=0)
    assert decide_clock(seen(moved, boot=waited), believed) == decision


def outside(moved: float, *, boot: float = 990.0, machine: str = "m") -> OutsideTime:
    return OutsideTime(zero_at=later(moved), boot_seconds=boot, machine=machine)


@pytest.mark.parametrize(
    ("kind", "moved", "said", "decision"),
    [
        (BACK, -3600, outside(-3601), Settled(ending=ClockEnding.OUTSIDE, zero_at=later(-3600))),
        (FORWARD, 3600, outside(3602), Settled(ending=ClockEnding.OUTSIDE, zero_at=later(3600))),
        (BEHIND, -3600, outside(-3599), Settled(ending=ClockEnding.OUTSIDE, zero_at=later(-3600))),
        (FORWARD, 3600, outside(2), Agreed(zero_at=ZERO)),  # moved wrongly: not accepted
        (BACK, -3600, outside(1), Agreed(zero_at=ZERO)),
        (FORWARD, 3600, outside(1800), Settled(ending=ClockEnding.ACCEPTED, zero_at=later(3600))),
        (BACK, -3600, outside(-1800), Agreed(zero_at=ZERO)),  # agrees with neither
        (BACK, -3600, outside(-3600, machine="other"), Agreed(zero_at=ZERO)),
        (BACK, -3600, outside(-3600, boot=399.0), Agreed(zero_at=ZERO)),  # ten minutes ago
        (BACK, -3600, outside(-3600, boot=1001.0), Agreed(zero_at=ZERO)),  # of another time
    ],
)
def test_a_clock_elsewhere_decides_a_dispute(
    kind: ClockTrouble, moved: float, said: OutsideTime, decision: object
) -> None:
    believed = Believed(zero_at=ZERO, kind=kind, began_seconds=0, outside=said)
    assert decide_clock(seen(moved), believed) == decision


@pytest.mark.parametrize(("took", "zero"), [(0.0, 10.5), (2.0, 9.5), (2.1, None), (-0.1, None)])
def test_an_answer_that_took_long_says_nothing_of_seconds(took: float, zero: float | None) -> None:
    found = steady.outside_zero(later(20), asked_seconds=10, answered_seconds=10 + took)
    assert found == (None if zero is None else later(zero))


def test_ten_minutes_count_from_when_the_dispute_began() -> None:
    believed = Believed(zero_at=ZERO, kind=FORWARD, began_seconds=1000)
    assert decide_clock(seen(3600, boot=1300), believed) == Agreed(zero_at=ZERO)


@pytest.mark.parametrize(
    ("last_entry_in", "moved"),
    [(None, 0.0), (-3600, 0.0), (3, 0.0), (3600, 3600.0), (-TO_1970, -TO_1970)],
)
def test_after_switching_on_time_is_at_least_the_last_entry(
    last_entry_in: float | None, moved: float
) -> None:
    here = seen(0)
    last = None if last_entry_in is None else here.wall_at + dt.timedelta(seconds=last_entry_in)
    assert first_zero(here, last_entry_at=last) == ZERO + dt.timedelta(seconds=moved)


@pytest.mark.parametrize("rate", [0.99, 1.01, 0.0])
def test_a_clock_that_runs_wrong_or_stands_still_is_disputed_within_ten_minutes(
    rate: float,
) -> None:
    zero_at, looked = ZERO, 0.0
    for boot in itertools.count(1.0):
        wrong = seen((rate - 1) * boot, boot=boot)
        assert abs((steady.time_at(wrong, zero_at) - later(boot)).total_seconds()) < 7
        decision = decide_clock(wrong, Believed(zero_at=zero_at, looked_seconds=looked))
        if isinstance(decision, Disputed):
            break
        assert isinstance(decision, Agreed)
        zero_at, looked = decision.zero_at, boot
    assert boot <= 600


def test_a_clock_that_is_set_right_by_a_little_every_day_is_never_disputed() -> None:
    zero_at, moved = ZERO, 0.0
    for day in range(60):
        moved += 4.0
        for minute in range(1440):
            here = seen(moved, boot=(day * 1440 + minute) * 60.0)
            decision = decide_clock(
                here, Believed(zero_at=zero_at, looked_seconds=here.boot_seconds - 60)
            )
            assert isinstance(decision, Agreed)
            if decision.zero_at == zero_at:
                break
            zero_at = decision.zero_at


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(-DAY, DAY), st.integers(1, 900)), min_size=1, max_size=8))
def test_the_time_to_go_by_is_never_behind_by_more_than_ten_seconds(
    moves: list[tuple[float, int]],
) -> None:
    """P8: whatever is done to the wall clock, a deadline is not judged late."""
    zero_at, kind, began, moved, boot, looked = ZERO, None, 0.0, 0.0, 0.0, 0.0
    for step, wait in moves:
        moved += step
        for _ in range(wait):
            boot += 1.0
            here = seen(moved, boot=boot)
            believed = Believed(
                zero_at=zero_at, kind=kind, began_seconds=began, looked_seconds=looked
            )
            decision = decide_clock(here, believed)
            looked = boot
            if isinstance(decision, Disputed):
                kind, began = decision.kind, boot
            else:
                kind = None if isinstance(decision, Settled) else kind
                zero_at = decision.zero_at
            assert (steady.time_at(here, zero_at) - later(boot)).total_seconds() > -10


def test_a_process_counts_on_from_the_very_next_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    with hands(monkeypatch, wall_at=ZERO) as here:
        here.move(seconds=-DAY)
        assert clock.real_now() == ZERO
        here.pass_(seconds=60)
        assert clock.now() == later(60)
        here.move(seconds=2 * DAY)
        assert clock.real_now() == later(60)
        here.move(seconds=-DAY + 3)
        assert clock.real_now() == later(63), "a small step is believed"


def test_a_process_stopped_between_two_readings_accuses_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = iter([100.0, 400.0, 400.0, 400.1])
    monkeypatch.setattr(clock, "boot_seconds", lambda: next(counts))
    assert clock.clocks().boot_seconds == pytest.approx(400.05)
