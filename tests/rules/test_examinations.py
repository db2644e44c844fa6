"""Examinations, special units and changes of team: what is wrong, in sentences, case by case."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.readiness.rules import examinations, special_units, team_changes
from homeby.readiness.rules.team_changes import Side

TODAY = dt.date(2026, 11, 20)
HER, MENTOR, HEAD, OTHER = (uuid.UUID(int=number) for number in range(1, 5))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (TODAY, ""),
        (TODAY + dt.timedelta(days=730), ""),
        (TODAY - dt.timedelta(days=1), "has passed"),
        (dt.date(2024, 2, 29), "has passed"),
        (TODAY + dt.timedelta(days=731), "more than two years ahead"),
        (dt.date.max, "more than two years ahead"),
    ],
)
def test_a_day_of_an_examination_can_be(day: dt.date, said: str) -> None:
    assert _fits(examinations.problem_with_held_date(day, today=TODAY), said)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (TODAY, ""),
        (TODAY - dt.timedelta(days=1), "lies before the examination"),
        (dt.date.max, "two years"),
    ],
)
def test_a_day_to_try_again_comes_after(day: dt.date, said: str) -> None:
    assert _fits(examinations.problem_with_retake_date(day, held=TODAY), said)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Knots\n\n  Radio   work ", ["Knots", "Radio work"]),
        ("", "at least one part"),
        ("Knots\nKnots", "Line 2: Knots stands there twice"),
        ("x" * 201, "Line 1 has 201 characters"),
        ("\n".join(str(number) for number in range(21)), "These are 21 parts"),
    ],
)
def test_parts_are_read_or_the_line_is_named(text: str, found: list[str] | str) -> None:
    read = examinations.parse_parts(text)
    assert read == found if isinstance(found, list) else str(found) in str(read)


@pytest.mark.parametrize(
    ("to", "said"),
    [(HER, "her own"), (HEAD, "had a part"), (MENTOR, "A mentor"), (OTHER, "")],
)
def test_an_appeal_goes_to_somebody_who_had_no_part(to: uuid.UUID, said: str) -> None:
    found = examinations.problems_with_appeal(
        candidate=HER, to=to, involved=[HEAD], mentors=[MENTOR]
    )
    assert _fits(" ".join(found), said)


def test_an_appeal_is_in_time_through_its_last_day() -> None:
    last = TODAY + dt.timedelta(days=examinations.APPEAL_DAYS)
    assert not examinations.problem_with_appeal_date(TODAY, today=last)
    late = examinations.problem_with_appeal_date(TODAY, today=last + dt.timedelta(days=1))
    assert "20 Dec" in late or "2026" in late


@pytest.mark.parametrize(("board", "wrong"), [({HEAD}, True), ({HEAD, OTHER}, False)])
def test_whoever_approved_does_not_examine_alone(board: set[uuid.UUID], wrong: bool) -> None:
    found = examinations.problems_with_approver_on_board(approver=HEAD, examiners=board)
    assert bool(found) is wrong


@pytest.mark.parametrize(
    ("side", "by", "said"),
    [
        (Side.PERSON, HER, ""),
        (Side.PERSON, HEAD, "each for herself"),
        (Side.TO, HER, "each for herself"),
        (Side.TO, OTHER, ""),
        (Side.TO, HEAD, "for the other team"),
        (Side.FROM, OTHER, "agreed already"),
    ],
)
def test_three_people_agree_each_for_one_side(side: Side, by: uuid.UUID, said: str) -> None:
    agreed = {Side.FROM: HEAD}
    assert _fits(team_changes.problem_with_agreement(side, by, agreed, person=HER), said)


@pytest.mark.parametrize(
    ("hours", "said"), [(0, ""), (-1, "has passed"), (24 * 300, ""), (24 * 367, "a year ahead")]
)
def test_a_change_of_team_begins_in_reach(hours: int, said: str) -> None:
    now = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    found = team_changes.problem_with_effective(now + dt.timedelta(hours=hours), now=now)
    assert _fits(found, said)


def test_a_unit_has_names_that_fit() -> None:
    assert not special_units.problems_with_unit(name="Nightjar", callsign="")
    assert set(special_units.problems_with_unit(name=" ", callsign="x" * 61)) == {
        "name",
        "callsign",
    }
    assert "101" in special_units.problems_with_unit(name="x" * 101, callsign="")["name"]


def _fits(found: str, said: str) -> bool:
    return said in found if said else found == ""
