"""What people type for "when it happened": the last such time by the local calendar, or how long
ago. It never lies ahead, and a duration is never taken for a time of the day before."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby import instants
from homeby.instants import Problem, Reading, Typed

ZURICH = "Europe/Zurich"
NOW = dt.datetime(2026, 11, 22, 14, 49, tzinfo=dt.UTC)  # Sunday, 15:49 in Zurich


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def understood(text: str, now: dt.datetime = NOW) -> Typed:
    typed = instants.parse_past(text, ZURICH, now)
    assert isinstance(typed, Typed), typed
    return typed


def refused(text: str, now: dt.datetime = NOW) -> str:
    problem = instants.parse_past(text, ZURICH, now)
    assert isinstance(problem, Problem), problem
    return problem.sentence


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1 h", "2026-11-22T13:49Z"),
        ("1h", "2026-11-22T13:49Z"),
        ("20m", "2026-11-22T14:29Z"),
        ("20 min", "2026-11-22T14:29Z"),
        ("20 min ago", "2026-11-22T14:29Z"),
        ("1 h 30 min ago", "2026-11-22T13:19Z"),
        ("1:30 ago", "2026-11-22T13:19Z"),
        ("-1:30", "2026-11-22T13:19Z"),
        ("-20 min", "2026-11-22T14:29Z"),
        ("2 days ago", "2026-11-20T14:49Z"),
        ("15:49", "2026-11-22T14:49Z"),
        ("15:40", "2026-11-22T14:40Z"),
        ("3:40 pm", "2026-11-22T14:40Z"),
        ("5:40 pm", "2026-11-21T16:40Z"),
        ("17:40", "2026-11-21T16:40Z"),
        ("17:40:30", "2026-11-21T16:40:30Z"),
        ("00:00", "2026-11-21T23:00Z"),
        ("yesterday 15:40", "2026-11-21T14:40Z"),
        ("Yesterday, 5:40 pm", "2026-11-21T16:40Z"),
        ("21.11. 17:40", "2026-11-21T16:40Z"),
        ("2026-11-21T17:40", "2026-11-21T16:40Z"),
        ("1.7. 18:30", "2026-07-01T16:30Z"),
    ],
)
def test_when_it_happened_is_understood(text: str, instant: str) -> None:
    typed = understood(text)
    assert typed.instant == at(instant)
    assert (typed.zone, typed.typed) == (ZURICH, text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("+1 h", "lies ahead"),
        ("in 20 min", "lies ahead"),
        ("22.11. 17:40", "lies ahead"),
        ("2026-11-23T08:00", "lies ahead"),
        ("1:30 before", "is not a time"),
        ("- 1:30 ago soon", "is not a time"),
        ("-", "is not a time"),
        ("ago", "is not a time"),
        ("soon", "“soon” is not a time. Write one such as 17:40, 21.11. 17:40 or 20 min ago."),
        ("20", "could be minutes or hours"),
        ("25:00", "no such time"),
        ("9999 h", "more than a year"),
        ("", "No time is given"),
    ],
)
def test_what_cannot_be_when_it_happened_gets_a_sentence(text: str, sentence: str) -> None:
    assert sentence in refused(text)


def test_the_clock_on_the_wall_may_run_two_minutes_ahead() -> None:
    """At 15:49 by ours a guard whose clock shows 15:51 does not mean yesterday."""
    assert understood("15:51").instant == NOW
    assert understood("22.11. 15:51").instant == NOW
    assert understood("15:52").instant == at("2026-11-21T14:52Z")


@pytest.mark.parametrize(
    ("now", "text", "instant"),
    [
        ("2026-10-25T09:00Z", "23:30", "2026-10-24T21:30Z"),  # the clocks went back in the night
        ("2026-10-25T09:00Z", "yesterday 23:30", "2026-10-24T21:30Z"),
        ("2026-03-29T09:00Z", "23:30", "2026-03-28T22:30Z"),  # and forward
        ("2026-10-25T00:45Z", "02:30", "2026-10-25T00:30Z"),  # at 02:45, before they go back
        ("2026-10-25T01:45Z", "02:30", "2026-10-25T01:30Z"),  # at 02:45, for the second time
    ],
)
def test_yesterday_is_a_day_of_the_calendar_and_not_24_hours(
    now: str, text: str, instant: str
) -> None:
    assert understood(text, at(now)).instant == at(instant)


def test_a_time_that_happened_twice_is_said_to_be_so() -> None:
    assert understood("02:30", at("2026-10-25T09:00Z")).kind is Reading.AMBIGUOUS


@given(
    st.times(),
    st.integers(min_value=0, max_value=10 * 365 * 24 * 60),
)
def test_a_bare_time_lies_within_the_last_day_and_a_bit(clock_time: dt.time, minutes: int) -> None:
    now = at("2020-01-01T00:00Z") + dt.timedelta(minutes=minutes)
    found = understood(f"{clock_time:%H:%M}", now).instant
    assert found <= now
    assert now - found <= dt.timedelta(hours=25)
