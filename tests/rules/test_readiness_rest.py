"""Who is resting, by which rule, until when: each kind of rule at its edges."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeby.instants.local import zone_info
from homeby.readiness.rules.duties import Duty, RestFacts, half_day_from
from homeby.readiness.rules.packs import DutyKind, RuleKind
from homeby.readiness.rules.rest import (
    Block,
    as_read,
    blocks,
    both_directions,
    rest_until,
    resting,
)
from homeby.readiness.rules.rest_said import sentence, sentences
from tests.rules.readiness_samples import NOW, PACKS, ZONE, at, duties, pack

ELEVEN = pack(RuleKind.REST_AFTER, hours=11)
HALF = pack(RuleKind.REST_AFTER, hours=11, share=0.5)
CAPPED = pack(RuleKind.REST_AFTER, hours=11, share=0.5, hours_most=12)
RATIO = pack(RuleKind.WORK_RATIO, work_hours=2, rest_hours=1, begins=dt.time(6))
DAILY = pack(RuleKind.DAILY_REST, hours=11)
WEEKLY = pack(RuleKind.WEEKLY_REST, hours=35, days=7)
NIGHT = pack(RuleKind.NIGHT_REST, hours=11, begins=dt.time(0), ends=dt.time(6))
LONGEST = pack(RuleKind.LONGEST_DUTY, hours=16)
WEEK = pack(RuleKind.HOURS_IN_DAYS, hours=84, days=7)
ROW = pack(RuleKind.DAYS_IN_A_ROW, days=14, days_off=2)
Spans = list[tuple[float, float]]


def hours_until(facts: RestFacts, by: Any, *, begins: float = 0, ends: float = 0) -> object:
    """When the one block ends, in hours from now; "never" without an end, None without a block."""
    found = blocks(facts, by, begins=at(begins), ends=at(max(begins, ends)), now=NOW)
    if not found:
        return None
    (block,) = found
    return "never" if block.until is None else (block.until - NOW).total_seconds() / 3600


@pytest.mark.parametrize(
    ("by", "spans", "until"),
    [
        (ELEVEN, [(-9, -1)], 10),
        (ELEVEN, [(-19, -11)], None),  # to the second
        (ELEVEN, [(-19, -10.999)], 0.001),
        (ELEVEN, [], None),
        (HALF, [(-31, -1)], 14),  # half of thirty hours
        (CAPPED, [(-31, -1)], 11),
        (HALF, [(-31, -1), (-20, -5)], 14),  # one within the other is one duty
        (HALF, [(-31, -11), (-11, -1)], 14),  # they touch: one
        (HALF, [(-25, -5), (-1, -0.5)], 10.5),  # the rest was broken
        (HALF, [(-45, -15), (-6, -1)], 16.5),  # 15 h were owed and 9 had: 35 h count together
        (HALF, [(-60, -30), (-6, -1)], 10),  # 15 h were owed and 24 had
        (RATIO, [(-13, -1)], 5),  # twelve hours, six off
        (RATIO, [(-14, -9), (-8, -1)], 4),  # twelve, six off, of which one was had
        (RATIO, [(-20, -4)], 4),  # begun before six: it counts whole
        (RATIO, [(-13, -7)], None),  # three off were had
        (DAILY, [(-10, -1)], None),  # three hours of the day are left
        (DAILY, [(-13, -1)], 10),  # none is left
        (DAILY, [(-13, -11), (-3, -1)], 10),  # a day in two parts
        (DAILY, [(-30, -14), (-3, -1)], None),
        (WEEKLY, [(-24 * day - 9, -24 * day - 1) for day in range(7)], 34),
        (WEEKLY, [(-24 * day - 9, -24 * day - 1) for day in range(6)], None),
        (NIGHT, [(-20, -1)], 10),  # from 01:00 local
        (NIGHT, [(-14.99, -1)], None),  # from 06:00 local
        (NIGHT, [(-26, -21)], None),  # ended at midnight, to the second
        (NIGHT, [(-26, -20.9)], None),  # touched the night, and eleven hours passed
        (LONGEST, [(-20, -1)], None),  # past, it limits nothing
        (WEEK, [(-24 * day - 13, -24 * day - 1) for day in range(7)], 11),  # 84 h: when one leaves
        (WEEK, [(-24 * day - 13, -24 * day - 1.1) for day in range(7)], None),
    ],
)
def test_how_long_each_kind_of_rule_lets_her_rest(by: Any, spans: Spans, until: object) -> None:
    found = hours_until(duties(*spans), by)
    assert found == (None if until is None else pytest.approx(until, abs=1e-6))


@pytest.mark.parametrize(
    ("by", "spans", "ends", "until"),
    [
        (LONGEST, [], 16, None),
        (LONGEST, [], 16.01, "never"),
        (LONGEST, [(-4, 0)], 13, "never"),  # it goes on: seventeen hours
        (LONGEST, [(-4, -1)], 13, None),
        (DAILY, [], 13, None),
        (DAILY, [], 13.5, "never"),
        (DAILY, [(-8, -2)], 5, None),
        (DAILY, [(-8, -2)], 5.5, 9),
        (WEEK, [(-50, -10)], 44, None),
        (WEEK, [(-50, -10)], 45, 74),  # by then the first of its forty hours has left the week
        (WEEK, [], 85, "never"),
        (ROW, [(-24 * day - 9, -24 * day - 1) for day in range(14)], 3.1, 51),  # past midnight
        (ROW, [(-24 * day - 9, -24 * day - 1) for day in range(14)], 2, None),  # the same day
        (ROW, [(-24 * day - 9, -24 * day - 1) for day in range(13)], 3.1, None),
        (ROW, [], 24 * 15, "never"),
    ],
)
def test_what_a_planned_duty_may_be(by: Any, spans: Spans, ends: float, until: object) -> None:
    found = hours_until(duties(*spans), by, ends=ends)
    assert found == (until if until in (None, "never") else pytest.approx(until, abs=1e-6))


def test_one_day_off_does_not_break_a_row_and_two_do() -> None:
    row = [(-24 * day - 9, -24 * day - 1) for day in range(20) if day != 5]
    assert hours_until(duties(*row), ROW, begins=12, ends=13) == pytest.approx(51)
    row = [(-24 * day - 9, -24 * day - 1) for day in range(20) if day not in (5, 6)]
    assert hours_until(duties(*row), ROW, begins=12, ends=13) is None


def test_travel_counts_only_where_the_pack_says_so() -> None:
    days = [(-24.0 * day - 9, -24.0 * day - 1) for day in range(14)]
    travelled = duties(*days, kind=DutyKind.TRAVEL)
    rules = {
        block.rule.key
        for block in blocks(travelled, PACKS["nwcg"], begins=at(12), ends=at(13), now=NOW)
        if block.rule
    }
    assert "fourteen-days" not in rules
    worked = blocks(duties(*days), PACKS["nwcg"], begins=at(12), ends=at(13), now=NOW)
    assert "fourteen-days" in {block.rule.key for block in worked if block.rule}


def test_rest_starts_from_the_release_and_not_before() -> None:
    """Signed in an hour ago and not released: no rest has begun; released: it begins then."""
    (block,) = resting(duties((-9, None)), ELEVEN, now=NOW)
    assert (block.rule, block.until, block.since) == (None, None, at(-9))
    assert "rest starts with the release" in sentence(block, zone=ZONE, now=NOW)
    assert rest_until([block]) is None
    assert hours_until(duties((-9, 0)), ELEVEN) == 11


def test_an_open_duty_speaks_against_another_until_it_is_expected_to_end() -> None:
    out = RestFacts(duties=(Duty(began_at=at(-9), expected_at=at(5)),), zone=ZONE)
    now = blocks(out, ELEVEN, begins=at(4), ends=at(6), now=NOW)
    assert [block.rule for block in now] == [None]
    tomorrow = blocks(out, ELEVEN, begins=at(10), ends=at(12), now=NOW)
    assert [block.until for block in tomorrow] == [at(16)]


def test_a_limit_is_named_while_the_duty_goes_on() -> None:
    found = blocks(duties((-17, None)), LONGEST, begins=NOW, ends=NOW, now=NOW)
    assert [block.rule and block.rule.kind for block in found] == [None, RuleKind.LONGEST_DUTY]


def test_a_conflict_is_found_in_both_directions() -> None:
    planned = RestFacts(duties=(Duty(began_at=at(20), released_at=at(28)),), zone=ZONE)
    (block,) = both_directions(planned, ELEVEN, begins=at(2), ends=at(10), now=NOW)
    assert (block.before, block.until) == (at(20), at(21))
    assert both_directions(planned, ELEVEN, begins=at(2), ends=at(9), now=NOW) == []
    assert "For the next duty at" in sentence(block, zone=ZONE, now=NOW)
    (over,) = both_directions(planned, ELEVEN, begins=at(15), ends=at(24), now=NOW)
    assert over.before == at(20), "one that begins before this one ends comes too early as well"


@pytest.mark.parametrize("begins", [1, 2, 3])
@pytest.mark.parametrize("pack", [ELEVEN, replace(ELEVEN, rules=())])
def test_nobody_is_on_two_duties_at_one_time_whatever_the_rules(begins: int, pack: Any) -> None:
    """Two that begin in the same instant are neither before nor after each other."""
    planned = RestFacts(duties=(Duty(began_at=at(begins), released_at=at(4)),), zone=ZONE)
    found = both_directions(planned, pack, begins=at(2), ends=at(6), now=NOW)
    assert len(found) == 1
    if begins == 2 or not pack.rules:
        assert (found[0].since, found[0].until) == (at(begins), at(4))
        assert "nobody is on two at one time" in sentence(found[0], zone=ZONE, now=NOW)
    if not pack.rules:
        assert both_directions(planned, pack, begins=at(4), ends=at(6), now=NOW) == []


spans = st.lists(st.tuples(st.floats(-600, -0.01), st.floats(0, 40)), max_size=12).map(
    lambda found: [(begins, min(0.0, begins + length)) for begins, length in found]
)


@given(spans=spans, name=st.sampled_from(sorted(PACKS)), order=st.randoms())
@settings(max_examples=60)
def test_whatever_the_duties_every_block_has_an_end_still_to_come(
    spans: Spans, name: str, order: Any
) -> None:
    """And the order in which duties are handed in changes nothing; waiting always helps."""
    facts = duties(*spans)
    found = resting(facts, PACKS[name], now=NOW)
    mixed = list(facts.duties)
    order.shuffle(mixed)
    assert resting(replace(facts, duties=tuple(mixed)), PACKS[name], now=NOW) == found
    for block in found:
        assert block.until is not None
        assert block.until > NOW
        assert block.rule is not None
        assert block.rule.name in sentence(block, zone=ZONE, now=NOW)
    until = rest_until(found)
    if until is not None:
        assert resting(facts, PACKS[name], now=until) == []


@given(spans=spans, more=st.tuples(st.floats(-60, -1), st.floats(0.1, 1)))
@settings(max_examples=60)
def test_another_duty_never_shortens_a_rest(spans: Spans, more: tuple[float, float]) -> None:
    """Whoever was called in between rests at least as long as whoever was not."""

    def until(found: list[Block]) -> dt.datetime:
        return rest_until(found) or NOW

    before = until(resting(duties(*spans), HALF, now=NOW))
    called = (more[0], more[0] + more[1])
    assert until(resting(duties(*spans, called), HALF, now=NOW)) >= before


@pytest.mark.parametrize(
    ("begins", "ends", "until"),
    [
        # 25 October 2026: 03:00 becomes 02:00. Eleven hours are eleven, whatever the clock shows.
        ("2026-10-24 20:00 +02:00", "2026-10-25 01:00 +02:00", "2026-10-25 11:00 +01:00"),
        # 29 March 2026: 02:00 becomes 03:00.
        ("2026-03-28 20:00 +01:00", "2026-03-29 01:00 +01:00", "2026-03-29 13:00 +02:00"),
        ("2026-12-31 20:00 +01:00", "2027-01-01 01:00 +01:00", "2027-01-01 12:00 +01:00"),
    ],
)
def test_hours_of_rest_are_hours_when_clocks_change(begins: str, ends: str, until: str) -> None:
    first, last, expected = (
        dt.datetime.fromisoformat(one.replace(" +", "+")) for one in (begins, ends, until)
    )
    facts = RestFacts(duties=(Duty(began_at=first, released_at=last),), zone=ZONE)
    (block,) = resting(facts, ELEVEN, now=last)
    assert block.until == expected


def test_a_local_night_and_local_days_follow_the_clocks() -> None:
    """The night of the change: 05:30 summer time would be 04:30 winter time, both in the night."""
    ends = dt.datetime(2026, 10, 25, 4, 30, tzinfo=dt.UTC)  # 05:30 local, after the change
    facts = RestFacts(
        duties=(Duty(began_at=ends - dt.timedelta(hours=0.4), released_at=ends),), zone=ZONE
    )
    assert [block.until for block in resting(facts, NIGHT, now=ends)] == [
        ends + dt.timedelta(hours=11)
    ]
    later = replace(
        facts,
        duties=(
            Duty(began_at=ends + dt.timedelta(hours=0.6), released_at=ends + dt.timedelta(hours=1)),
        ),
    )
    assert resting(later, NIGHT, now=ends + dt.timedelta(hours=1)) == []


@given(minute=st.integers(0, 366 * 24 * 60))
@settings(max_examples=300, deadline=None)
def test_a_half_day_is_never_before_and_at_most_thirteen_hours_after(minute: int) -> None:
    end = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)
    found = half_day_from(end, ZONE)
    assert end <= found <= end + dt.timedelta(hours=13), "a day on which clocks go back has 25"
    assert found.astimezone(zone_info(ZONE)).time() in (dt.time(0), dt.time(12))


def test_whoever_may_not_see_a_return_reads_the_same_whenever_it_was() -> None:
    """Of a rest by a rule, within half a day; and never an hour at which she still rests."""
    said = set()
    for minutes in range(0, 120, 7):  # home between one and three hours ago
        ends = -1 - minutes / 60
        facts = duties((-9, ends))
        found = resting(facts, ELEVEN, now=NOW)
        assert found[0].until is not None
        (read,) = as_read(found, (), begins=NOW, now=NOW, zone=ZONE)
        assert read.told is not None
        assert read.told >= found[0].until
        said.add(sentences([read], zone=ZONE, now=NOW)[0])
    assert len(said) == 1, said
    (known,) = as_read(found, found, begins=NOW, now=NOW, zone=ZONE)
    assert known.told is None, "whoever sees the return reads it as it is"
