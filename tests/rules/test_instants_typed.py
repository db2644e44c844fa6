"""What people type for a time, and what they read back."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby import instants
from homeby.instants import Problem, Reading, Typed

ZURICH = "Europe/Zurich"
NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)  # Sunday, 11:00 in Zurich


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def understood(text: str, zone: str = ZURICH, now: dt.datetime = NOW) -> Typed:
    typed = instants.parse_typed(text, zone, now)
    assert isinstance(typed, Typed), typed
    return typed


def refused(text: str, zone: str = ZURICH, now: dt.datetime = NOW) -> str:
    problem = instants.parse_typed(text, zone, now)
    assert isinstance(problem, Problem), problem
    return problem.sentence


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-22T18:30", "2026-11-22T17:30Z"),
        ("2026-11-22 18:30", "2026-11-22T17:30Z"),
        ("2026-11-22T18:30:15", "2026-11-22T17:30:15Z"),
        ("2026-11-22T18:30+01:00", "2026-11-22T17:30Z"),
        ("2026-11-22T18:30Z", "2026-11-22T18:30Z"),
        ("22/11/2026 18:30", "2026-11-22T17:30Z"),
        ("22.11.2026 18:30", "2026-11-22T17:30Z"),
        ("22.11.26 18:30", "2026-11-22T17:30Z"),
        ("22.11. 18:30", "2026-11-22T17:30Z"),
        ("22/11 18:30", "2026-11-22T17:30Z"),
        ("1.7. 18:30", "2026-07-01T16:30Z"),
        ("2.1. 06:00", "2027-01-02T05:00Z"),
        ("21.11. 18:30", "2026-11-21T17:30Z"),
        ("29.2. 12:00", None),
        ("18:30", "2026-11-22T17:30Z"),
        ("6:30 pm", "2026-11-22T17:30Z"),
        ("12:15 am", "2026-11-22T23:15Z"),
        ("11:00", "2026-11-23T10:00Z"),
        ("10:59", "2026-11-23T09:59Z"),
        ("00:00", "2026-11-22T23:00Z"),
        ("+7h30", "2026-11-22T17:30Z"),
        ("+ 7 h 30", "2026-11-22T17:30Z"),
        ("+7:30", "2026-11-22T17:30Z"),
        ("in 7 h 30 min", "2026-11-22T17:30Z"),
        ("In 7 hours 30 minutes", "2026-11-22T17:30Z"),
        ("90 min", "2026-11-22T11:30Z"),
        ("90min", "2026-11-22T11:30Z"),
        ("+90m", "2026-11-22T11:30Z"),
        ("1,5 h", "2026-11-22T11:30Z"),
        ("2 days 1 h", "2026-11-24T11:00Z"),
        ("  90   min  ", "2026-11-22T11:30Z"),
    ],
)
def test_what_people_type_is_understood(text: str, instant: str | None) -> None:
    if instant is None:  # neither 2025, 2026 nor 2027 has a 29 February
        assert refused(text).startswith("There is no day 29 in month 2")
        return
    typed = understood(text)
    assert typed.instant == at(instant)
    assert typed.instant.utcoffset() == dt.timedelta(0)
    assert (typed.zone, typed.typed) == (ZURICH, " ".join(text.split()))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "No time is given"),
        ("   ", "No time is given"),
        ("soon", "“soon” is not a time"),
        ("+", "is not a time"),
        ("in", "is not a time"),
        ("90", "could be minutes or hours"),
        ("+90", "Write 90 min or 90 h"),
        ("25:00", "no such time"),
        ("18:75", "no such time"),
        ("18:30 pm", "from 1 to 12"),
        ("2026-02-30T12:00", "no day 30 in month 2 of 2026"),
        ("11/22/2026 18:30", "no month 22. Write the day first"),
        ("0000-01-01 10:00", "no day 1 in month 1 of 0"),
        ("9999 h", "more than a year"),
        ("2026-11-22T18:30+99:00", "not an offset"),
        ("1" * 61, "too long"),
        ("١٨:٣٠", "is not a time"),
    ],
)
def test_what_cannot_be_understood_gets_a_sentence(text: str, says: str) -> None:
    assert says in refused(text)


def test_an_unknown_zone_is_a_problem_not_a_crash() -> None:
    assert "is not a time zone" in refused("18:30", zone="Nowhere/Land")


def test_a_date_that_happens_twice_takes_the_earlier_instant_and_says_so() -> None:
    typed = understood("2026-10-25T02:30")
    assert (typed.instant, typed.kind) == (at("2026-10-25T00:30Z"), Reading.AMBIGUOUS)
    typed = understood("2026-03-29T02:30")
    assert (typed.instant, typed.kind) == (at("2026-03-29T00:30Z"), Reading.MISSING)


@pytest.mark.parametrize(
    ("zone", "now", "text", "instant"),
    [
        # between the two readings of 02:30, the next such time is the second
        (ZURICH, "2026-10-25T00:40Z", "02:30", "2026-10-25T01:30Z"),
        (ZURICH, "2026-10-25T00:20Z", "02:30", "2026-10-25T00:30Z"),
        # inside the gap the clock never shows 02:30; the earlier reading has passed, the later not
        (ZURICH, "2026-03-29T00:45Z", "02:30", "2026-03-29T01:30Z"),
        # a zone that skips a day
        ("Pacific/Apia", "2011-12-29T23:00Z", "12:00", "2011-12-30T22:00Z"),
    ],
)
def test_the_next_such_time_near_a_change(zone: str, now: str, text: str, instant: str) -> None:
    assert understood(text, zone=zone, now=at(now)).instant == at(instant)


@given(
    now=st.datetimes(at("2000-01-01T00:00"), at("2035-01-01T00:00"), timezones=st.just(dt.UTC)),
    clock_time=st.times(),
    zone=st.sampled_from([ZURICH, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]),
)
def test_the_next_such_time_is_ahead_and_within_a_day_and_a_change(
    now: dt.datetime, clock_time: dt.time, zone: str
) -> None:
    ahead = understood(f"{clock_time:%H:%M}", zone=zone, now=now).instant - now
    assert dt.timedelta(0) < ahead <= dt.timedelta(hours=25)


@given(text=st.text(max_size=70))
def test_nothing_typed_ever_crashes(text: str) -> None:
    assert isinstance(instants.parse_typed(text, ZURICH, NOW), Typed | Problem)


@given(text=st.from_regex(r"\A[0-9]{1,3}[./:h -]{1,2}[0-9]{1,3}[./: T]{0,2}[0-9:]{0,8}\Z"))
def test_nothing_that_looks_like_a_time_crashes(text: str) -> None:
    assert isinstance(instants.parse_typed(text, ZURICH, NOW), Typed | Problem)


@given(minutes=st.integers(2, 2000))
def test_a_span_said_and_typed_again_is_the_same(minutes: int) -> None:
    said = "in " + instants.span(minutes * 60)
    assert understood(said).instant - NOW == dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("seconds", "long", "short"),
    [
        (0, "0 min", "0 min"),
        (45, "45 s", "45 s"),
        (60, "1 min", "1 min"),
        (119, "1 min", "1 min"),
        (35 * 60, "35 min", "35 min"),
        (7200, "2 h", "2 h"),
        (7500, "2 h 5 min", "2 h 05"),
        (27000, "7 h 30 min", "7 h 30"),
        (-27000, "7 h 30 min", "7 h 30"),
        (30 * 3600, "30 h", "30 h"),
        (48 * 3600, "2 d", "2 d"),
        (52 * 3600 + 59, "2 d 4 h", "2 d 4 h"),
    ],
)
def test_a_span_in_words(seconds: int, long: str, short: str) -> None:
    assert (instants.span(seconds), instants.short_span(seconds)) == (long, short)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "now"), (59, "now"), (-59, "now"), (7800, "in 2 h 10"), (-2100, "35 min ago")],
)
def test_how_far_away(seconds: int, words: str) -> None:
    assert instants.relative(NOW + dt.timedelta(seconds=seconds), NOW) == words


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2026-11-22T17:30Z", "18:30"),
        ("2026-11-22T23:30Z", "tomorrow 00:30"),
        ("2026-11-21T17:30Z", "yesterday 18:30"),
        ("2026-11-24T17:30Z", "Tue 24 Nov 18:30"),
        ("2027-01-02T17:30Z", "Sat 2 Jan 18:30"),
        ("2027-11-22T17:30Z", "22 Nov 2027 18:30"),
        ("2026-10-25T00:30Z", "Sun 25 Oct 02:30 CEST"),
        ("2026-10-25T01:30Z", "Sun 25 Oct 02:30 CET"),
    ],
)
def test_the_time_on_the_wall(instant: str, words: str) -> None:
    assert instants.wall(at(instant), ZURICH, NOW) == words
