"""Promises 3 and 8: whoever was told of a worry hears nothing untrue, and hears how it ended.

Kin are told by what has happened: late only after the promised hour. Everybody who was told by any
alarm of a mission hears that they are back, whatever ended that alarm before.
"""

from __future__ import annotations

import pytest

from homeby.comms.models import Message
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import gate
from homeby.missions.actions.take_back import take_back_sign_in
from homeby.missions.models import Mission
from homeby.missions.rules import PlanTimes
from homeby.people.rules import STATION, MayKnow
from homeby.watch.actions import plans
from homeby.watch.models import EscalationPlan
from homeby.watch.rules import Anchor, DeadlineKind, Target
from tests.promises.acts import ask_more_time, decide, minutes_ahead, pass_time, stand_down
from tests.world import CHECK_IN_STEPS, World, step

LATE = "later than expected"


@pytest.fixture
def flatmate(world: World) -> World:
    """Somebody waits at home for Fox, and may know when she is expected."""
    world.give_kin("agent", "flatmate", MayKnow.OUT_AND_DUE)
    return world


def told(world: World, who: str = "flatmate") -> list[str]:
    """What was written to somebody's phone."""
    return [one.outgoing.text for one in world.phone(who)]


def test_for_a_missed_check_in_nobody_is_called_late(flatmate: World) -> None:
    world = flatmate
    steps = (*CHECK_IN_STEPS, step(Anchor.CALL_OUT, 5, Target.DUTY_OFFICER, Target.KIN))
    fields = plans.PlanFields(
        name="With kin", kind=DeadlineKind.CHECK_IN, steps=steps, is_default=True
    )
    plans.set_plan(plan_id=None, fields=fields, by=STATION, now=world.now, tap=new_tap())
    assert EscalationPlan.objects.filter(is_default=True, kind=DeadlineKind.CHECK_IN).count() == 1
    times = PlanTimes(due_at=minutes_ahead(world, 600), check_in_minutes=60)
    world.send_out("agent", "mate", times=times)
    pass_time(world, minutes=150)
    said = told(world)[0]
    assert LATE not in "".join(told(world))
    assert "expected to hear from the person who named you, and have not" in said
    assert "Expected back: 19:00." in said


def test_for_help_kin_hear_no_more_than_that_the_watch_looks(flatmate: World) -> None:
    world = flatmate
    mission = world.send_out("agent", "mate", due_minutes=600)
    pass_time(world, minutes=30)
    gate.ask_for_help(
        mission_id=mission.pk, why="leg", by=world.as_("agent"), now=world.now, tap=new_tap()
    )
    pass_time(world, minutes=60)
    said = told(world)[0]
    assert LATE not in "".join(told(world))
    assert "HELP" not in "".join(told(world))
    assert "Expected back: 19:00." in said


def test_asked_again_after_a_stand_down_the_promised_hour_stays_the_promised_hour(
    flatmate: World,
) -> None:
    world = flatmate
    world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=100)
    stand_down(world)
    pass_time(world, minutes=300)
    said = told(world)[-1]
    assert LATE in said
    assert "Expected back: 10:00." in said, "not the hour at which the watch asked again"


def test_more_time_moves_the_hour_that_kin_read(flatmate: World) -> None:
    world = flatmate
    mission = world.send_out("agent", "mate", due_minutes=60)
    decide(world, ask_more_time(world, mission, minutes=180), "head")
    pass_time(world, minutes=260)
    assert "Expected back: 12:00." in told(world)[0]


@pytest.mark.parametrize("ended_by", ["stand-down", "more time"])
def test_after_an_alarm_that_ended_before_everybody_still_hears_that_they_are_back(
    flatmate: World, ended_by: str
) -> None:
    world = flatmate
    mission = world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=131)
    worried = {one.person for one in world.received}
    assert {"flatmate", "deputy", "head"} <= worried
    if ended_by == "stand-down":
        stand_down(world)
    else:
        asked = ask_more_time(world, mission, minutes=120)
        decide(world, asked, "head")
        decide(world, asked, "deputy")
    world.look()
    assert "not back yet" in told(world)[-1]
    world.received.clear()
    pass_time(world, minutes=10)
    world.sign_in("agent", "mate", heads=2)
    world.look()
    heard = {one.person for one in world.received}
    assert worried <= heard
    assert told(world) == ["The person who named you is back."]
    assert world.phone("deputy")[-1].subject.startswith("BACK: ")
    assert verify().difference is None


def test_with_a_second_alarm_open_each_hears_it_once(flatmate: World) -> None:
    world = flatmate
    world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=131)
    stand_down(world)
    pass_time(world, minutes=200)
    world.received.clear()
    world.sign_in("agent", "mate", heads=2)
    world.look()
    assert told(world) == ["The person who named you is back."]
    for who in ("deputy", "head", "agent"):
        assert len([one for one in world.phone(who) if "BACK" in one.subject]) == 1, who


def test_nobody_hears_twice_that_they_are_back(flatmate: World) -> None:
    world = flatmate
    mission = world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=131)
    stand_down(world)
    world.sign_in("agent", "mate", heads=2)
    pass_time(world, minutes=1)
    _taken_back(world, mission)
    world.look()
    world.received.clear()
    world.sign_in("agent")
    world.look()
    assert not told(world)
    assert not Message.objects.filter(state="QUEUED").exists()


def _taken_back(world: World, mission: Mission) -> None:
    take_back_sign_in(
        mission_id=mission.pk,
        person_id=world.people["agent"],
        by=world.as_("guard"),
        now=world.now,
        tap=new_tap(),
    )


def test_an_alarm_that_told_nobody_outside_tells_nobody_outside(flatmate: World) -> None:
    world = flatmate
    world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=70)  # the party and the duty officer, no more
    stand_down(world)
    world.look()
    world.received.clear()
    world.sign_in("agent", "mate", heads=2)
    world.look()
    assert not told(world)
    assert not world.phone("deputy")
    assert world.phone("head")
