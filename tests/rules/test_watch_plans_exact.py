"""A plan under two graces, and what is wrong with one word for word."""

from __future__ import annotations

from homeby.watch.rules import Anchor, Target, ladder, problems_with_plan
from tests.rules.watch_samples import CALL_OUT, PARTY, plan, step, times

EARLY = step(Anchor.CALL_OUT, -30, Target.LEADER)
OFFICER = step(Anchor.DUE, 20, Target.DUTY_OFFICER)


def test_two_alarms_of_one_plan_climb_each_by_its_own_grace() -> None:
    """A short grace brings the steps of the call-out before others, for that alarm alone."""
    one = plan(PARTY, OFFICER, EARLY, CALL_OUT)
    for _ in range(2):
        assert ladder(one, times(60)) == (PARTY, OFFICER, EARLY, CALL_OUT)
        assert ladder(one, times(40)) == (PARTY, EARLY, OFFICER, CALL_OUT)


def test_a_burst_of_alarms_with_one_grace_climbs_one_ladder_worked_out_once() -> None:
    one = plan(PARTY, OFFICER, CALL_OUT)
    assert ladder(one, times(60)) is ladder(one, times(60))


def test_what_is_wrong_with_a_step_is_said_with_its_number() -> None:
    nobody = step(Anchor.DUE, 10)
    nameless = step(Anchor.DUE, 20, Target.NAMED)
    hasty = step(Anchor.DUE, 30, Target.PARTY, wait=-1)
    far = step(Anchor.DUE, 7 * 24 * 60 + 1, Target.PARTY)
    assert problems_with_plan([CALL_OUT, nobody, nameless, hasty, far]) == [
        "Step 2 tells nobody; choose at least one.",
        "Step 3 tells named people, but names none.",
        "Step 4: the wait must be 0 to 240 minutes.",
        "Step 5: the offset must be within a week.",
    ]
