"""What an open alarm asks for, word for word and at the very second (found by changed copies of
the rules that no other test noticed)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from homeby.watch.rules import (
    AlarmFacts,
    AlarmKind,
    Anchor,
    Phase,
    Plan,
    Run,
    Step,
    Target,
    Wait,
    believable,
    decide_alarm,
    most_urgent_first,
    next_look,
    problems_with_plan,
    repeat_pause,
)
from homeby.watch.rules.alarms import GOES_ON_WITHIN
from homeby.watch.rules.words import PROMPTLY, SKEW, STEPS_MAX
from tests.rules.watch_samples import (
    CALL_OUT,
    DEPUTY,
    DUE,
    LEADERS,
    PARTY,
    alarm,
    minutes,
    plan,
    step,
)

SECOND = dt.timedelta(seconds=1)
ANN, BEN = uuid.uuid4(), uuid.uuid4()


def named(offset: int, *people: uuid.UUID, anchor: Anchor = Anchor.CALL_OUT) -> Step:
    return Step(
        anchor=anchor, offset_minutes=offset, targets=(Target.NAMED,), people=people, wait_minutes=7
    )


@pytest.mark.parametrize(
    ("ahead", "believed"),
    [
        (dt.timedelta(0), dt.timedelta(0)),
        (GOES_ON_WITHIN - SECOND, GOES_ON_WITHIN - SECOND),
        (GOES_ON_WITHIN + SKEW, GOES_ON_WITHIN + SKEW),
        (GOES_ON_WITHIN + SKEW + SECOND, GOES_ON_WITHIN),
    ],
)
def test_a_lapsed_holders_wait_is_believed_as_far_ahead_as_it_can_lie(
    ahead: dt.timedelta, believed: dt.timedelta
) -> None:
    facts = alarm(act_at=DUE + ahead, lapsed=True)
    assert believable(facts, now=DUE).act_at == DUE + believed


def test_a_handing_by_a_clock_a_little_ahead_is_believed() -> None:
    assert believable(alarm(handed_at=DUE + SKEW), now=DUE).handed_at == DUE + SKEW
    assert believable(alarm(handed_at=DUE + SKEW + SECOND), now=DUE).handed_at is None


def test_a_step_that_was_handed_waits_for_the_hour_of_the_next() -> None:
    facts = alarm(next_step=2, ran_at=minutes(5), handed_at=minutes(5), wait_minutes=5)
    assert decide_alarm(facts, now=minutes(20)) == Wait(act_at=minutes(60))


@pytest.mark.parametrize("late", [PROMPTLY, PROMPTLY + SECOND])
def test_the_wait_counts_from_the_handing_when_that_was_not_prompt(late: dt.timedelta) -> None:
    ran = minutes(70)
    facts = alarm(phase=Phase.ALERT, next_step=4, wait_minutes=30, ran_at=ran, handed_at=ran + late)
    counts_from = ran if late == PROMPTLY else ran + late
    assert decide_alarm(facts, now=minutes(80)) == Wait(
        act_at=counts_from + dt.timedelta(minutes=30)
    )


def test_distress_before_the_call_out_keeps_its_own_pace() -> None:
    facts = alarm(phase=Phase.DISTRESS, next_step=5, repeats=9, ran_at=minutes(10))
    facts = replace(facts, handed_at=minutes(10))
    assert decide_alarm(facts, now=minutes(30)) == Wait(act_at=minutes(70))
    run = decide_alarm(facts, now=minutes(70))
    assert isinstance(run, Run)
    early = replace(facts, times=replace(facts.times, call_out_at=minutes(100)))
    assert next_look(run, early, now=minutes(70)) == minutes(130)


@pytest.mark.parametrize("impossible", [True, False])
def test_a_repetition_tells_the_people_of_the_last_step(impossible: bool) -> None:
    steps = (PARTY, CALL_OUT, named(20, ANN, BEN))
    facts = alarm(
        plan=plan(*steps),
        phase=Phase.ALERT,
        next_step=3,
        ran_at=minutes(80),
        impossible=impossible,
    )
    assert decide_alarm(facts, now=minutes(95)) == Run(
        index=2,
        phase=Phase.ALERT,
        targets=(Target.NAMED,),
        people=(ANN, BEN),
        wait_minutes=7,
        repeat=1,
        previous_reached_nobody=impossible,
    )


def test_people_of_the_steps_left_out_are_taken_along_once_each() -> None:
    steps = (PARTY, named(5, ANN, anchor=Anchor.DUE), CALL_OUT, named(0, ANN, BEN))
    facts = alarm(plan=plan(*steps), next_step=1, ran_at=DUE, handed_at=DUE)
    run = decide_alarm(facts, now=minutes(60))
    assert isinstance(run, Run)
    assert (run.index, run.skipped, run.phase) == (2, 1, Phase.ALERT)
    assert run.targets == (Target.NAMED, Target.DUTY_OFFICER, Target.LEADER)
    assert run.people == (ANN,)


def lapsed_before(step_: int, at: float, by: Plan | None = None) -> AlarmFacts:
    """Nobody has it any more; the step at this place is next, its hour perhaps still to come."""
    facts = alarm(phase=Phase.ALERT, next_step=step_, lapsed=True, act_at=minutes(at), ran_at=None)
    return replace(facts, plan=by or facts.plan)


def test_kin_are_promised_an_hour_and_not_told_before() -> None:
    run = decide_alarm(lapsed_before(3, 64), now=minutes(64))  # the deputy and kin: at 70
    assert run == Run(
        index=3,
        phase=Phase.ALERT,
        targets=(Target.DEPUTY,),
        people=(),
        wait_minutes=5,
        comes_again=True,
    )
    assert isinstance(run, Run)
    assert run.following == 3


def test_at_their_hour_kin_are_told_and_the_step_is_done() -> None:
    run = decide_alarm(lapsed_before(3, 64), now=minutes(70))
    assert isinstance(run, Run)
    assert run.targets == (Target.DEPUTY, Target.KIN)
    assert (run.comes_again, run.following) == (False, 4)


def test_a_step_before_its_hour_without_kin_is_done_when_it_ran() -> None:
    run = decide_alarm(lapsed_before(4, 72), now=minutes(72))  # every leader: at 80
    assert isinstance(run, Run)
    assert (run.index, run.comes_again, run.following) == (4, False, 5)


def test_kin_told_once_are_not_told_again_when_the_call_out_time_passes() -> None:
    """The step before hears that the time has passed, for the next comes later; kin need not."""
    before = step(Anchor.CALL_OUT, -10, Target.DUTY_OFFICER, Target.KIN)
    facts = alarm(plan=plan(PARTY, before, LEADERS), next_step=2, ran_at=minutes(50))
    assert decide_alarm(facts, now=minutes(60)) == Run(
        index=1,
        phase=Phase.ALERT,
        targets=(Target.DUTY_OFFICER,),
        people=(),
        wait_minutes=5,
    )


KIN_ALONE = step(Anchor.DUE, 30, Target.KIN)


def test_where_only_kin_were_told_last_others_hear_that_the_call_out_time_has_passed() -> None:
    prompt = step(Anchor.CALL_OUT, -40, Target.DUTY_OFFICER)
    facts = alarm(plan=plan(PARTY, prompt, KIN_ALONE, LEADERS), next_step=3, ran_at=minutes(30))
    run = decide_alarm(facts, now=minutes(60))
    assert isinstance(run, Run)
    assert (run.targets, run.following) == ((Target.DUTY_OFFICER,), 3)


def test_after_a_lapse_before_the_hour_of_kin_alone_the_others_are_asked_again() -> None:
    before = plan(CALL_OUT, step(Anchor.CALL_OUT, 10, Target.KIN), LEADERS)
    facts = lapsed_before(1, 64, by=before)
    run = decide_alarm(facts, now=minutes(64))
    assert isinstance(run, Run)
    assert run.targets == (Target.DUTY_OFFICER, Target.LEADER)
    assert (run.comes_again, run.following) == (True, 1)
    at_their_hour = decide_alarm(facts, now=minutes(70))
    assert isinstance(at_their_hour, Run)
    assert at_their_hour.targets == (Target.KIN,)


def test_where_kin_stand_first_the_next_others_are_asked() -> None:
    facts = lapsed_before(0, 4, by=plan(step(Anchor.DUE, 10, Target.KIN), CALL_OUT))
    run = decide_alarm(replace(facts, phase=Phase.UNCERTAINTY), now=minutes(4))
    assert isinstance(run, Run)
    assert run.targets == (Target.DUTY_OFFICER, Target.LEADER)
    assert run.comes_again


def test_a_repetition_grows_no_more_after_the_twentieth() -> None:
    patient = plan(repeat=1, most=10**9)
    assert repeat_pause(patient, 20) == repeat_pause(patient, 400) == pytest.approx(1.5**20)


def test_the_most_urgent_come_first() -> None:
    assert [most_urgent_first(phase, AlarmKind.OVERDUE, DUE) for phase in Phase] == [
        (2, DUE),
        (1, DUE),
        (0, DUE),
    ]
    assert most_urgent_first(Phase.UNCERTAINTY, AlarmKind.HELP, DUE) == (0, DUE)


WEEK = 7 * 24 * 60


@pytest.mark.parametrize(
    ("wait", "offset", "sentences"),
    [
        (0, 0, []),
        (240, WEEK, []),
        (5, -WEEK, []),
        (-1, 0, ["Step 2: the wait must be 0 to 240 minutes."]),
        (241, 0, ["Step 2: the wait must be 0 to 240 minutes."]),
        (5, WEEK + 1, ["Step 2: the offset must be within a week."]),
        (5, -WEEK - 1, ["Step 2: the offset must be within a week."]),
    ],
)
def test_the_limits_of_a_step(wait: int, offset: int, sentences: list[str]) -> None:
    other = step(Anchor.CALL_OUT, offset, Target.DEPUTY, wait=wait)
    assert problems_with_plan([CALL_OUT, other]) == sentences


def test_a_plan_that_may_not_be_used_says_why() -> None:
    assert problems_with_plan([]) == ["A plan needs at least one step."]
    assert problems_with_plan([CALL_OUT] * STEPS_MAX) == []
    assert problems_with_plan([CALL_OUT] * (STEPS_MAX + 1)) == [
        f"A plan has at most {STEPS_MAX} steps; this one has {STEPS_MAX + 1}."
    ]
    assert problems_with_plan([PARTY, DEPUTY]) == [
        "At the call-out time itself a step must tell the duty officer or every leader."
    ]


def test_the_sample_plan_is_the_one_these_figures_are_of() -> None:
    assert isinstance(plan(), Plan)
    assert plan().steps[4:] == (DEPUTY, LEADERS)
