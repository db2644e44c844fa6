"""HELP that fits no mission in cases: by which reference it is known, and whom its steps tell."""

from __future__ import annotations

import datetime as dt

from homeby.watch.rules import Phase, Run, Target
from homeby.watch.rules.unplaced import RING_AGAIN, help_ref, is_unplaced, others, rings_at, spared

NOW = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)


def test_each_source_has_a_reference_of_its_own_always_the_same() -> None:
    assert help_ref("phone:1") == help_ref("phone:1") != help_ref("phone:2")
    assert is_unplaced(help_ref("x" * 500))
    assert len(help_ref("x" * 500)) <= 80
    assert not is_unplaced("mission:57a71015-0000-4000-8000-000000000001")


def test_it_tells_neither_whoever_asked_nor_kin() -> None:
    run = Run(index=0, phase=Phase.DISTRESS, targets=tuple(Target), people=(), wait_minutes=5)
    told = spared(run, help_ref("a")).targets
    assert set(Target) - set(told) == {Target.PARTY, Target.LEADER, Target.KIN}
    assert spared(run, "mission:1") is run
    assert others(told, "mission:1") is told


def test_a_stranger_rings_a_new_alarm_once_in_ten_minutes_and_nobody_else_waits() -> None:
    just, long_ago = NOW - dt.timedelta(minutes=1), NOW - dt.timedelta(hours=1)
    assert rings_at(is_stranger=False, last_opened_at=just, now=NOW) == NOW
    assert rings_at(is_stranger=True, last_opened_at=None, now=NOW) == NOW
    assert rings_at(is_stranger=True, last_opened_at=long_ago, now=NOW) == NOW
    assert rings_at(is_stranger=True, last_opened_at=just, now=NOW) == just + RING_AGAIN
