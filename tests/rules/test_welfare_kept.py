"""What is put away of a team and taken out again is the same to the last bit, takes little room,
and goes on from wherever the records part from it (`LEFTOUT.md` 3 and 8)."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Sequence
from dataclasses import replace

import pytest

from homeby.welfare.rules.activities import CaseClosed, Choice, Together, decisions
from homeby.welfare.rules.contact import allowed, silence
from homeby.welfare.rules.kept import digest, is_kept, packed, unpacked
from homeby.welfare.rules.left_out import Happened, Team
from homeby.welfare.rules.replaying import Played, deciders, first_that_differs, play
from homeby.welfare.rules.switch import Period, begun
from tests.rules.test_welfare_facts import DAY, WEEK
from tests.rules.test_welfare_left_out import FROM, PROMISE, mission, some_log


def some_past(seed: int) -> list[Happened]:
    """A team's year, a case that was closed, and the search switched on and promised otherwise."""
    on = Period(id=uuid.UUID(int=1), from_at=FROM + 2 * WEEK, to_at=FROM + 20 * WEEK,
                one_in_years=100)  # fmt: skip
    more = replace(on, id=uuid.UUID(int=2), from_at=FROM + 20 * WEEK, to_at=None, one_in_years=500)
    case = CaseClosed(key="concern:1", who="a", at=FROM + 9 * WEEK, is_lasting=seed % 2 > 0)
    return sorted([*decisions(some_log(seed)), case, *begun([on, more])], key=lambda one: one.order)


def played(happened: Sequence[Happened]) -> Played:
    return play(Team(promise=PROMISE), None, happened, newest=happened[-1].order[0])


@pytest.mark.parametrize("seed", range(4))
def test_put_away_between_any_two_it_comes_to_the_same(seed: int) -> None:
    happened = some_past(seed)
    whole = played(happened)
    assert whole.stands is not None
    team, until = Team(promise=PROMISE), None
    found = []
    for number, one in enumerate(happened, 1):
        step = play(team, until, happened[:number], newest=one.order[0])
        assert step.stands is not None
        found += step.found
        again = unpacked(step.stands.body)
        assert again is not None
        assert packed(again) == step.stands.body
        team, until = again, step.stands.until
    assert (found, packed(team)) == (whole.found, whole.stands.body)
    for stood in whole.months.values():
        back = unpacked(stood.body)
        assert back is not None
        later = play(back, stood.until, happened, newest=happened[-1].order[0])
        assert later.stands == whole.stands
        assert [one for one in whole.found if (one.at, one.key) > stood.until] == later.found


def test_a_record_that_is_another_one_is_noticed_and_one_that_is_not_is_not() -> None:
    happened = some_past(3)
    held = {one.order: digest(one) for one in happened}
    assert first_that_differs(held, [*some_past(3)]) is None
    group = next(one for one in happened if isinstance(one, Together))
    (first, *others) = group.activities
    other = replace(first, candidates=first.candidates[1:])
    changed = replace(group, activities=(other, *others))
    put = [changed if one is group else one for one in happened]
    assert first_that_differs(held, put) == group.order
    assert first_that_differs(held, happened[:-1]) == happened[-1].order


def test_a_member_takes_less_than_a_kilobyte_however_long() -> None:
    lot, who = random.Random(7), [str(uuid.UUID(int=lot_of)) for lot_of in range(1, 9)]
    log = []
    for number in range(130):
        went = set(lot.sample(who, lot.choice([3, 4, 5])))
        log.append(mission(number, went, set(who) - went))
    stood = played([*decisions(log)]).stands
    assert stood is not None
    assert len(stood.body) / len(who) < 1024


def test_months_are_kept_the_denser_the_newer_and_never_come_back() -> None:
    kept = [one for one in range(24_000, 24_121) if is_kept(one, newest=24_120)]
    assert len(kept) < 14
    assert kept[-3:] == [24_118, 24_119, 24_120]
    for month in range(24_000, 24_060):
        ever = [is_kept(month, newest=newest) for newest in range(month, 24_200)]
        assert ever == sorted(ever, reverse=True)


def test_what_cannot_be_read_is_made_again() -> None:
    assert unpacked(b"") is None
    assert unpacked(packed(Team(promise=PROMISE))[:-3]) is None


def test_before_it_was_on_nothing_speaks_against_anybody() -> None:
    log = [*decisions([mission(n, {"b"}, {"a"}) for n in range(50)])]
    never = played(log).found
    at = log[15].order[0] + DAY
    on = begun([Period(id=uuid.UUID(int=1), from_at=at, to_at=None, one_in_years=100)])
    found = played(sorted([*log, *on], key=lambda one: one.order)).found
    assert at < never[0].at < found[0].at, "what was before speaks against nobody"
    assert found[0].at - at > never[0].at - log[0].order[0] - WEEK


def lived_with(*absent_from: int) -> Team:
    """A team of three that meets twice a week; one of them is not there from a number on."""
    team = Team(promise=PROMISE)
    for number in range(40):
        crew = {"b", "c"} if number in range(*absent_from) else {"a", "b", "c"}
        one = mission(number, crew, {"a", "b", "c"} - crew, choice=None)
        for decided in decisions([one]):
            team.take(decided)
    return team


def test_nothing_done_with_anybody_for_long_is_asked_after() -> None:
    team = lived_with(20, 40)
    met = FROM + 19 * WEEK / 2
    assert allowed(team) == 21 * DAY
    assert silence(team, "a", away=(), now=met + 20 * DAY) is None
    found = silence(team, "a", away=(), now=met + 21 * DAY)
    assert found is not None
    assert found.since == met
    on_leave = [(met + DAY, met + 8 * DAY), (met + 5 * DAY, met + 11 * DAY)]
    assert silence(team, "a", away=on_leave, now=met + 30 * DAY) is None
    assert silence(team, "a", away=on_leave, now=met + 31 * DAY) is not None
    assert silence(team, "b", away=(), now=met + 80 * DAY) is None, "they did nothing without her"


def test_whoever_decides_is_known_for_as_long_as_it_counts() -> None:
    one, other = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
    log = decisions(
        [
            mission(0, {"b"}, {"a"}, planned_by=frozenset({one})),
            mission(120, {"b"}, {"a"}, choice=Choice(not_drawn=frozenset({other}))),
        ]
    )
    now: dt.datetime = FROM + 61 * WEEK
    assert deciders(log, now=now) == {uuid.UUID(other)}
    assert deciders(log, now=FROM + 59 * WEEK) == {uuid.UUID(one), uuid.UUID(other)}
