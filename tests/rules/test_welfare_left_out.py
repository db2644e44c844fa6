"""Whether a team's decisions go against one of its members is a function of the records alone: in
whatever order they come in, how often, and how late (`LEFTOUT.md` 3 and 8)."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeby.welfare.rules.activities import (
    Candidate,
    CaseClosed,
    Choice,
    ClosedActivity,
    decisions,
)
from homeby.welfare.rules.chances import Share
from homeby.welfare.rules.evidence import LESS_THAN_BEFORE, QUESTIONS
from homeby.welfare.rules.explained import said_of, stretch_of
from homeby.welfare.rules.facts import facts_of
from homeby.welfare.rules.left_out import Record, Team, mean_evidence
from homeby.welfare.rules.memory import Memory
from homeby.welfare.rules.what_it_takes import missed_in_a_row
from tests.rules.test_welfare_facts import DAY, HOUR, TUESDAY, WEEK, frame

FROM = TUESDAY - 60 * WEEK
PROMISE = 1 / 100


def mission(number: int, went: set[str], stayed: set[str], **more: Any) -> ClosedActivity:
    """A mission of a team whose members were all there to be chosen."""
    begins = FROM + number * WEEK / 2
    several = tuple(
        Candidate(who=who, available=True, left=who in went, since=FROM)
        for who in sorted(went | stayed)
    )
    values: dict[str, Any] = {
        "key": f"mission:{number:03}",
        "kind": "MISSION",
        "begins": begins,
        "closed_at": begins + 3 * DAY,
        "candidates": several,
        "choice": Choice(),
    }
    return ClosedActivity(**(values | more))


def lived(*activities: ClosedActivity) -> Record:
    record = Record(promise=PROMISE)
    record.arrive(activities)
    return record


def held(record: Record) -> dict[str, Any]:
    """Everything that is kept of a team, its numbers as they stand in memory."""
    team = record.team
    states = {
        who: [one.states[question.name].tobytes() for question in QUESTIONS]
        for who, one in team.members.items()
    }
    times = {who: (one.last_at, one.since) for who, one in team.members.items()}
    return {"states": states, "times": times, "memory": team.memory, "found": record.found}


def some_log(seed: int) -> list[ClosedActivity]:
    """A team's year as it may be, with groups, trainings and people who join and leave."""
    lot = random.Random(seed)
    log = []
    for number in range(lot.randint(1, 26)):
        everybody = lot.sample("abcdef", lot.randint(1, 6))
        went = set(lot.sample(everybody, lot.randint(0, len(everybody) - 1)))
        one = mission(3 * number, went, set(everybody))
        several = tuple(
            replace(
                each,
                available=lot.choice([True, True, None]),
                since=FROM + lot.choice([0, 0, 0, 9]) * WEEK,
                invited_at=one.begins - lot.choice([1, 60]) * HOUR if lot.random() < 0.7 else None,
            )
            for each in one.candidates
        )
        frames = (frame(one.begins + lot.randint(0, 2) * DAY),) if lot.random() < 0.5 else ()
        log.append(replace(one, candidates=several, frames=frames, group=lot.choice(["", "", "g"])))
    return log


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_any_order_of_arrival_gives_the_same_to_the_last_bit(seed: int, order: int) -> None:
    log, lot = some_log(seed), random.Random(order)
    corrected = [replace(one, version=-1, candidates=one.candidates[1:]) for one in log[::4]]
    coming = [*log, *corrected, *lot.choices(log, k=3)]
    lot.shuffle(coming)
    case = CaseClosed(key="case:1", who="a", at=FROM + 9 * WEEK, is_lasting=lot.random() < 0.5)
    record = Record(promise=PROMISE)
    while coming:
        size = lot.randint(1, 6)
        record.arrive(coming[:size], [case] if len(coming) % 2 else [])
        del coming[:size]
    record.arrive([], [case])
    whole = Record(promise=PROMISE)
    whole.arrive(log, [case])
    assert held(record) == held(whole)
    assert record.raised >= set(record.found)


def test_the_same_again_changes_nothing() -> None:
    log = some_log(7)
    record = lived(*log)
    before = held(record)
    team = record.team
    record.arrive(reversed(log))
    assert record.team is team, "nothing was replayed"
    assert held(record) == before


def test_a_late_record_is_replayed_from_the_last_month_before_it() -> None:
    log = [mission(n, {"b"}, {"a"}) for n in range(0, 40, 2)]
    late = mission(31, {"a"}, {"b"})
    record = lived(*log)
    kept = [one for one in record.snapshots if one.until < (late.closed_at, late.key)]
    record.arrive([late])
    assert len(kept) > 2
    assert record.snapshots[: len(kept)] == kept
    assert held(record) == held(lived(late, *log))


def test_a_signal_once_raised_stays_raised() -> None:
    log = [mission(n, {"b"}, {"a"}) for n in range(40)]
    record = lived(*log)
    assert {one.who for one in record.found} == {"a"}
    raised = set(record.raised)
    record.arrive([replace(one, version=1, choice=None) for one in log])
    assert record.found == []
    assert record.raised == raised


def test_a_person_who_is_never_picked_is_found_when_the_table_says() -> None:
    log = [mission(n, {"b"}, {"a"}) for n in range(40)]
    first = lived(*log).found[0]
    missed = missed_in_a_row(0.5, promise=PROMISE, past=Share())
    assert (first.who, first.key) == ("a", f"mission:{missed - 1:03}")


@pytest.mark.parametrize(
    "activity",
    [
        mission(1, set(), set()),
        mission(1, {"a"}, set()),
        mission(1, {"a"}, {"b"}, candidates=(Candidate(who="c", left=True),)),
        mission(1, set(), {"a", "b"}),
    ],
    ids=["nobody", "a team of one", "picked of no pool", "nobody went"],
)
def test_no_choice_leaves_everything_at_rest(activity: ClosedActivity) -> None:
    record = lived(activity)
    assert record.found == []
    assert not any(one.states[question.name].any() for one in record.team.members.values()
                   for question in QUESTIONS)  # fmt: skip


def test_each_team_of_one_person_is_judged_by_itself() -> None:
    teams = [lived(*(mission(n, {f"mate {k}"}, {"a"}) for n in range(5))) for k in range(40)]
    assert len({team.team.members["a"].states["less than before"].tobytes() for team in teams}) == 1
    assert not any(team.found for team in teams)


def test_a_group_counts_once_as_the_mean_of_what_it_says() -> None:
    several = [mission(n, {"b"}, {"a"}, group="expedition") for n in range(12)]
    one = lived(several[0]).team.members["a"]
    (decided,) = decisions(several)
    assert decided.order == (several[-1].closed_at, several[0].key)
    told = [facts_of(each, Memory(), at=several[-1].closed_at) for each in several]
    for question in QUESTIONS:
        alone = mean_evidence(question, ["a", "b"], told[:1])
        assert np.allclose(mean_evidence(question, ["a", "b"], told), alone)
        silent = mean_evidence(question, ["a", "b"], [told[0], {}])
        assert np.allclose(silent, (alone + 1) / 2)
    together = lived(*several).team
    assert together.memory.shares["a"].count == 1.0
    assert one.last_at == several[0].closed_at


def test_whoever_comes_back_to_a_team_begins_anew() -> None:
    log = [mission(n, {"b"}, {"a"}) for n in range(8)]
    back = mission(9, {"b"}, {"a"})
    again = tuple(
        replace(one, since=FROM + 4 * WEEK if one.who == "a" else one.since)
        for one in back.candidates
    )
    team = lived(*log, replace(back, candidates=again)).team
    assert team.memory.shares["a"].count == 1.0
    assert team.memory.shares["b"].count > 8.0


@pytest.mark.parametrize("is_lasting", [False, True])
def test_a_closed_case_begins_with_nothing(is_lasting: bool) -> None:
    log = [mission(n, {"b"}, {"a"}) for n in range(30)]
    at = log[-1].closed_at + HOUR
    case = CaseClosed(key="case:1", who="a", at=at, is_lasting=is_lasting)
    record = Record(promise=PROMISE)
    record.arrive(log, [case])
    team = record.team
    assert not any(state.any() for state in team.members["a"].states.values())
    assert ("a" in team.memory.pasts, team.memory.usual_from.get("a")) == (
        (False, at) if is_lasting else (True, None)
    )
    assert {one.who for one in record.found} == {"a"}, "what was said stays said"


def test_what_comes_while_she_is_doubted_for_never_becomes_usual() -> None:
    team = Team(promise=PROMISE)
    for decided in decisions(mission(n, {"b"}, {"a"}) for n in range(12)):
        team.take(decided)
    sums = float(team.members["a"].states[LESS_THAN_BEFORE.name].sum())
    assert sums > PROMISE / 2
    assert len(team.memory.pasts["a"].waiting) < 12 == len(team.memory.pasts["b"].waiting)


def test_every_number_behind_a_signal_is_counted_from_the_activities_it_names() -> None:
    fair = [mission(n, {"ab"[n % 2]}, {"ba"[n % 2]}) for n in range(24)]
    log = [*fair, *(mission(n, {"b"}, {"a"}) for n in range(24, 60))]
    signal = next(one for one in lived(*log).found if one.who == "a")
    (question,) = (one for one in QUESTIONS if one.name == signal.question)
    said = said_of("a", log, promise=PROMISE, until=signal.at)
    stretch = stretch_of(question, said)
    assert stretch is not None
    assert stretch.until == signal.at
    (picked,) = stretch.counted
    behind = [one for one in log if one.key in picked.keys]
    assert picked.decisions == len(behind) == len(picked.keys)
    assert picked.well == sum(one.candidates[0].left for one in behind) == 0
    assert picked.even == sum(1 / len(one.candidates) for one in behind)
    assert stretch.since == behind[0].closed_at >= fair[-1].closed_at
    assert stretch_of(question, []) is None
    assert stretch_of(question, said_of("a", fair, promise=PROMISE, until=signal.at)[:1]) is None
