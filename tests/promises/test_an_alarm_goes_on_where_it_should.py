"""Promises 1 and 3 where things change under an open alarm: an acknowledgement lapses, the call-out
time comes between two steps, the plan is edited, a sign-in was a mistake, the times are moved."""

from __future__ import annotations

import datetime as dt
from typing import Any

from homeby.logbook.rules import new_tap
from homeby.missions.actions import gate, take_back
from homeby.missions.models import Mission
from homeby.missions.rules import PlanTimes
from homeby.people.rules import STATION
from homeby.watch.actions import plans
from homeby.watch.models import Alarm, EscalationPlan
from homeby.watch.rules import AlarmKind, AlarmState, Anchor, DeadlineKind, Phase, Target
from tests.promises.acts import (
    alarm_of,
    ask_more_time,
    decide,
    expected,
    hand_over,
    pass_time,
    stand_down,
    take,
    times_told,
)
from tests.world import RETURN_STEPS, World, step


def asks_for_help(world: World, mission: Mission) -> None:
    gate.ask_for_help(
        mission_id=mission.pk, why="Leg", by=world.as_("agent"), now=world.now, tap=new_tap()
    )
    world.look()


def sets_return_plan(world: World, *steps: Any) -> None:
    """Edit the organisation's plan for returns."""
    found = EscalationPlan.objects.get(name="Return")
    fields = plans.PlanFields(
        name="Return", kind=DeadlineKind.RETURN, is_default=True, steps=tuple(steps)
    )
    plans.set_plan(plan_id=found.pk, fields=fields, by=STATION, now=world.now, tap=new_tap())


def test_when_an_acknowledgement_lapses_the_next_are_told_after_five_minutes(world: World) -> None:
    """As the message to the holder says; the hour of their step is not waited for."""
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=65)
    take(world, "head")
    pass_time(world, minutes=20)
    assert "in 5 minutes the next people are told" in world.phone("head")[-1].outgoing.text
    world.received.clear()
    pass_time(world, minutes=5)
    assert times_told(world, "head") == [90]


def test_but_kin_are_not_told_before_the_hour_that_was_promised(world: World) -> None:
    """The next step is for the deputy and for kin, ten minutes after the call-out time."""
    world.give_kin("agent", "mother")
    sets_return_plan(
        world,
        step(Anchor.DUE, 0, Target.PARTY),
        step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER, Target.LEADER),
        step(Anchor.CALL_OUT, 90, Target.DEPUTY, Target.KIN),
    )
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=121)
    take(world, "head")
    pass_time(world, minutes=26)
    assert times_told(world, "deputy") == [146], "five minutes after it lapsed at 141"
    assert not world.phone("mother")
    pass_time(world, minutes=64)
    assert [world.minutes(one.at) for one in world.phone("mother")] == [210]
    assert 210 in times_told(world, "deputy")


def test_the_call_out_time_between_two_steps_is_said_to_those_told_before(world: World) -> None:
    """No step stands at the call-out time itself: the last people hear it, the next keep theirs."""
    world.give_kin("agent", "mother")
    sets_return_plan(
        world,
        step(Anchor.DUE, 0, Target.PARTY),
        step(Anchor.CALL_OUT, -30, Target.DUTY_OFFICER),
        step(Anchor.CALL_OUT, 45, Target.EVERY_LEADER, Target.KIN),
    )
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=130)
    assert times_told(world, "head") == [90, 120]
    assert world.alarm().phase == Phase.ALERT
    assert not world.phone("mother")
    pass_time(world, minutes=40)
    assert [world.minutes(one.at) for one in world.phone("mother")] == [165]


def test_a_step_taken_out_of_the_plan_skips_no_other(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=70)
    sets_return_plan(world, RETURN_STEPS[0], *RETURN_STEPS[2:])
    pass_time(world, minutes=55)
    assert 120 in times_told(world, "head")
    sets_return_plan(world, *RETURN_STEPS[3:])
    pass_time(world, minutes=10)
    assert 130 in times_told(world, "deputy"), "the step for the deputy and for kin"


def test_help_is_open_again_when_the_sign_in_that_ended_it_was_a_mistake(world: World) -> None:
    mission = world.send_out("agent", due_minutes=600)
    asks_for_help(world, mission)
    pass_time(world, minutes=1)
    world.sign_in("agent")
    pass_time(world, minutes=1)
    assert alarm_of(mission).state == AlarmState.ENDED
    world.received.clear()
    take_back.take_back_sign_in(
        mission_id=mission.pk,
        person_id=world.people["agent"],
        by=world.as_("guard"),
        now=world.now,
        tap=new_tap(),
    )
    pass_time(world, minutes=5)
    again = world.alarm()
    assert (again.kind, again.phase) == (AlarmKind.HELP, Phase.DISTRESS)
    assert times_told(world, "head")


def test_help_in_a_late_repetition_is_not_answered_with_silence(world: World) -> None:
    mission = world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=120 + 12 * 60)
    world.received.clear()
    asks_for_help(world, mission)
    pass_time(world, minutes=59)
    assert len(times_told(world, "head")) > 2


def test_a_missed_check_in_is_not_answered_by_more_time_that_others_ask_for(world: World) -> None:
    times = PlanTimes(due_at=world.now + dt.timedelta(hours=5), check_in_minutes=60)
    mission = world.send_out("agent", times=times)
    pass_time(world, minutes=301)
    decide(world, ask_more_time(world, mission, minutes=300, by="guard"), "head")
    assert alarm_of(mission).state == AlarmState.OPEN


def test_more_time_that_others_ask_for_is_no_check_in(world: World) -> None:
    times = PlanTimes(due_at=world.now + dt.timedelta(hours=5), check_in_minutes=60)
    mission = world.send_out("agent", times=times)
    pass_time(world, minutes=59)
    decide(world, ask_more_time(world, mission, minutes=400, by="head"), "guard")
    (check_in,) = expected(mission, DeadlineKind.CHECK_IN)
    assert world.minutes(check_in.due_at) == 60


def test_after_help_is_stood_down_the_next_check_in_is_still_asked_for(world: World) -> None:
    times = PlanTimes(due_at=world.now + dt.timedelta(hours=10), check_in_minutes=60)
    mission = world.send_out("agent", times=times)
    asks_for_help(world, mission)
    pass_time(world, minutes=70)
    stand_down(world)
    assert expected(mission, DeadlineKind.CHECK_IN)
    assert Alarm.objects.filter(state=AlarmState.OPEN).count() == 0


def test_renewing_takes_no_offer_back(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=122)
    take(world, "head")
    world.breaks("mate")
    hand_over(world, "head", "mate")
    world.look()
    pass_time(world, minutes=1)
    take(world, "head")
    world.refusing.clear()
    pass_time(world, minutes=5)
    assert world.phone("mate")


def test_taking_leaves_the_question_to_the_party_on_its_way(world: World) -> None:
    world.breaks("agent")
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=62)
    take(world, "head")
    world.refusing.clear()
    pass_time(world, minutes=10)
    assert [one for one in world.phone("agent") if "are you back" in one.subject]
