"""What is looked up and not reckoned anew, as "who can go?" is asked of hundreds of people: it says
what the long way says, whatever the duties are."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from homeby.readiness.rules import limits
from homeby.readiness.rules.duties import Duty, Past, RestFacts, spans_before
from homeby.readiness.rules.packs import DutyKind, Pack, RuleKind
from homeby.readiness.rules.rest import blocks, both_directions
from tests.rules.readiness_samples import NOW, PACKS, ZONE, at, pack

COUNTS = (frozenset(DutyKind), frozenset({DutyKind.WORK}), frozenset({DutyKind.TRAVEL}))


def _duty(said: tuple[float, float, str, DutyKind]) -> Duty:
    begins, lasts, how, kind = said
    ends = at(begins + lasts)
    return Duty(
        began_at=at(begins),
        released_at=ends if how == "released" else None,
        expected_at=ends if how == "expected" else None,
        kind=kind,
    )


#: Many whole numbers of hours, so that spans touch and are equal; some are too long ago to count.
_HOURS = st.one_of(st.integers(-240, 96), st.integers(-9700, -9400), st.floats(-400, 100))
FACTS = st.lists(
    st.tuples(
        _HOURS,
        st.one_of(st.integers(0, 40), st.floats(-1, 40)),
        st.sampled_from(["released", "released", "expected", "open"]),
        st.sampled_from(DutyKind),
    ).map(_duty),
    max_size=14,
).map(lambda found: RestFacts(duties=tuple(found), zone=ZONE))
FROM = st.one_of(st.integers(-60, 72), st.floats(-60, 72))
LASTS = st.one_of(st.integers(0, 30), st.floats(0, 30))
#: Short ones, which so few duties reach.
SHORT = [
    pack(RuleKind.DAYS_IN_A_ROW, days=4, days_off=1),
    pack(RuleKind.DAYS_IN_A_ROW, days=5, days_off=2, counts=frozenset({DutyKind.WORK})),
    pack(RuleKind.HOURS_IN_DAYS, hours=20, days=2),
    pack(RuleKind.HOURS_IN_DAYS, hours=30, days=7, average_days=21),
]
LONG_AGO = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


@given(facts=FACTS, begins=FROM, lasts=LASTS)
@settings(max_examples=150)
def test_what_lay_before_is_what_the_long_way_finds(
    facts: RestFacts, begins: float, lasts: float
) -> None:
    past = Past(facts, now=NOW)
    added = (at(begins), at(begins + lasts))
    later = min((one.began_at for one in facts.duties if one.began_at > added[0]), default=None)
    more = replace(facts, duties=(*facts.duties, Duty(*added)))
    for counts in COUNTS:
        said: dict[str, Any] = {"now": NOW, "counts": counts}
        assert past.before(added[0], counts=counts) == spans_before(facts, begins=added[0], **said)
        if later is not None:
            with_it = past.before(later, counts=counts, added=added)
            assert with_it == spans_before(more, begins=later, **said)


#: Days in a row though almost two days lie between two of the duties.
APART = RestFacts(
    duties=tuple(_duty((hours, 1, "released", DutyKind.WORK)) for hours in (-96, -49, -28, -4)),
    zone=ZONE,
)


@example(facts=APART, begins=26, lasts=2, by=SHORT[0])
@given(facts=FACTS, begins=FROM, lasts=LASTS, by=st.sampled_from([*PACKS.values(), *SHORT, *SHORT]))
@settings(max_examples=200)
def test_in_both_directions_it_is_as_if_the_duty_had_been_planned(
    facts: RestFacts, begins: float, lasts: float, by: Pack
) -> None:
    span = {"begins": at(begins), "ends": at(begins + lasts)}
    from_the_first = partial(limits._worked_since, after=LONG_AGO)
    with pytest.MonkeyPatch.context() as long_way:
        long_way.setattr(limits, "_is_short_row", lambda asked, **said: False)
        long_way.setattr(
            limits, "_worked_since",
            lambda past, allowed, *, after, touching: from_the_first(
                past, allowed, touching=touching
            ),
        )  # fmt: skip
        expected = _plainly(facts, by, span)
    found = both_directions(facts, by, **span, now=NOW)
    if expected:
        assert found == expected
    else:  # nobody is on two at one time, whatever the rules say
        assert [one.rule for one in found] == [None] * _is_at_one_time(facts, **span)


def _is_at_one_time(facts: RestFacts, *, begins: dt.datetime, ends: dt.datetime) -> bool:
    last = [one.released_at or max(NOW, one.expected_at or NOW) for one in facts.duties]
    there = zip([one.began_at for one in facts.duties], last, strict=True)
    return begins != ends and any(since < ends and begins < until for since, until in there)


def _plainly(facts: RestFacts, by: Pack, span: Any) -> list[Any]:
    found = blocks(facts, by, **span, now=NOW)
    after = [one for one in facts.duties if one.began_at > span["begins"]]
    if not after or span["begins"] == span["ends"]:
        return found
    following = min(after, key=lambda one: one.began_at)
    begins = following.began_at
    ends = max(begins, following.released_at or following.expected_at or begins)
    more = Duty(began_at=span["begins"], released_at=span["ends"])
    added = replace(facts, duties=(*facts.duties, more))
    then = blocks(added, by, begins=begins, ends=ends, now=NOW)
    then = [one for one in then if not _is_of_another_kind(one, following.kind)]
    already = {one.rule for one in blocks(facts, by, begins=begins, ends=ends, now=NOW)}
    return found + [replace(one, before=begins) for one in then if one.rule not in already]


def _is_of_another_kind(found: Any, kind: DutyKind) -> bool:
    """Whether a limit was judged for a duty that it does not count."""
    limits_it = {RuleKind.LONGEST_DUTY, RuleKind.HOURS_IN_DAYS, RuleKind.DAYS_IN_A_ROW}
    rule = found.rule
    return rule is not None and rule.kind in limits_it and kind not in rule.counts
