"""Kin are promised an hour, and are not told before it, whatever brings a step forward."""

from __future__ import annotations

from typing import Any

from homeby.watch.rules import Anchor, Phase, Run, Step, Target, decide_alarm
from tests.rules.watch_samples import CALL_OUT, HOLDER, LEADERS, alarm, minutes, plan, step

KIN_ALONE = step(Anchor.DUE, 30, Target.KIN)


def run_of(now: float, *steps: Step, **values: Any) -> Run:
    run = decide_alarm(alarm(plan=plan(*steps), **values), now=minutes(now))
    assert isinstance(run, Run)
    return run


def test_who_fell_silent_while_nobody_watched_does_not_bring_kin_their_hour_sooner() -> None:
    """The deputy's step, which tells kin too, is at 70; the acknowledgement ran out at 62."""
    silent: dict[str, Any] = {
        "was_missed": True,
        "next_step": 3,
        "phase": Phase.ALERT,
        "holder_id": HOLDER,
        "expires_at": minutes(62),
        "act_at": minutes(62),
    }
    early = run_of(68, **silent)
    assert (early.targets, early.phase) == ((Target.DEPUTY,), Phase.ALERT)
    assert early.comes_again
    assert early.following == 3
    at_the_hour = run_of(70, **silent)
    assert at_the_hour.targets == (Target.DEPUTY, Target.KIN)
    assert not at_the_hour.comes_again


def test_in_place_of_kin_who_must_wait_the_nearest_others_are_told() -> None:
    """Somebody took it and fell silent before the hour of kin: the steps go on without them."""
    lapsed: dict[str, Any] = {"lapsed": True, "act_at": minutes(20)}
    officer = step(Anchor.DUE, 40, Target.DUTY_OFFICER)
    first = run_of(20, KIN_ALONE, officer, LEADERS, **lapsed)
    assert (first.targets, first.comes_again) == ((Target.DUTY_OFFICER,), True)
    deputy = step(Anchor.DUE, 10, Target.DEPUTY)
    second = run_of(20, deputy, KIN_ALONE, CALL_OUT, next_step=1, **lapsed)
    assert (second.targets, second.comes_again) == ((Target.DEPUTY,), True)


def test_a_plan_that_tells_kin_alone_waits_for_their_hour_and_stops_nothing() -> None:
    """Nobody can save such a plan; an older station may hold one."""
    lapsed: dict[str, Any] = {"lapsed": True, "act_at": minutes(20)}
    early = run_of(20, KIN_ALONE, **lapsed)
    assert (early.targets, early.comes_again) == ((), True)
    assert run_of(30, KIN_ALONE, **lapsed).targets == (Target.KIN,)
