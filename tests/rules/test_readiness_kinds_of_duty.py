"""Travel and stand-by count where a rule counts them, and nowhere else (`FIELD.md` 6, `ROSTER.md`
4.2: travel to and from an assignment is no day of it)."""

from __future__ import annotations

from dataclasses import replace

from homeby.readiness.rules.duties import counted_as
from homeby.readiness.rules.packs import DutyKind, RuleKind
from homeby.readiness.rules.rest import both_directions, of_a_kind
from tests.rules.readiness_samples import NOW, at, duties, pack

NO_TRAVEL = frozenset({DutyKind.WORK, DutyKind.STAND_BY})
ROW = pack(RuleKind.DAYS_IN_A_ROW, days=3, days_off=1, counts=NO_TRAVEL)
THREE = [(-24.0 * day - 9, -24.0 * day - 1) for day in range(3)]


def test_a_duty_of_the_calendar_counts_as_what_it_is() -> None:
    kinds = ["SHIFT", "TRAINING", "ACTIVITY", "TRAVEL", "STAND_BY"]
    work = DutyKind.WORK
    assert [counted_as(one) for one in kinds] == [work] * 3 + [DutyKind.TRAVEL, DutyKind.STAND_BY]


def test_a_limit_says_nothing_of_a_duty_that_it_does_not_count() -> None:
    facts, span = duties(*THREE), {"begins": at(12), "ends": at(16), "now": NOW}
    assert both_directions(facts, ROW, **span), "a fourth day of work"
    assert of_a_kind(DutyKind.STAND_BY, facts, ROW, **span), "stand-by at the station counts"
    assert not of_a_kind(DutyKind.TRAVEL, facts, ROW, **span), "the way home is no day of it"


def test_travel_makes_no_duty_after_it_too_much_where_it_does_not_count() -> None:
    two = [(-24.0 * day - 9, -24.0 * day - 1) for day in range(2)]
    facts = duties(*two, (36, 40))
    span = {"begins": at(12), "ends": at(16), "now": NOW}
    assert [one.before for one in both_directions(facts, ROW, **span)] == [at(36)]
    assert not of_a_kind(DutyKind.TRAVEL, facts, ROW, **span)
    way = duties((12, 16), kind=DutyKind.TRAVEL).duties
    travelled = replace(facts, duties=(*facts.duties[:2], *way))
    assert not both_directions(travelled, ROW, begins=at(36), ends=at(40), now=NOW)


def test_rest_after_work_holds_for_travel_too() -> None:
    facts = duties((-9, -1))
    span = {"begins": at(1), "ends": at(3), "now": NOW}
    rest = pack(RuleKind.REST_AFTER, hours=11, counts=frozenset({DutyKind.WORK}))
    assert of_a_kind(DutyKind.TRAVEL, facts, rest, **span), "who must rest does not drive"
