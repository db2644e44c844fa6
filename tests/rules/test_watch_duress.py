"""The duress PIN in cases: which one may stand beside a PIN, and whom a silent alarm tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from homeby.people.rules import problem_with_duress_pin
from homeby.watch.rules import AlarmKind, Phase, Run, Target
from homeby.watch.rules.duress import about_of, silenced, silent_ref


@pytest.mark.parametrize(
    ("duress", "begins"),
    [
        ("4711", "The duress PIN must be another"),
        ("4712", "Too near"),  # a digit wrong
        ("471", "A PIN has 4 to 8"),
        ("47118", "Too near"),  # one too many, at the end
        ("47711", "Too near"),  # a bounce
        ("4171", "Too near"),  # two changed places
        ("0000", "This PIN is what anybody"),
        ("48b2", "A PIN has 4 to 8"),
        ("٤٨٠٢", "A PIN has 4 to 8"),
        ("4802", ""),
        ("1741", ""),  # two digits differ, and are no neighbours
        ("471180", ""),
        ("90213355", ""),
    ],
)
def test_one_slip_of_a_finger_must_not_make_it(duress: str, begins: str) -> None:
    said = problem_with_duress_pin(duress, pin="4711")
    assert said.startswith(begins)
    assert bool(said) == bool(begins)


def test_a_digit_left_out_is_a_slip_too() -> None:
    assert problem_with_duress_pin("4711", pin="47118").startswith("Too near")
    assert problem_with_duress_pin("7118", pin="47118").startswith("Too near")


def test_a_silent_step_tells_those_who_keep_the_watch_and_nobody_near_her() -> None:
    near = (Target.PARTY, Target.LEADER, Target.KIN)
    watch = (Target.DUTY_OFFICER, Target.EVERY_LEADER)
    run = Run(index=0, phase=Phase.DISTRESS, targets=near, people=(), wait_minutes=5)
    assert silenced(run, AlarmKind.DURESS).targets == watch
    more = replace(run, targets=(*near, Target.DEPUTY, Target.NAMED, Target.DUTY_OFFICER))
    assert silenced(more, AlarmKind.DURESS).targets == (*watch, Target.DEPUTY, Target.NAMED)
    assert silenced(more, AlarmKind.HELP) == more


def test_a_silent_subject_stands_beside_another() -> None:
    assert about_of(silent_ref("mission:7")) == "mission:7"
    assert about_of(silent_ref("mission:7", number=1004)) == "mission:7"
    assert about_of("mission:7/approval") == "mission:7/approval"
