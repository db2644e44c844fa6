"""The figures of a replay against a slow second computation, and against cases made by hand."""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.instants import TimeProblem
from homeby.people.rules import PersonKind
from homeby.station.importing.durations import DurationForm, parse_due, parse_duration
from homeby.station.importing.records import MissionRecord
from homeby.station.replay.figures import Way, figures, in_order

START = dt.datetime(2026, 6, 1, 6, 0, tzinfo=dt.UTC)
DUE_AFTER = dt.timedelta(minutes=90)
_numbers = itertools.count(1)


def mission(subjects: str, out: int, back: int | None, zone: str = "UTC") -> MissionRecord:
    """Who (one letter each), out and back in minutes after the start."""
    number = next(_numbers)
    return MissionRecord(
        line=number,
        key=f"m:{number}",
        subjects=tuple(subjects),
        subject_kind=PersonKind.HUMAN,
        subjects_are_callsigns=True,
        out_at=START + dt.timedelta(minutes=out),
        back_at=None if back is None else START + dt.timedelta(minutes=back),
        due_at=None,
        zone=zone,
        out_typed="",
        back_typed="",
        due_typed="",
        what="",
        where="",
        note="",
        debrief="",
    )


missions = st.builds(
    lambda who, out, lasted: mission(who, out, None if lasted is None else out + lasted),
    who=st.text("ABCDE", min_size=1, max_size=3).map(lambda text: "".join(dict.fromkeys(text))),
    out=st.integers(0, 300),
    lasted=st.none() | st.integers(0, 5) | st.integers(0, 200),
)


def most_out_slowly(records: list[MissionRecord]) -> tuple[int, dt.datetime | None]:
    """At each departure: whoever departed before or now and is not back by now, or departed now."""
    most, most_at = 0, None
    for moment in sorted({one.out_at for one in records}):
        out = sum(
            one.out_at <= moment
            and (one.back_at is None or one.back_at > moment or one.out_at == moment)
            for one in records
        )
        if out > most:
            most, most_at = out, moment
    return most, most_at


def sent_again_slowly(records: list[MissionRecord]) -> int:
    """Departures with somebody on board who is on a mission that departed before and is open."""
    again = 0
    for number, one in enumerate(records):
        for other_number, other in enumerate(records):
            departed_before = (other.out_at, other_number) < (one.out_at, number)
            is_back = other.back_at is not None and (
                other.back_at < one.out_at or other.out_at < other.back_at == one.out_at
            )
            if departed_before and not is_back and set(one.subjects) & set(other.subjects):
                again += 1
                break
    return again


@given(records=st.lists(missions, max_size=25))
def test_the_figures_agree_with_a_slow_computation(records: list[MissionRecord]) -> None:
    found = figures(records, due_after=DUE_AFTER)
    most, most_at = most_out_slowly(records)
    minutes = [
        (one.back_at - one.out_at) / dt.timedelta(minutes=1) for one in records if one.back_at
    ]
    assert asdict(found) == {
        "missions": len(records),
        "subjects": len(set("".join("".join(one.subjects) for one in records))),
        "most_out": most,
        "most_out_at": most_at and most_at.isoformat(),
        "still_out": sum(one.back_at is None for one in records),
        "sent_again_while_out": sent_again_slowly(records),
        "overdue": len(records) - sum(lasted <= 90 for lasted in minutes),
        "overdue_30_min": len(records) - sum(lasted <= 120 for lasted in minutes),
        "median_minutes": round(statistics.median(minutes), 1) if minutes else None,
        "longest_minutes": round(max(minutes), 1) if minutes else None,
    }


@given(records=st.lists(missions, max_size=25))
def test_the_order_of_passings(records: list[MissionRecord]) -> None:
    passings = in_order(records)
    assert len(passings) == len(records) + sum(one.back_at is not None for one in records)
    assert [one.at for one in passings] == sorted(one.at for one in passings)
    departed: set[str] = set()
    for before, after in itertools.pairwise([None, *passings]):
        assert after is not None
        if after.way is Way.OUT:
            departed.add(after.record.key)
            if before is not None and before.at == after.at and before.way is Way.BACK:
                assert before.record.out_at < before.at, "it departed earlier than in this second"
        else:
            assert after.record.key in departed


def test_in_one_second_returns_come_before_departures() -> None:
    found = figures([mission("A", 0, 10), mission("A", 10, 20)], due_after=DUE_AFTER)
    assert (found.most_out, found.sent_again_while_out) == (1, 0)


def test_a_mission_departs_before_it_returns_in_the_same_second() -> None:
    found = figures([mission("A", 0, 0)], due_after=DUE_AFTER)
    assert (found.most_out, found.still_out, found.longest_minutes) == (1, 0, 0.0)


def test_the_earliest_instant_of_the_most_counts_and_has_its_zone() -> None:
    records = [mission("A", 0, 10, "Asia/Kathmandu"), mission("B", 20, 30)]
    assert figures(records, due_after=DUE_AFTER).most_out_at == "2026-06-01T11:45:00+05:45"


def test_sent_again_counts_departures_not_people() -> None:
    records = [mission("AB", 0, None), mission("AB", 5, 10), mission("BC", 5, 10)]
    assert figures(records, due_after=DUE_AFTER).sent_again_while_out == 2


def test_back_exactly_when_due_is_not_overdue() -> None:
    records = [
        mission("A", 0, 90),
        mission("B", 0, 91),
        mission("C", 0, 120),
        mission("D", 0, None),
    ]
    found = figures(records, due_after=DUE_AFTER)
    assert (found.overdue, found.overdue_30_min) == (3, 1)


def test_no_missions_have_no_figures() -> None:
    found = figures([], due_after=DUE_AFTER)
    assert (found.most_out, found.most_out_at, found.median_minutes) == (0, None, None)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("out+90m", 90),
        ("out+90min", 90),
        ("out+1h30", 90),
        ("out+1h30m", 90),
        ("out+1:30", 90),
        ("out+1.5h", 90),
        ("out+2h", 120),
        (" OUT + 1 h 30 min ", 90),
        ("out+1d", 1440),
    ],
)
def test_a_due_rule_is_understood(text: str, minutes: int) -> None:
    assert parse_due(text=text) == dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write out+90m, out+1h30 or out+2h."),
        ("90m", "does not say when they are due"),
        ("out", "does not say when they are due"),
        ("out+", "does not say when they are due"),
        ("out-90m", "does not say when they are due"),
        ("back+90m", "does not say when they are due"),
        ("out+90", "could be minutes or hours. Write out+90m or out+90h."),
        ("out+1:75", "does not say when they are due"),
        ("out+99999h", "longer than ten years"),
        ("out+90m\x1b[2J", "does not say when they are due"),
    ],
)
def test_a_wrong_due_rule_gets_a_sentence(text: str, says: str) -> None:
    with pytest.raises(TimeProblem) as problem:
        parse_due(text=text)
    assert says in str(problem.value)
    assert str(problem.value).isprintable()


@pytest.mark.parametrize(
    ("text", "form", "seconds"),
    [
        ("6:31", DurationForm.CLOCK, 23460),
        ("0:00", DurationForm.CLOCK, 0),
        ("100:00", DurationForm.CLOCK, 360000),
        ("6:31:20", DurationForm.CLOCK, 23480),
        ("90", DurationForm.MINUTES, 5400),
        ("1,5", DurationForm.HOURS, 5400),
        ("5400", DurationForm.SECONDS, 5400),
        ("6:75", DurationForm.CLOCK, None),
        ("-1:00", DurationForm.CLOCK, None),
        ("6.5", DurationForm.CLOCK, None),
        ("-5", DurationForm.MINUTES, None),
        ("nan", DurationForm.MINUTES, None),
        ("999999999999", DurationForm.HOURS, None),
        ("999999:00", DurationForm.CLOCK, None),
    ],
)
def test_a_duration_in_its_form(text: str, form: DurationForm, seconds: int | None) -> None:
    if seconds is None:
        with pytest.raises(TimeProblem):
            parse_duration(text=text, form=form)
    else:
        assert parse_duration(text=text, form=form) == dt.timedelta(seconds=seconds)
