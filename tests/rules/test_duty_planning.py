"""Seats, clashes, what speaks against a time, who is available: by cases."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.readiness.rules import duty_planning as rules
from homeby.readiness.rules.duty_planning import Against, DutyAnswer, Taken
from homeby.readiness.rules.duty_seats import SeatPlan, parse_seats

AT = dt.datetime(2026, 11, 20, 18, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
FOX, OWL, CROW = (uuid.UUID(int=number) for number in (1, 2, 3))
NAMES = {"MEDR": "Field medic", "FAID": "First aider of a party"}


def span(begins: float, ends: float, what: Against = Against.DUTY, ref: str = "") -> Taken:
    return Taken(
        person_id=FOX, begins=AT + begins * HOUR, ends=AT + ends * HOUR, what=what, ref=ref
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("\n2\n", [SeatPlan(), SeatPlan()]),
        ("1 MEDR", [SeatPlan(needs=("MEDR",))]),
        ("1 x field MEDIC\n1 faid", [SeatPlan(needs=("MEDR",)), SeatPlan(needs=("FAID",))]),
        ("some", "Line 1: write how many"),
        ("1\n0 MEDR", "Line 2: write how many"),
        ("1 juggler", "Line 1: juggler is no position"),
        ("61", "at most 60 seats"),
    ],
)
def test_seats_as_people_write_them(text: str, found: list[SeatPlan] | str) -> None:
    parsed = parse_seats(text, positions=NAMES)
    if isinstance(found, str):
        assert found in str(parsed)
    else:
        assert parsed == found


def test_the_gravest_clash_counts_and_what_only_touches_is_none() -> None:
    taken = [span(-3, 0), span(8, 9), span(2, 3, Against.BUSY), span(1, 9, Against.MISSION)]
    found = rules.clash_of(taken, begins=AT, ends=AT + 8 * HOUR)
    assert found is not None
    assert found.what is Against.MISSION
    assert rules.clash_of(taken[:2], begins=AT, ends=AT + 8 * HOUR) is None
    own = [span(0, 8, ref="duty:1")]
    assert rules.clash_of(own, begins=AT, ends=AT + HOUR, but="duty:1") is None
    assert rules.clash_of(own, begins=AT, ends=AT + HOUR) is not None


def test_two_on_shift_and_the_third_time_running_for_one_of_them() -> None:
    clashes = {FOX: Against.DUTY, OWL: Against.DUTY, CROW: Against.LEAVE}
    found = rules.against_time(clashes, [{FOX}, {FOX, OWL}, set()])
    assert found.running == {FOX: 3}
    said = rules.said_against(found, names={FOX: "Fox"})
    assert said == [
        "Have another duty then: 2.",
        "Are not available then: 1.",
        "Fox could not come: 3 times in a row.",
    ]
    assert len(rules.said_against(found, names={})) == 2, "nobody is named who may not be"
    assert rules.said_against(rules.against_time({}, []), names={}) == []


def test_the_scarcest_seat_is_filled_first_and_others_make_room() -> None:
    anybody, medic = uuid.UUID(int=11), uuid.UUID(int=12)
    seats = {anybody: "", medic: "MEDR"}
    assert rules.seated([FOX, OWL], seats, {"MEDR": {FOX}}) == {FOX: medic, OWL: anybody}
    assert rules.seated([OWL, FOX], {anybody: "", medic: ""}, {}).keys() == {OWL, FOX}
    assert rules.seated([OWL, CROW], seats, {"MEDR": set()}) == {OWL: anybody}
    assert len(rules.seated([OWL, CROW], seats, {"MEDR": None})) == 2, "nobody keeps who holds it"
    two = {anybody: "FAID", medic: "MEDR"}
    both = rules.seated([FOX, OWL], two, {"MEDR": {FOX}, "FAID": {FOX, OWL}})
    assert both == {FOX: medic, OWL: anybody}


@pytest.mark.parametrize(
    ("answer", "offered", "clash", "available"),
    [
        (DutyAnswer.YES, False, True, True),
        (DutyAnswer.NO, True, False, False),
        (None, True, True, False),
        (None, True, False, True),
        (None, False, False, None),
    ],
)
def test_nothing_said_is_not_available(
    answer: DutyAnswer | None, offered: bool, clash: bool, available: bool | None
) -> None:
    found = rules.is_available(
        answer=answer, is_offered=offered, clash=span(0, 1) if clash else None
    )
    assert found is available


def test_a_time_that_cannot_be() -> None:
    assert "ends before it begins" in str(rules.problem_with_time(AT, AT))
    assert "31 days" in str(rules.problem_with_time(AT, AT + dt.timedelta(days=32)))
    assert rules.problem_with_time(AT, AT + HOUR) is None
