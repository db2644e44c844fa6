"""The steps of a plan before and after the due time, their order, and which plans are safe."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.watch.rules import (
    STEPS_MAX,
    Anchor,
    Step,
    Target,
    Times,
    carry_on,
    in_order,
    ladder,
    problems_with_plan,
    reminders,
    step_at,
)
from tests.rules.watch_samples import (
    CALL_OUT,
    DEPUTY,
    DUE,
    LEADERS,
    OFFICER,
    PARTY,
    REMINDER,
    STEPS,
    after,
    minutes,
    plan,
    step,
    times,
)


@pytest.mark.parametrize(
    ("one", "grace", "at"),
    [
        (PARTY, 60, 0),
        (OFFICER, 60, 5),
        (REMINDER, 60, -15),
        (CALL_OUT, 60, 60),
        (DEPUTY, 60, 70),
        (step(Anchor.CALL_OUT, -10, Target.DUTY_OFFICER), 60, 50),
        (step(Anchor.CALL_OUT, -90, Target.DUTY_OFFICER), 60, 0),  # never before the due time
        (CALL_OUT, 0, 0),
    ],
)
def test_a_step_comes_at_its_offset(one: Step, grace: int, at: int) -> None:
    assert after(step_at(one, times(grace))) == at


def test_reminders_and_ladder_share_the_steps_between_them() -> None:
    whole = plan()
    assert reminders(whole, times()) == (REMINDER,)
    assert ladder(whole, times()) == (PARTY, OFFICER, CALL_OUT, DEPUTY, LEADERS)


@pytest.mark.parametrize(
    ("grace", "order"),
    [
        (60, (PARTY, OFFICER, CALL_OUT, DEPUTY, LEADERS)),
        (5, (PARTY, OFFICER, CALL_OUT, DEPUTY, LEADERS)),  # the same instant: as typed
        (3, (PARTY, CALL_OUT, OFFICER, DEPUTY, LEADERS)),
        (0, (PARTY, CALL_OUT, OFFICER, DEPUTY, LEADERS)),
    ],
)
def test_a_short_grace_brings_the_call_out_forward(grace: int, order: tuple[Step, ...]) -> None:
    assert ladder(plan(), times(grace)) == order


@given(steps=STEPS, grace=st.integers(0, 24 * 60))
def test_a_plan_that_is_accepted_tells_a_watcher_by_the_call_out_time(
    steps: list[Step], grace: int
) -> None:
    if problems_with_plan(steps):
        return
    watchers = {Target.DUTY_OFFICER, Target.EVERY_LEADER}
    now = times(grace)
    assert any(
        watchers & set(one.targets) and step_at(one, now) <= now.call_out_at
        for one in ladder(plan(*steps), now)
    )


@given(steps=STEPS, grace=st.integers(0, 24 * 60))
def test_every_step_is_either_a_reminder_or_on_the_ladder(steps: list[Step], grace: int) -> None:
    whole, now = plan(*steps), times(grace)
    assert [*reminders(whole, now), *ladder(whole, now)] == list(in_order(whole, now))
    assert sorted(map(repr, steps)) == sorted(map(repr, in_order(whole, now)))


NAMED = step(Anchor.DUE, 0, Target.NAMED)
NOBODY = Step(anchor=Anchor.DUE, offset_minutes=0, targets=())


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ((), "at least one step"),
        ((PARTY, OFFICER), "At the call-out time itself"),
        ((step(Anchor.CALL_OUT, 1, Target.DUTY_OFFICER),), "At the call-out time itself"),
        ((step(Anchor.CALL_OUT, 0, Target.KIN, Target.PARTY),), "At the call-out time itself"),
        ((NOBODY, CALL_OUT), "Step 1 tells nobody"),
        ((CALL_OUT, NAMED), "Step 2 tells named people, but names none"),
        ((CALL_OUT, step(Anchor.DUE, 0, Target.PARTY, wait=241)), "0 to 240 minutes"),
        ((CALL_OUT, step(Anchor.DUE, 0, Target.PARTY, wait=-1)), "0 to 240 minutes"),
        ((CALL_OUT, step(Anchor.DUE, 10081, Target.PARTY)), "within a week"),
        ((CALL_OUT,) * (STEPS_MAX + 1), "at most 50 steps"),
    ],
)
def test_an_unsafe_plan_is_named(steps: tuple[Step, ...], says: str) -> None:
    assert any(says in problem for problem in problems_with_plan(steps))


@pytest.mark.parametrize(
    "steps",
    [
        plan().steps,
        (CALL_OUT,),
        (step(Anchor.CALL_OUT, -10, Target.EVERY_LEADER),),
        (CALL_OUT, Step(anchor=Anchor.DUE, offset_minutes=0, targets=(Target.NAMED,),
                        people=(uuid.uuid4(),))),
    ],
)  # fmt: skip
def test_a_safe_plan_has_no_problem(steps: tuple[Step, ...]) -> None:
    assert problems_with_plan(steps) == []


@pytest.mark.parametrize(
    ("ran", "was", "now", "next_one"),
    [
        (2, times(60), times(60), CALL_OUT),  # nothing moved
        (2, times(60), times(30), CALL_OUT),
        (2, times(60), times(3), CALL_OUT),  # came forward, has not run
        (3, times(60), times(3), DEPUTY),  # came forward, has run
        (0, times(60), times(3), PARTY),
        (5, times(60), times(3), None),  # all ran: the last repeats
        (1, times(60), Times(due_at=minutes(120), call_out_at=minutes(60)), CALL_OUT),
    ],
)
def test_moved_times_leave_no_step_out(
    ran: int, was: Times, now: Times, next_one: Step | None
) -> None:
    steps = ladder(plan(), now)
    index = carry_on(ladder(plan(), was), ran, steps)
    assert (steps[index] if index < len(steps) else None) == next_one


@given(steps=STEPS, was=st.integers(0, 600), now=st.integers(0, 600), data=st.data())
def test_whatever_moves_what_has_not_run_still_runs(
    steps: list[Step], was: int, now: int, data: st.DataObject
) -> None:
    whole = plan(*steps)
    before = ladder(whole, times(was))
    ran = data.draw(st.integers(0, len(before)))
    index = carry_on(before, ran, ladder(whole, times(now)))
    missing = [s for s in before[ran:] if s not in before[:ran]]
    assert all(one in ladder(whole, times(now))[index:] for one in missing)


def test_due_is_the_anchor_of_this_file() -> None:
    assert step_at(PARTY, times()) == DUE
