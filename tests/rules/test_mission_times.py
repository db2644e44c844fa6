"""Expected back, call-out, grace, check-ins, extensions: what the rules make of what was typed."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.missions.rules import (
    Conditions,
    Decider,
    Limits,
    PlanTimes,
    call_out_time,
    check_in_minutes,
    extension_problem,
    is_late_news,
    next_check_in,
    who_decides,
)
from homeby.missions.rules.planning import PlanCheck, problems_with_plan

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
LIMITS = Limits()
FOX, OWL = uuid.uuid4(), uuid.uuid4()


def at(minutes: float) -> dt.datetime:
    """So many minutes from now."""
    return NOW + dt.timedelta(minutes=minutes)


def grace(typed: float | None, *, solo: bool = False, conditions: str = "NORMAL") -> float:
    """The minutes from expected back to call-out that follow from a typed grace."""
    times = PlanTimes(due_at=NOW, call_out_at=None if typed is None else at(typed))
    found = call_out_time(times, LIMITS, solo=solo, conditions=Conditions(conditions))
    return (found - NOW).total_seconds() / 60


@pytest.mark.parametrize(
    ("typed", "solo", "conditions", "minutes"),
    [
        (None, False, "NORMAL", 60),
        (None, True, "NORMAL", 30),
        (90, False, "NORMAL", 90),
        (90, True, "NORMAL", 30),  # alone: shorter, whatever was typed
        (10, True, "NORMAL", 10),
        (None, False, "DEMANDING", 45),
        (None, False, "SEVERE", 30),
        (20, False, "SEVERE", 0),  # never before expected back
        (0, False, "NORMAL", 0),
    ],
)
def test_the_call_out_time(
    typed: float | None, solo: bool, conditions: str, minutes: float
) -> None:
    assert grace(typed, solo=solo, conditions=conditions) == minutes


@given(
    typed=st.none() | st.integers(-60, 600),
    solo=st.booleans(),
    conditions=st.sampled_from(Conditions),
)
def test_conditions_and_being_alone_move_the_call_out_earlier_never_later(
    typed: int | None, solo: bool, conditions: Conditions
) -> None:
    plain = max(grace(typed), 0)
    assert 0 <= grace(typed, solo=solo, conditions=conditions) <= plain


GOOD = PlanCheck(
    party=(FOX, OWL),
    leader_id=FOX,
    what="Patrol",
    times=PlanTimes(due_at=at(120)),
    solo=False,
)


def problems(**changed: Any) -> dict[str, str]:
    """What is wrong with a good plan that was changed."""
    return problems_with_plan(replace(GOOD, **changed), LIMITS, now=NOW)


def test_a_good_plan_stands() -> None:
    assert problems() == {}
    assert problems(solo=True, party=(FOX,), buddy_id=OWL) == {}
    assert problems(solo=True, device="inReach 42") == {}


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"party": ()}, "party", "Choose who goes"),
        ({"party": tuple(uuid.uuid4() for _ in range(201))}, "party", "at most 200"),
        ({"leader_id": None}, "leader", "Choose a leader"),
        ({"leader_id": uuid.uuid4()}, "leader", "one of the party"),
        ({"what": "  "}, "what", "Say in a few words"),
        ({"times": PlanTimes(due_at=NOW)}, "due", "in the past"),
        ({"times": PlanTimes(due_at=at(-1))}, "due", "in the past"),
        ({"times": PlanTimes(due_at=at(401 * 24 * 60))}, "due", "400 days"),
        ({"times": PlanTimes(due_at=at(60), call_out_at=at(59))}, "call_out", "before expected"),
        ({"times": PlanTimes(due_at=at(60), call_out_at=at(301))}, "call_out", "allows 4 h"),
        ({"times": PlanTimes(due_at=at(60), check_in_minutes=4)}, "check_in", "5 minutes"),
        ({"times": PlanTimes(due_at=at(60), check_in_minutes=1441)}, "check_in", "24 hours"),
        ({"solo": True}, "device", "name a buddy"),
        ({"solo": True, "device": "  "}, "device", "name a buddy"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    changed: dict[str, Any], field: str, says: str
) -> None:
    assert says in problems(**changed)[field]


@pytest.mark.parametrize(
    ("typed", "solo", "minutes"),
    [(None, False, None), (45, False, 45), (None, True, 120), (45, True, 45), (600, True, 120)],
)
def test_alone_check_ins_are_required(typed: int | None, solo: bool, minutes: int | None) -> None:
    times = PlanTimes(due_at=at(500), check_in_minutes=typed)
    assert check_in_minutes(times, LIMITS, solo=solo) == minutes


@pytest.mark.parametrize(
    ("heard", "due", "expected"),
    [
        (0, 600, 60),
        (0, 60, None),  # the return comes first
        (0, 61, 60),
        (-30, 600, 30),  # late-arriving: counts from when it was made
        (-300, 600, 0),  # but asks for no moment already past
        (0, -10, None),  # overdue: only the return counts
    ],
)
def test_the_next_check_in(heard: float, due: float, expected: float | None) -> None:
    found = next_check_in(heard_at=at(heard), interval_minutes=60, due_at=at(due), now=NOW)
    assert found == (None if expected is None else at(expected))


@pytest.mark.parametrize(
    ("now", "decider"),
    [
        (0, Decider.ANYBODY_ON_WATCH),
        (59.9, Decider.ANYBODY_ON_WATCH),
        (60, Decider.DUTY_OFFICER),
        (119.9, Decider.DUTY_OFFICER),
        (120, Decider.TWO_PEOPLE),
        (9999, Decider.TWO_PEOPLE),
    ],
)
def test_the_later_it_is_the_more_it_takes_to_grant_more_time(now: float, decider: Decider) -> None:
    assert who_decides(due_at=at(60), call_out_at=at(120), now=at(now)) is decider


@pytest.mark.parametrize(
    ("new", "says"),
    [(0, "in the past"), (-5, "in the past"), (401 * 24 * 60, "400 days"), (1, None)],
)
def test_a_new_expected_return(new: float, says: str | None) -> None:
    problem = extension_problem(due_at=at(60), new_due_at=at(new), now=NOW)
    assert problem is None if says is None else says in str(problem)


@pytest.mark.parametrize(
    ("heard", "newest", "late"), [(0, None, False), (0, 0, True), (-1, 0, True), (1, 0, False)]
)
def test_what_is_older_than_the_newest_known_fact_changes_nothing(
    heard: float, newest: float | None, late: bool
) -> None:
    known = None if newest is None else at(newest)
    assert is_late_news(heard_at=at(heard), newest=known) is late
