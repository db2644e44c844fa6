"""What is known and assumed of sleep, and what a planner is told of it."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.readiness.rules.fatigue import for_planner
from homeby.readiness.rules.sleep import History, NoHistory, Sleep, history, without

NOW = dt.datetime(2026, 11, 27, 18, tzinfo=dt.UTC)
ZONE = "Europe/Zurich"


def at(hours: float) -> dt.datetime:
    return NOW + dt.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("sleeps", "said"),
    [
        ([Sleep(at(-9), at(-2)), Sleep(at(-3), at(-1))], "overlap"),
        ([Sleep(at(-2), at(-3))], "before or as it begins"),
        ([Sleep(at(-2), at(-2))], "before or as it begins"),
        ([Sleep(at(-30), at(-26))], "before the history does"),
    ],
)
def test_what_is_no_history_gets_a_sentence(sleeps: list[Sleep], said: str) -> None:
    with pytest.raises(NoHistory, match=said):
        History(starts_at=at(-24), sleeps=sleeps)


def test_sleeps_that_touch_are_one_and_an_edge_begins_a_state() -> None:
    found = History(starts_at=at(-24), sleeps=[Sleep(at(-6), at(-4)), Sleep(at(-8), at(-6))])
    assert found.sleeps == (Sleep(at(-8), at(-4)),)
    assert [found.state(at(hour)).awake for hour in (-24, -8, -6, -4, 0)] == [
        True,
        False,
        False,
        True,
        True,
    ]
    assert found.state(at(-6)).since == at(-8)


def test_nights_are_assumed_where_nobody_told_and_cut_by_duty() -> None:
    """Duty from 02:00 to 05:00 local: asleep 23 to 1, and 6 to 7."""
    duty = (
        dt.datetime(2026, 11, 27, 1, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 27, 4, tzinfo=dt.UTC),
    )
    found = history(told=[], duties=[duty], zone=ZONE, now=NOW)
    last = [one for one in found.sleeps if one.asleep_at > at(-24)]
    hours = [(f"{one.asleep_at:%H:%M}", f"{one.awake_at:%H:%M}") for one in last]
    assert hours == [("22:00", "00:00"), ("05:00", "06:00")]  # UTC
    assert not any(one.told for one in found.sleeps)


def test_a_told_sleep_takes_the_place_of_the_night_it_touches() -> None:
    told = Sleep(
        dt.datetime(2026, 11, 27, 2, tzinfo=dt.UTC), dt.datetime(2026, 11, 27, 8, tzinfo=dt.UTC)
    )
    found = history(told=[told], duties=[], zone=ZONE, now=NOW)
    assert found.sleeps[-1] == told
    assert found.sleeps[-2].awake_at < at(-24)
    assert found.state(NOW).since == told.awake_at


def test_a_night_over_a_change_of_clocks_is_as_long_as_it_was() -> None:
    """25 October 2026 in Zurich: 23:00 to 07:00 lasts nine hours."""
    now = dt.datetime(2026, 10, 25, 12, tzinfo=dt.UTC)
    last = history(told=[], duties=[], zone=ZONE, now=now).sleeps[-1]
    assert last.awake_at - last.asleep_at == dt.timedelta(hours=9)


def test_what_is_left_of_a_span() -> None:
    assert without((at(0), at(8)), [(at(-1), at(1)), (at(3), at(4)), (at(7), at(9))]) == [
        (at(1), at(3)),
        (at(4), at(7)),
    ]
    assert without((at(0), at(8)), [(at(-1), at(9))]) == []


@pytest.mark.parametrize(
    ("awake_since", "told", "duties", "said"),
    [
        (-19.5, True, [(-11.2, 5)], "Awake for 19 h, on duty for 11 h."),
        (-19.5, True, [(-11, -4), (-4, 5)], "Awake for 19 h, on duty for 11 h."),
        (-19.5, True, [(-11, -3), (-4, 5)], "Awake for 19 h, on duty for 11 h."),
        (-19.5, True, [(-11, -4), (-3, 5)], "Awake for 19 h, on duty for 3 h."),
        (-0.5, True, [], "Awake for 30 min, off duty."),
        (
            -19.5,
            False,
            [(-11, 5)],
            "Awake for about 19 h, on duty for 11 h; the last sleep is assumed.",
        ),
        (-19.5, False, [], "Awake for about 19 h, off duty; the last sleep is assumed."),
        (None, True, [(-11, 5)], "On duty for 11 h; hours awake are not known."),
        (None, True, [], "Off duty; hours awake are not known."),
        (2, True, [], "Off duty; hours awake are not known."),
    ],
)
def test_a_planner_is_told_hours_and_never_how_she_is(
    awake_since: float | None, told: bool, duties: list[tuple[float, float]], said: str
) -> None:
    known = None
    if awake_since is not None:
        sleep = Sleep(at(awake_since - 7), at(awake_since), told)
        known = History(starts_at=at(-90), sleeps=[sleep])
    spans = [(at(begins), at(ends)) for begins, ends in duties]
    assert for_planner(history=known, duties=spans, now=NOW) == said
