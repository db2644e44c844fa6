"""Both models of fatigue: equal to the reference rows, bounded, continuous, the same every time."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fatigue_files import Faults, read_histories, read_reference
from bench.readiness import MUST, Models, compare
from homeby.readiness.rules import fatigue, three_process, unified
from homeby.readiness.rules.sleep import History, Sleep
from homeby.readiness.rules.three_process import ThreeProcessModel
from homeby.readiness.rules.unified import UnifiedModel

START = dt.datetime(2026, 1, 5, 7, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
#: Rows of the reference, awake and asleep, below the break and above: hours since the start of a
#: week of nights from 23 to 7, and what the table holds.
ROWS = [
    (0.5, {"tpm_s": 7.8627269598, "tpm_kss": 8.6397427001, "uni_fatigue": 2.0511501233}),
    (14.0, {"tpm_s": 5.7919267008, "tpm_u": -0.0954915028125, "uni_l": 3.22806475747}),
    (20.0, {"tpm_s": 8.76410864707, "tpm_w": 0, "uni_fatigue": 6.15827127411}),
    (40.0, {"tpm_s": 7.83887496087, "in_state_h": 0, "uni_l": 3.28104723451}),
    (90.5, {"tpm_kss": 5.64854458834, "uni_c": 0.994658241396, "uni_s": 2.33905707573}),
]


def at(hours: float) -> dt.datetime:
    return START + hours * HOUR


def a_week() -> History:
    nights = [Sleep(at(16 + 24 * day), at(24 + 24 * day)) for day in range(7)]
    return History(starts_at=START, sleeps=nights)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Any sleeps, from a nap of minutes to days on end."""
    hours = st.floats(0.02, 60, allow_nan=False)
    clock, sleeps = START, []
    for awake, asleep in draw(st.lists(st.tuples(hours, hours), max_size=8)):
        begins = clock + awake * HOUR
        clock = begins + asleep * HOUR
        sleeps.append(Sleep(begins, clock))
    return History(starts_at=START, sleeps=sleeps)


@pytest.mark.parametrize(("hours", "values"), ROWS)
def test_rows_of_the_reference_are_met(hours: float, values: dict[str, float]) -> None:
    ours = Models(a_week()).row(at(hours))
    assert {name: ours[name] for name in values} == pytest.approx(values, abs=1e-8)


def test_every_reference_row_is_met_within_a_hundred_millionth(real_records: Path) -> None:
    faults = Faults()
    known = read_histories(real_records / "fatigue/sleeps.csv", faults)
    reference = read_reference(real_records / "fatigue/fips_reference.csv", known, faults)
    assert list(faults) == []
    assert len(reference) == 2524
    rows = compare(reference, {name: Models(one) for name, (one, _end) in known.items()})
    assert max(row["difference"] for row in rows) <= MUST


@given(history=histories(), hours=st.floats(0, 900))
@settings(max_examples=60)
def test_bounds_hold_and_nothing_is_no_number(history: History, hours: float) -> None:
    when, hour = at(hours), hours % 24
    three = ThreeProcessModel(history).at(when, hour=hour)
    two = UnifiedModel(history).at(when, hour=hour)
    assert three_process.LOWEST <= three.s <= three_process.HIGHEST
    assert abs(three.c) <= three_process.C_HEIGHT
    assert -1 <= three.u <= 0
    assert three_process.W_AT_WAKING <= three.w <= 0
    assert 1 <= three.kss_shown <= 9
    top = unified.HIGHEST * (1 + 1e-12)  # a debt decays to minus twice the top, asleep for ever
    assert -2 * top <= two.debt <= top
    assert -2 * top <= two.s <= top
    assert math.isfinite(two.lapses)


@given(history=histories())
@settings(max_examples=60)
def test_nothing_jumps_where_she_falls_asleep_or_wakes(history: History) -> None:
    """S, debt and the rhythms go on; only the inertia of waking is meant to jump."""
    three, two = ThreeProcessModel(history), UnifiedModel(history)
    moment = dt.timedelta(milliseconds=1)
    for edge in history.edges[1:]:
        before, after = edge.since - moment, edge.since
        assert three.at(before, hour=3).s == pytest.approx(three.at(after, hour=3).s, abs=1e-4)
        one, other = two.at(before, hour=3), two.at(after, hour=3)
        assert (one.s, one.debt) == pytest.approx((other.s, other.debt), abs=1e-3)


@given(hours=st.floats(0, 48), s=st.floats(2.4, 14.29))
def test_recovery_is_unbroken_at_its_break(hours: float, s: float) -> None:
    """The straight line and the curve meet, and two steps of sleep are one."""
    half = three_process.s_asleep(three_process.s_asleep(s, hours / 2), hours / 2)
    assert half == pytest.approx(three_process.s_asleep(s, hours), abs=1e-9)
    assert three_process.s_asleep(s, hours + 0.01) >= three_process.s_asleep(s, hours)


@given(history=histories(), hours=st.floats(0, 200))
@settings(max_examples=60)
def test_the_same_history_gives_the_same_curve_in_any_order(history: History, hours: float) -> None:
    again = History(starts_at=START, sleeps=list(reversed(history.sleeps)))
    assert Models(history).row(at(hours)) == Models(again).row(at(hours))


def test_the_body_does_not_jump_when_clocks_change() -> None:
    """Europe/Zurich, 29 March 2026: 02:00 becomes 03:00, and the curve goes on."""
    begins = dt.datetime(2026, 3, 28, 6, tzinfo=dt.UTC)
    history = History(starts_at=begins, sleeps=[])
    change = dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)
    second = dt.timedelta(seconds=1)
    before, after = fatigue.curve(
        history=history, zone="Europe/Zurich", first=change - second, last=change, step=second
    )
    assert before.kss == pytest.approx(after.kss, abs=1e-3)
    assert before.lapses == pytest.approx(after.lapses, abs=1e-3)


def test_local_hours_are_fed_in() -> None:
    """The same instants in Tokyo and in Zurich are other hours of the body's day."""
    history = a_week()
    asked: dict[str, Any] = {"history": history, "first": at(30), "last": at(40), "step": HOUR}
    tokyo, zurich = (fatigue.curve(zone=zone, **asked) for zone in ("Asia/Tokyo", "Europe/Zurich"))
    assert [one.kss for one in tokyo] != [one.kss for one in zurich]
    hour = fatigue.hour_of_day(at(30)) + 1  # Zurich in winter
    assert zurich[0].kss == pytest.approx(ThreeProcessModel(history).at(at(30), hour=hour).kss)


def test_every_point_carries_how_far_it_may_be_off() -> None:
    told = fatigue.curve(history=a_week(), zone="UTC", first=at(30), last=at(60), step=HOUR)
    for point in told:
        assert point.least <= max(1, point.kss - 2) + 1e-9
        assert point.most >= min(9, point.kss + 2) - 1e-9
    guessed = History(starts_at=START, sleeps=[Sleep(at(16), at(24), told=False)])
    assert fatigue.last_sleep_assumed(guessed, at(30))
    (point,) = fatigue.curve(history=guessed, zone="UTC", first=at(30), last=at(30), step=HOUR)
    assert point.most == pytest.approx(min(9, point.kss + 3))
    assert "nothing follows from it by itself" in fatigue.how_sure(a_week(), at(30))
    assert "is assumed" in fatigue.how_sure(guessed, at(30))


def test_the_worse_of_both_models_is_shown() -> None:
    """Weeks of short nights: the Three Process Model alone stays below its line at midday."""
    short = [Sleep(at(18 + 24 * day), at(22.5 + 24 * day)) for day in range(14)]
    history = History(starts_at=START, sleeps=short)
    found = fatigue.curve(
        history=history, zone="UTC", first=at(24 * 13 + 6), last=at(24 * 13 + 17), step=HOUR
    )
    late = [one for one in found if one.kss < fatigue.KSS_LINE and one.past_line]
    assert late
    assert all(one.lapses >= fatigue.LAPSES_LINE for one in late)
