"""After an outage, at the very second and for exactly those people."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from homeby.steady import Clocks
from homeby.watch.rules import Anchor, Step, Target
from homeby.watch.rules.outage import Look, blind_seconds, present_step, remind_once
from tests.rules.watch_samples import CALL_OUT, DUE, OFFICER, PARTY, minutes, times

SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(("ahead", "age"), [(5.0, -5.0), (5.1, None), (0.0, 0.0)])
def test_a_look_five_seconds_ahead_is_one_of_just_now_and_more_says_that_a_clock_was_set_back(
    ahead: float, age: float | None
) -> None:
    look = Look(looked_at=DUE + ahead * SECOND, machine="another")
    seen = Clocks(wall_at=DUE, boot_seconds=9.0, machine="here")
    assert blind_seconds([look], seen=seen, real_now=DUE, own_seconds=None) == age


def test_an_alarm_stands_at_the_step_whose_hour_has_just_come() -> None:
    ladder = (PARTY, OFFICER, CALL_OUT)
    assert present_step(ladder, times(), now=DUE - SECOND) == -1
    assert present_step(ladder, times(), now=DUE) == 0
    assert present_step(ladder, times(), now=minutes(5) - SECOND) == 0
    assert present_step(ladder, times(), now=minutes(5)) == 1
    assert present_step(ladder, times(), now=minutes(600)) == 2


ADA, BEN = uuid.UUID(int=1), uuid.UUID(int=2)
FIRST = Step(
    anchor=Anchor.DUE,
    offset_minutes=-40,
    targets=(Target.NAMED, Target.LEADER),
    people=(ADA, BEN),
    wait_minutes=3,
)
SECOND_ONE = replace(
    FIRST, offset_minutes=-30, targets=(Target.PARTY, Target.NAMED), people=(BEN,), wait_minutes=7
)


def test_one_reminder_is_for_the_people_of_all_that_were_missed_each_once() -> None:
    found = remind_once((FIRST, SECOND_ONE), 0, times(), now=minutes(-20))
    assert found.step == Step(
        anchor=Anchor.DUE,
        offset_minutes=-30,
        targets=(Target.NAMED, Target.LEADER, Target.PARTY),
        people=(ADA, BEN),
        wait_minutes=7,
    )
    assert (found.dropped, found.following) == (1, 2)


def test_a_reminder_is_fresh_for_half_an_hour_and_no_second_longer() -> None:
    steps = (replace(FIRST, offset_minutes=-60),)
    assert remind_once(steps, 0, times(), now=minutes(-30)).step == steps[0]
    too_old = remind_once(steps, 0, times(), now=minutes(-30) + SECOND)
    assert (too_old.step, too_old.dropped, too_old.following) == (None, 1, 1)


def test_what_was_sent_before_is_not_sent_again_after_an_outage() -> None:
    found = remind_once((FIRST, SECOND_ONE), 1, times(), now=minutes(-20))
    assert found.step == SECOND_ONE
    assert (found.dropped, found.following) == (0, 2)
