"""A mission of more than a day is judged to its end: twelve hours of work in each of its days, and
all of its days in a row (`ROSTER.md` 4.2)."""

from __future__ import annotations

from typing import Any

import pytest

from homeby.readiness.rules.packs import RuleKind
from homeby.readiness.rules.rest import of_a_mission
from tests.rules.readiness_samples import NOW, PACKS, at, duties, pack

DAY = 24
WEEKLY = pack(RuleKind.WEEKLY_REST, hours=35, days=7)
WEEK = pack(RuleKind.HOURS_IN_DAYS, hours=84, days=7)
LESS = pack(RuleKind.HOURS_IN_DAYS, hours=80, days=7)
ROW = pack(RuleKind.DAYS_IN_A_ROW, days=14, days_off=2)
LONGEST = pack(RuleKind.LONGEST_DUTY, hours=16)
DAILY = pack(RuleKind.DAILY_REST, hours=11)
#: Ten days with eight hours each, the last of which ended an hour ago.
TEN = [(-DAY * day - 9, -DAY * day - 1) for day in range(10)]
Spans = list[tuple[float, float]]


@pytest.mark.parametrize(
    ("by", "spans", "lasts", "until"),
    [
        (ROW, [], 10 * DAY, None),
        (ROW, [], 15 * DAY, "never"),  # longer than anybody may go on
        (ROW, [], 13 * DAY + 2, None),  # from 21:00 to 23:00: fourteen days
        (ROW, [], 13 * DAY + 4, "never"),  # past midnight: fifteen
        (ROW, TEN, 2 * DAY, None),
        (ROW, TEN, 5 * DAY, 51),  # after Saturday and Sunday: the Monday begins
        (WEEK, [], 20 * DAY, None),  # seven times twelve is what a week may hold
        (WEEK, [(-10, -2)], 6 * DAY, None),  # 72 and 8
        (WEEK, [(-10, -2)], 7 * DAY, 10),  # 84 and 8, until the seven days begin after the shift
        (WEEK, [(-10, -2)], 6 * DAY + 4, None),  # 72, 4 and 8
        (WEEK, [(-10, -2)], 6 * DAY + 5, 10),  # an hour more: one of the shift must be out of it
        (WEEKLY, [], 6 * DAY, None),  # its work ends 132 h after its begin, and 133 are left
        (WEEKLY, [], 6 * DAY + 1, "never"),
        (WEEKLY, [(-10, -2)], 5 * DAY, None),
        (WEEKLY, [(-10, -2)], 6 * DAY, 33),  # with a whole rest before it, as long as it may be
        (LONGEST, [], 3 * DAY, None),
        (DAILY, [], 3 * DAY, None),
    ],
)
def test_what_a_long_mission_breaks_is_found_to_its_end(
    by: Any, spans: Spans, lasts: float, until: object
) -> None:
    found = of_a_mission(duties(*spans), by, begins=NOW, ends=at(lasts), now=NOW)
    said = [
        "never" if one.until is None else (one.until - NOW).total_seconds() / 3600 for one in found
    ]
    assert said == ([] if until is None else [pytest.approx(until) if until != "never" else until])


def test_the_duty_after_it_counts_all_of_its_days() -> None:
    facts = duties((13 * DAY + 14, 13 * DAY + 20))  # on the fifteenth day
    found = of_a_mission(facts, ROW, begins=NOW, ends=at(12 * DAY + 20), now=NOW)
    assert [one.before for one in found] == [at(13 * DAY + 14)]
    assert not of_a_mission(facts, ROW, begins=NOW, ends=at(10 * DAY), now=NOW), "two days off"


@pytest.mark.parametrize(
    ("by", "lasts", "after", "until"),
    [
        (WEEK, 6 * DAY, (6 * DAY + 12, 6 * DAY + 20), None),  # 72 and 8
        (WEEK, 6 * DAY, (6 * DAY + 6, 6 * DAY + 19), True),  # 72 and 13
        (WEEK, 6 * DAY, (9 * DAY, 9 * DAY + 13), None),  # its first days are out of the week
        (WEEKLY, 5 * DAY, (5 * DAY + 24, 5 * DAY + 32), None),  # 36 h between its work and the next
        (WEEKLY, 5 * DAY, (6 * DAY + 20, 6 * DAY + 28), None),
        (WEEKLY, 6 * DAY, (6 * DAY + 12, 6 * DAY + 20), True),  # a day of work and 24 h, no 35
        (WEEK, 6 * DAY, (6 * DAY + 12, 8 * DAY), None),  # the next is long itself: day by day
        (LESS, 6 * DAY, (6 * DAY + 12, 8 * DAY), True),
    ],
)
def test_the_duty_after_a_long_mission_is_judged_by_hours_and_weekly_rest(
    by: Any, lasts: float, after: tuple[float, float], until: bool | None
) -> None:
    facts = duties(after)
    found = of_a_mission(facts, by, begins=NOW, ends=at(lasts), now=NOW)
    assert [one.before for one in found] == ([at(after[0])] if until else [])
    assert not of_a_mission(duties(), by, begins=NOW, ends=at(lasts), now=NOW), "only by the next"


def test_what_the_next_duty_breaks_anyhow_is_no_fault_of_the_mission() -> None:
    facts = duties((10 * DAY, 14 * DAY))
    shift = pack(RuleKind.HOURS_IN_DAYS, hours=30, days=7)
    found = of_a_mission(facts, shift, begins=NOW, ends=at(2 * DAY), now=NOW)
    assert not found


def test_each_rule_of_a_pack_is_said_once() -> None:
    for by in PACKS.values():
        found = of_a_mission(duties(*TEN), by, begins=NOW, ends=at(30 * DAY), now=NOW)
        rules = [one.rule.key for one in found if one.rule is not None]
        assert len(rules) == len(set(rules)), by.key
