"""An open deadline: reminders before the due time, and from it on an alarm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.watch.rules import (
    Anchor,
    DeadlineFacts,
    Drop,
    Open,
    Remind,
    Target,
    Wait,
    decide_deadline,
    first_act,
)
from tests.rules.watch_samples import CALL_OUT, REMINDER, after, minutes, plan, step, times

EARLY = step(Anchor.DUE, -60, Target.PARTY)


def facts(next_step: int) -> DeadlineFacts:
    """A deadline with two reminders."""
    return DeadlineFacts(times=times(), plan=plan(EARLY, REMINDER, CALL_OUT), next_step=next_step)


@pytest.mark.parametrize(
    ("now", "next_step", "act"),
    [
        (-120, 0, -60),
        (-60, 0, -60),  # a reminder of this very instant is sent
        (-59, 1, -15),  # one that is past is skipped, not sent late
        (-15, 1, -15),
        (-14, 2, 0),
        (0, 2, 0),
        (30, 2, 0),  # signed out late: overdue at once
    ],
)
def test_a_new_deadline_begins_with_what_is_still_to_come(
    now: int, next_step: int, act: int
) -> None:
    index, at = first_act(plan(EARLY, REMINDER, CALL_OUT), times(), now=minutes(now))
    assert (index, after(at)) == (next_step, act)


def test_reminders_come_one_after_the_other_and_then_the_due_time() -> None:
    first = decide_deadline(facts(0), now=minutes(-60))
    assert first == Remind(step=EARLY, next_step=1, act_at=minutes(-15))
    second = decide_deadline(facts(1), now=minutes(-15))
    assert second == Remind(step=REMINDER, next_step=2, act_at=minutes(0))


@pytest.mark.parametrize(
    ("now", "next_step", "until"), [(-70, 0, -60), (-30, 1, -15), (-10, 2, 0), (-0.01, 2, 0)]
)
def test_before_its_hour_a_deadline_waits(now: float, next_step: int, until: int) -> None:
    assert decide_deadline(facts(next_step), now=minutes(now)) == Wait(act_at=minutes(until))


@pytest.mark.parametrize("now", [0, 0.001, 1, 60, 60 * 24 * 30])
@pytest.mark.parametrize("next_step", [0, 1, 2, 7])
def test_from_the_due_time_on_it_is_overdue_though_nobody_ever_checked_in(
    now: float, next_step: int
) -> None:
    assert decide_deadline(facts(next_step), now=minutes(now)) == Open()


@given(now=st.integers(-100_000, 100_000), next_step=st.integers(0, 60))
def test_an_open_deadline_always_has_a_next_act(now: int, next_step: int) -> None:
    at = minutes(now)
    decision = decide_deadline(facts(next_step), now=at)
    match decision:
        case Wait(act_at=act_at):
            assert at < act_at <= minutes(0)
        case Remind(act_at=act_at, next_step=following) | Drop(act_at=act_at, next_step=following):
            assert at < act_at <= minutes(0)
            assert following > next_step
        case Open():
            assert at >= minutes(0)
