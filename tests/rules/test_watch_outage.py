"""After an outage: how long it was, what is told, what is dropped."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.steady import Clocks
from homeby.watch.rules import Anchor, Lapse, Phase, Run, Target, Wait, decide_alarm, ladder
from homeby.watch.rules.deadlines import DeadlineFacts, Drop, Remind, decide_deadline
from homeby.watch.rules.outage import Look, Outage, blind_seconds, outage, present_step
from tests.rules.watch_samples import (
    DUE,
    HOLDER,
    PARTY,
    REMINDER,
    STEPS,
    USUAL,
    after_step,
    alarm,
    minutes,
    plan,
    step,
    times,
)

HOURS = 3600.0
SEEN = Clocks(wall_at=DUE, boot_seconds=100_000.0, machine="here")


def ago(seconds: float, *, machine: str = "here", boot: float | None = None) -> Look:
    return Look(looked_at=DUE - dt.timedelta(seconds=seconds), machine=machine, boot_seconds=boot)


@pytest.mark.parametrize(
    ("looks", "own", "age"),
    [
        ([], None, None),  # a new station
        ([ago(8 * HOURS, machine="before the boot")], None, 8 * HOURS),
        ([ago(8 * HOURS), ago(3, machine="another")], None, 3),  # somebody watched
        ([ago(8 * HOURS)], 99_998.0, 2),  # this process itself did
        # Suspended for eight hours: the count since boot goes on.
        ([ago(8 * HOURS, boot=100_000 - 8 * HOURS)], 100_000 - 8 * HOURS, 8 * HOURS),
        # The wall clock was set ahead by eight hours, and is believed meanwhile.
        ([ago(8 * HOURS, boot=99_998.0)], None, 2),
        # It was set back: by the wall clock the look lies ahead.
        ([ago(-8 * HOURS, boot=99_000.0)], None, 1000),
        ([ago(-8 * HOURS, machine="before the boot")], None, None),  # an old clock: not known
        ([ago(-8 * HOURS, machine="another"), ago(9 * HOURS, machine="a third")], None, None),
    ],
)
def test_how_long_nobody_watched(looks: list[Look], own: float | None, age: float | None) -> None:
    assert blind_seconds(looks, seen=SEEN, real_now=DUE, own_seconds=own) == age


@pytest.mark.parametrize(("age", "is_outage"), [(None, False), (120.0, False), (121.0, True)])
def test_more_than_two_minutes_is_an_outage(age: float | None, is_outage: bool) -> None:
    found = outage(age, now=DUE, pace=1.0, last=None)
    assert (found is not None) is is_outage
    if found is not None:
        assert found.from_at == DUE - dt.timedelta(seconds=121)
        assert found.doors_until_at == DUE + dt.timedelta(seconds=60)


def test_whoever_noted_an_outage_and_was_killed_had_watched() -> None:
    first = outage(8 * HOURS, now=DUE, pace=1.0, last=None)
    assert outage(8 * HOURS + 60, now=minutes(1), pace=1.0, last=first) is None
    second = outage(9 * HOURS, now=minutes(60), pace=1.0, last=first)
    assert second is not None
    assert second.from_at == DUE


def test_at_a_faster_pace_two_real_minutes_are_longer() -> None:
    assert outage(119.0, now=DUE, pace=60.0, last=None) is None
    found = outage(180.0, now=DUE, pace=60.0, last=None)
    assert found is not None
    assert found.to_at - found.from_at == dt.timedelta(hours=3)
    assert found.doors_until_at == minutes(60)


@pytest.mark.parametrize(
    ("now", "index", "targets"),
    [
        (3, 0, {Target.PARTY}),
        (7, 1, {Target.PARTY, Target.DUTY_OFFICER}),
        (60, 2, {Target.PARTY, Target.DUTY_OFFICER, Target.LEADER}),
        (75, 3, {*(t for s in USUAL for t in s.targets)} - {Target.EVERY_LEADER}),
        (480, 4, {t for s in USUAL for t in s.targets}),  # the whole plan: all together
    ],
)
def test_one_step_for_all_that_were_missed(now: float, index: int, targets: set[Target]) -> None:
    run = decide_alarm(alarm(was_missed=True), now=minutes(now))
    assert isinstance(run, Run)
    assert (run.index, set(run.targets), run.following) == (index, targets, index + 1)


def test_without_an_outage_the_steps_come_one_after_the_other() -> None:
    run = decide_alarm(alarm(), now=minutes(480))
    assert isinstance(run, Run)
    assert Target.EVERY_LEADER not in run.targets


def test_the_step_after_it_waits_until_the_first_people_had_their_time() -> None:
    facts = alarm(was_missed=True)
    now = minutes(69)  # past the call-out time; the deputy's hour comes in a minute
    run = decide_alarm(facts, now=now)
    assert isinstance(run, Run)
    then = after_step(replace(facts, was_missed=False), run, now=now, handed_at=now)
    assert decide_alarm(then, now=minutes(71)) == Wait(act_at=minutes(74))


def test_only_what_has_not_run_before_is_told() -> None:
    facts = alarm(
        was_missed=True,
        next_step=3,
        phase=Phase.ALERT,
        ran_at=minutes(60),
        act_at=minutes(70),
        wait_minutes=5,
    )
    run = decide_alarm(facts, now=minutes(480))
    assert isinstance(run, Run)
    assert set(run.targets) == {Target.DEPUTY, Target.KIN, Target.EVERY_LEADER}


def test_whose_acknowledgement_ran_out_long_ago_is_told_with_the_next_people() -> None:
    facts = alarm(
        was_missed=True,
        next_step=3,
        phase=Phase.ALERT,
        holder_id=HOLDER,
        expires_at=minutes(90),
        act_at=minutes(90),
    )
    assert isinstance(decide_alarm(facts, now=minutes(92)), Lapse)
    assert isinstance(decide_alarm(facts, now=minutes(95)), Run)
    assert isinstance(decide_alarm(replace(facts, was_missed=False), now=minutes(95)), Lapse)


@given(steps=STEPS, now=st.integers(-60, 7 * 24 * 60), grace=st.integers(0, 600))
def test_whoever_was_to_be_told_by_now_is_told(steps: list, now: int, grace: int) -> None:
    whole = ladder(plan(*steps), times(grace))
    facts = alarm(grace=grace, plan=plan(*steps), was_missed=True, act_at=DUE)
    at = present_step(whole, times(grace), now=minutes(now))
    run = decide_alarm(facts, now=minutes(now)) if whole else None
    if at >= 0:
        assert isinstance(run, Run)
        assert run.index >= at
        assert {t for one in whole[: at + 1] for t in one.targets} <= set(run.targets)


EARLY = step(Anchor.DUE, -60, Target.LEADER)


def test_of_missed_reminders_the_newest_comes_once() -> None:
    steps = (EARLY, REMINDER, PARTY)
    facts = DeadlineFacts(times=times(), plan=plan(*steps), next_step=0)
    decision = decide_deadline(facts, now=minutes(-10))
    assert isinstance(decision, Remind)
    assert set(decision.step.targets) == {Target.LEADER, Target.PARTY}
    assert (decision.dropped, decision.next_step, decision.act_at) == (1, 2, DUE)
    one_alone = decide_deadline(facts, now=minutes(-20))
    assert one_alone == Drop(dropped=1, next_step=1, act_at=minutes(-15))


def test_reminders_of_more_than_half_an_hour_ago_are_dropped_and_counted() -> None:
    steps = (step(Anchor.DUE, -120, Target.PARTY), step(Anchor.DUE, -90, Target.PARTY), PARTY)
    facts = DeadlineFacts(times=times(), plan=plan(*steps), next_step=0)
    assert isinstance(decide_deadline(facts, now=minutes(-61)), Remind)
    decision = decide_deadline(facts, now=minutes(-59))
    assert decision == Drop(dropped=2, next_step=2, act_at=DUE)


def test_so_they_are_after_a_pause_though_the_watch_was_awake() -> None:
    facts = DeadlineFacts(times=times(), plan=plan(EARLY, REMINDER, PARTY), next_step=0)
    assert isinstance(decide_deadline(facts, now=minutes(-60)), Remind)
    decision = decide_deadline(facts, now=minutes(-1))
    assert isinstance(decision, Remind)
    assert (decision.dropped, decision.next_step, decision.act_at) == (1, 2, DUE)


def test_what_was_due_before_its_end_was_missed() -> None:
    one = Outage(from_at=minutes(-60), to_at=DUE, doors_until_at=minutes(1))
    assert one.missed(DUE)
    assert not one.missed(minutes(0.1))
    assert not one.missed(None)
    assert one.doors_first(minutes(0.9))
    assert not one.doors_first(minutes(1))
