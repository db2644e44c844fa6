"""What an open alarm asks for: which step, from when on, and what stops it from asking."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from homeby.watch.rules import (
    HOLD_MINUTES,
    HOLDER_WAIT_MINUTES,
    AlarmFacts,
    AlarmKind,
    Anchor,
    Lapse,
    Phase,
    Run,
    Target,
    Wait,
    decide_alarm,
    hold_after_heard,
    most_urgent_first,
    next_look,
    phase_at,
    repeat_pause,
)
from tests.rules.watch_samples import (
    CALL_OUT,
    DUE,
    HOLDER,
    PARTY,
    after,
    after_step,
    alarm,
    minutes,
    plan,
    step,
)


def ran(facts: AlarmFacts, *, at: float, **outcome: Any) -> AlarmFacts:
    """The alarm once the step that is due at this minute has run."""
    run = decide_alarm(facts, now=minutes(at))
    assert isinstance(run, Run), run
    return after_step(facts, run, now=minutes(at), **outcome)


def running(facts: AlarmFacts, *, at: float) -> Run:
    """The step that runs at this minute."""
    found = decide_alarm(facts, now=minutes(at))
    assert isinstance(found, Run), found
    return found


def waiting(facts: AlarmFacts, *, at: float) -> float:
    """Until which minute the alarm waits."""
    found = decide_alarm(facts, now=minutes(at))
    assert isinstance(found, Wait), found
    return after(found.act_at)


@pytest.mark.parametrize(
    ("grace", "minute", "phase"),
    [(60, 0, "UNCERTAINTY"), (60, 59.99, "UNCERTAINTY"), (60, 60, "ALERT"), (0, 0, "ALERT")],
)
def test_the_phase_rises_at_the_call_out_time(grace: int, minute: float, phase: str) -> None:
    assert phase_at(alarm(grace=grace), now=minutes(minute)) == phase


def test_an_alarm_about_an_act_of_care_rises_by_a_person_only() -> None:
    gentle = alarm(grace=0, is_gentle=True)
    assert phase_at(gentle, now=minutes(500)) is Phase.UNCERTAINTY
    raised = alarm(grace=0, is_gentle=True, phase=Phase.DISTRESS)
    assert phase_at(raised, now=minutes(500)) is Phase.DISTRESS


@pytest.mark.parametrize("phase", [Phase.ALERT, Phase.DISTRESS])
def test_a_phase_never_falls(phase: Phase) -> None:
    assert phase_at(alarm(phase=phase), now=minutes(-500)) is phase


def test_the_steps_follow_each_other_at_their_offsets() -> None:
    facts, seen, now = alarm(), [], 0.0
    while now < 200:
        found = decide_alarm(facts, now=minutes(now))
        if isinstance(found, Run):
            seen.append((now, found.index, found.repeat))
            facts = after_step(facts, found, now=minutes(now))
        now = after(facts.act_at)
    assert seen[:7] == [(0, 0, 0), (5, 1, 0), (60, 2, 0), (70, 3, 0), (80, 4, 0), (90, 4, 1),
                        (105, 4, 2)]  # fmt: skip


def test_a_step_waits_for_its_predecessor_to_have_had_its_time() -> None:
    slow = plan(step(Anchor.DUE, 0, Target.PARTY, wait=20), CALL_OUT)
    late = ran(alarm(plan=slow), at=55)  # the watch slept: the party is asked at minute 55
    assert waiting(late, at=56) == 60  # the call-out time waits for nothing
    early = ran(
        alarm(plan=plan(step(Anchor.DUE, 0, Target.PARTY, wait=20), *plan().steps[2:])), at=0
    )
    assert waiting(early, at=1) == 20


def test_the_wait_counts_from_when_the_message_was_handed() -> None:
    steps = (PARTY, step(Anchor.DUE, 1, Target.DUTY_OFFICER, wait=10), *plan().steps[2:])
    facts = ran(ran(alarm(plan=plan(*steps)), at=0), at=5)
    promptly = replace(facts, handed_at=minutes(5 + 4 / 60))
    late = replace(facts, handed_at=minutes(9))
    assert waiting(promptly, at=6) == 15
    assert waiting(late, at=10) == 19


def test_a_step_that_was_found_impossible_is_followed_at_once_and_says_so() -> None:
    facts = ran(ran(alarm(), at=0), at=5, impossible=True)
    run = running(facts, at=5)
    assert run.index == 2
    assert run.previous_reached_nobody
    assert running(replace(facts, impossible=False), at=60).previous_reached_nobody is False


def test_the_last_step_too_is_followed_at_once_until_everybody_has_been_told() -> None:
    facts = alarm(phase=Phase.ALERT, next_step=5, ran_at=minutes(80), impossible=True)
    first = running(facts, at=80)
    assert (first.index, first.repeat, first.previous_reached_nobody) == (4, 1, True)
    again = after_step(facts, first, now=minutes(80), impossible=True)
    assert again.last_resort
    assert waiting(again, at=80) == 95


def test_a_repetition_that_reaches_nobody_is_followed_at_once_by_everybody() -> None:
    """Everybody had been told before and somebody was reached, so that the last step's own people
    alone come next: whom nothing reaches."""
    facts = alarm(phase=Phase.ALERT, next_step=5, repeats=4, ran_at=minutes(80), last_resort=True)
    plain = running(facts, at=140)
    assert not plain.previous_reached_nobody
    unheard = after_step(facts, plain, now=minutes(140), impossible=True)
    assert running(unheard, at=140).previous_reached_nobody


def test_where_all_steps_have_run_the_risen_phase_is_a_new_last_step() -> None:
    """All steps ran early, for none was handed; then one was, so the steps waited. At the call-out
    time the last step runs again, and if it reaches nobody it is followed at once, too."""
    facts = alarm(grace=60, next_step=5, repeats=3, ran_at=minutes(40), wait_minutes=5)
    risen = running(facts, at=60)
    assert (risen.index, risen.phase, risen.repeat, risen.is_first) == (4, "ALERT", 0, False)
    unheard = after_step(facts, risen, now=minutes(60), impossible=True)
    following = running(unheard, at=60)
    assert (following.repeat, following.previous_reached_nobody) == (1, True)
    heard = after_step(facts, risen, now=minutes(60))
    assert waiting(heard, at=60) == 70


def test_an_acknowledgement_holds_everything_until_it_lapses() -> None:
    taken = alarm(
        phase=Phase.ALERT,
        next_step=3,
        ran_at=minutes(60),
        holder_id=HOLDER,
        expires_at=minutes(85),
    )
    for minute in (61, 70, 80, 84.99):
        assert waiting(taken, at=minute) == 85
    assert decide_alarm(taken, now=minutes(85)) == Lapse(
        phase=Phase.ALERT, act_at=minutes(85 + HOLDER_WAIT_MINUTES), people=(HOLDER,)
    )


def test_after_a_lapse_the_next_people_are_told_once_the_holder_had_her_time() -> None:
    lapsed = alarm(phase=Phase.ALERT, next_step=3, act_at=minutes(90))
    assert waiting(lapsed, at=86) == 90
    assert running(lapsed, at=90).index == 3


def test_the_call_out_time_breaks_an_acknowledgement_given_before_it() -> None:
    taken = alarm(next_step=2, ran_at=minutes(5), holder_id=HOLDER, expires_at=minutes(65))
    assert waiting(taken, at=50) == 60
    run = running(taken, at=60)
    assert (run.phase, run.index) == (Phase.ALERT, 2)


def test_an_acknowledgement_given_after_the_call_out_time_outlives_it() -> None:
    taken = alarm(
        phase=Phase.ALERT,
        next_step=3,
        ran_at=minutes(60),
        holder_id=HOLDER,
        expires_at=minutes(90),
    )
    assert waiting(taken, at=61) == 90


def test_a_lapse_never_waits_past_the_call_out_time() -> None:
    taken = alarm(next_step=2, ran_at=minutes(5), holder_id=HOLDER, expires_at=minutes(58))
    lapse = decide_alarm(taken, now=minutes(58))
    assert lapse == Lapse(phase=Phase.UNCERTAINTY, act_at=minutes(60), people=(HOLDER,))


@pytest.mark.parametrize("grace", [0, 3, 5, 30, 60])
def test_with_any_grace_the_call_out_step_runs_at_the_call_out_time(grace: int) -> None:
    facts, now = alarm(grace=grace), 0.0
    while True:
        run = running(facts, at=now)
        if Target.LEADER in run.targets:
            break
        facts = after_step(facts, run, now=minutes(now))
        now = after(facts.act_at)
    assert now == grace
    assert run.phase is Phase.ALERT


def test_when_the_call_out_time_comes_first_the_people_left_out_are_taken_along() -> None:
    run = running(alarm(grace=0), at=0)
    assert run.targets == (Target.PARTY, Target.DUTY_OFFICER, Target.LEADER)
    assert (run.index, run.skipped) == (1, 1)


def test_distress_ignores_the_offsets_but_gives_each_step_its_time() -> None:
    facts, seen, now = alarm(phase=Phase.DISTRESS, grace=600), [], 0.0
    for _ in range(5):
        run = running(facts, at=now)
        seen.append((now, run.index, run.skipped))
        facts = after_step(facts, run, now=minutes(now))
        now = after(facts.act_at)
    assert seen == [(0, 2, 2), (5, 3, 0), (10, 4, 0), (20, 4, 0), (35, 4, 0)]


def test_heard_holds_the_next_step_for_twenty_minutes_even_over_the_call_out_time() -> None:
    held = alarm(next_step=2, ran_at=minutes(5), hold_until=minutes(70))
    assert waiting(held, at=55) == 70
    assert waiting(held, at=65) == 70
    assert running(held, at=70).phase is Phase.ALERT


@pytest.mark.parametrize(
    ("held_step", "next_step", "repeats", "holds"),
    [(-1, 0, 0, True), (2, 2, 0, False), (2, 3, 0, True), (5, 5, 0, False), (5, 5, 1, True)],
)
def test_heard_holds_once_a_step(held_step: int, next_step: int, repeats: int, holds: bool) -> None:
    facts = alarm(next_step=next_step, repeats=repeats)
    until = hold_after_heard(facts, held_step=held_step, now=DUE)
    assert until == (minutes(HOLD_MINUTES) if holds else None)


def test_heard_never_holds_distress() -> None:
    assert hold_after_heard(alarm(phase=Phase.DISTRESS), held_step=-1, now=DUE) is None


def test_repetitions_grow_slower_up_to_the_maximum_and_never_stop() -> None:
    pauses = [repeat_pause(plan(), n) for n in range(200)]
    assert pauses[:5] == [10, 15, 22.5, 33.75, 50.625]
    assert set(pauses[5:]) == {60}
    assert repeat_pause(plan(repeat=30, most=5), 9) == 30  # a maximum below the pause is none


def test_from_the_third_untaken_repetition_on_it_goes_round_nobody() -> None:
    facts = alarm(phase=Phase.ALERT, next_step=9, ran_at=minutes(80))
    rings = [running(replace(facts, repeats=n), at=300).rings_all for n in range(4)]
    assert rings == [False, False, True, True]
    at_last = running(replace(facts, repeats=2), at=300)
    assert not replace(at_last, phase=Phase.UNCERTAINTY).rings_all
    assert not replace(at_last, spares=HOLDER).rings_all, "one of two has it"


def test_no_look_comes_later_than_the_call_out_time() -> None:
    slow = plan(step(Anchor.DUE, 0, Target.PARTY, wait=240), CALL_OUT)
    facts = alarm(plan=slow)
    run = running(facts, at=0)
    assert after(next_look(run, facts, now=DUE)) == 60


def test_the_most_urgent_alarm_comes_first() -> None:
    rows = [
        (Phase.UNCERTAINTY, AlarmKind.OVERDUE, minutes(-90)),
        (Phase.ALERT, AlarmKind.OVERDUE, minutes(-10)),
        (Phase.ALERT, AlarmKind.OVERDUE, minutes(-60)),
        (Phase.DISTRESS, AlarmKind.OVERDUE, minutes(0)),
    ]
    assert sorted(rows, key=lambda row: most_urgent_first(*row)) == [
        rows[3],
        rows[2],
        rows[1],
        rows[0],
    ]
