"""Promise 3: an alarm falls silent only by a human act. Acknowledgements expire; the last step
repeats for ever, slower."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from homeby.logbook.rules import Refused, new_tap
from homeby.missions.models import Mission
from homeby.missions.rules import PlanTimes
from homeby.people.rules import STATION, Role
from homeby.watch.actions import alarms
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import AlarmState, DeadlineKind, Ending, Phase
from tests.promises.acts import (
    alarm_of,
    expected,
    hand_over,
    pass_time,
    recorded,
    refused,
    stand_down,
    take,
    times_told,
)
from tests.world import World


@pytest.fixture
def mission(world: World) -> Mission:
    """The agent is out, due after an hour, call-out an hour later."""
    return world.send_out("agent", due_minutes=60)


def test_nobody_answers_and_the_last_step_repeats_for_ever_slower(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=60 + 60 + 7 * 24 * 60)
    told = times_told(world, "deputy")
    assert told[:7] == [130, 140, 150, 165, 187.5, 221.25, 271.875]
    pauses = [second - first for first, second in pairwise(told)]
    assert pauses[1:] == sorted(pauses[1:])
    assert pauses[-1] == 60
    assert len(told) > 24 * 6
    assert world.alarm().state == AlarmState.OPEN
    assert not recorded("ALARM_ENDED")


def test_an_acknowledgement_lapses_and_the_alarm_comes_back(world: World, mission: Mission) -> None:
    pass_time(world, minutes=122)
    assert "yours until" in take(world, "head")
    world.received.clear()
    pass_time(world, minutes=19)
    assert not world.received
    pass_time(world, minutes=1)
    assert [one.person for one in world.received] == ["head"]
    assert "comes back to you" in world.phone("head")[0].subject
    assert world.alarm().holder_id is None
    pass_time(world, minutes=5)
    assert times_told(world, "deputy"), "then the steps go on above"
    assert recorded("ALARM_LAPSED")


def test_renewing_keeps_it_and_only_for_another_while(world: World, mission: Mission) -> None:
    pass_time(world, minutes=122)
    take(world, "head")
    first = world.alarm()
    pass_time(world, minutes=15)
    take(world, "head")
    world.received.clear()
    pass_time(world, minutes=19)
    assert not world.received
    assert world.alarm().taken_at == first.taken_at
    pass_time(world, minutes=1)
    assert world.phone("head")


def test_a_holder_who_cannot_be_reached_any_more_is_not_waited_for(
    world: World, mission: Mission
) -> None:
    world.add("walker", Role.DUTY_OFFICER, reachable=False)
    pass_time(world, minutes=122)
    take(world, "walker")
    world.received.clear()
    pass_time(world, minutes=20)
    assert times_told(world, "deputy") == [142]


def test_an_acknowledgement_given_before_it_breaks_at_the_call_out_time(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=115)
    take(world, "head")
    assert world.alarm().act_at == mission.call_out_at
    pass_time(world, minutes=5)
    alarm = world.alarm()
    assert (alarm.phase, alarm.holder_id) == (Phase.ALERT, None)
    assert times_told(world, "head")[-1] == 120


def test_taking_it_takes_back_what_is_queued_for_the_others(world: World, mission: Mission) -> None:
    world.breaks("deputy")
    world.breaks("kin at home")
    pass_time(world, minutes=131)
    take(world, "head")
    world.refusing.clear()
    world.received.clear()
    pass_time(world, minutes=15)
    assert not world.phone("deputy")


def test_an_alarm_that_is_handed_over_stays_with_the_giver_until_it_is_taken(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=122)
    take(world, "head")
    assert "stays with you" in hand_over(world, "head", "mate")
    world.look()
    assert world.alarm().holder_id == world.people["head"]
    assert "hands you" in world.phone("mate")[-1].subject
    take(world, "mate")
    alarm = world.alarm()
    assert (alarm.holder_id, alarm.offered_to_id) == (world.people["mate"], None)


def test_an_alarm_that_nobody_took_over_comes_back_to_the_giver(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=122)
    take(world, "head")
    hand_over(world, "head", "mate")
    world.look()
    world.received.clear()
    pass_time(world, minutes=20)
    assert [one.person for one in world.received] == ["head"]


def test_it_is_not_handed_to_somebody_who_would_not_hear_of_it(
    world: World, mission: Mission
) -> None:
    world.add("walker", reachable=False)
    pass_time(world, minutes=122)
    take(world, "head")
    for to, says in (("walker", "is not available"), ("agent", "one of those")):
        with pytest.raises(Refused) as refusal:
            hand_over(world, "head", to)
        assert says in refused(refusal.value)


@pytest.mark.parametrize("who", ["agent", "outsider", "mate"])
def test_not_everybody_may_take_it_and_the_missing_least_of_all(
    world: World, mission: Mission, who: str
) -> None:
    pass_time(world, minutes=122)
    with pytest.raises(Refused):
        take(world, who)
    assert world.alarm().holder_id is None


def test_standing_down_needs_a_reason_and_a_person_with_the_duty(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=122)
    for who, reason in (("head", " "), ("head", "ok"), ("guard", "Seen."), ("agent", "I am fine.")):
        with pytest.raises(Refused):
            stand_down(world, who, reason=reason)
    with pytest.raises(Refused):
        alarms.stand_down(
            alarm_id=world.alarm().pk, reason="So it is.", by=STATION, now=world.now, tap=new_tap()
        )
    assert world.alarm().state == AlarmState.OPEN


@pytest.mark.parametrize("party", [("deputy",), ("deputy", "mate")])
def test_whoever_is_missing_does_not_stand_her_own_alarm_down(
    world: World, party: tuple[str, ...]
) -> None:
    world.send_out(*party, due_minutes=60)
    pass_time(world, minutes=122)
    with pytest.raises(Refused, match="one of those this alarm is about"):
        stand_down(world, "deputy", again_at=world.now + dt.timedelta(hours=24))


def test_a_stand_down_tells_everybody_who_was_told_and_why(world: World, mission: Mission) -> None:
    world.give_kin("agent", "mother")
    pass_time(world, minutes=131)
    world.received.clear()
    stand_down(world)
    world.look()
    assert {one.person for one in world.received} == {"agent", "head", "deputy", "mother"}
    assert "Seen from the helicopter" in world.phone("deputy")[0].outgoing.text
    assert "helicopter" not in world.phone("mother")[0].outgoing.text
    alarm = alarm_of(mission)
    assert (alarm.ending, alarm.ended_by_id) == (Ending.STOOD_DOWN, world.people["head"])


def test_a_stand_down_with_somebody_still_out_asks_again(world: World, mission: Mission) -> None:
    pass_time(world, minutes=122)
    stand_down(world)
    (again,) = expected(mission)
    assert world.minutes(again.due_at) == 122 + 60
    pass_time(world, minutes=60)
    assert world.alarm().number == alarm_of(mission).number
    assert Alarm.objects.count() == 2


@pytest.mark.parametrize(
    ("asked_hours", "kept_minutes"), [(3, 180), (72, 24 * 60), (-1, 60), (None, 60)]
)
def test_it_asks_again_when_told_to_but_within_a_day(
    world: World, mission: Mission, asked_hours: int | None, kept_minutes: int
) -> None:
    pass_time(world, minutes=122)
    again_at = None if asked_hours is None else world.now + dt.timedelta(hours=asked_hours)
    stand_down(world, again_at=again_at)
    (again,) = expected(mission)
    assert again.due_at == world.now + dt.timedelta(minutes=kept_minutes)


def test_a_missed_check_in_that_is_stood_down_asks_for_the_next_one(world: World) -> None:
    times = PlanTimes(due_at=world.now + dt.timedelta(hours=8), check_in_minutes=60)
    mission = world.send_out("agent", times=times)
    pass_time(world, minutes=70)
    stand_down(world)
    (again,) = expected(mission, DeadlineKind.CHECK_IN)
    assert world.minutes(again.due_at) == 130
    assert len(expected(mission)) == 1


def test_once_over_it_is_over_and_says_so(world: World, mission: Mission) -> None:
    pass_time(world, minutes=122)
    alarm = world.alarm()
    world.sign_in("agent")
    with pytest.raises(Refused, match="is over already"):
        alarms.acknowledge(alarm_id=alarm.pk, by=world.as_("head"), now=world.now, tap=new_tap())
    world.received.clear()
    pass_time(world, minutes=3 * 24 * 60)
    assert {one.subject[:4] for one in world.received} == {"BACK"}


def test_the_database_itself_refuses_an_alarm_that_nobody_ended(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=122)
    silent: list[dict[str, Any]] = [
        {"act_at": None},
        {"state": AlarmState.ENDED, "act_at": None, "ended_at": world.now},
        {"state": AlarmState.ENDED, "act_at": None, "ending": Ending.STOOD_DOWN},
    ]
    for values in silent:
        with pytest.raises(IntegrityError), transaction.atomic():
            Alarm.objects.update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.update(state="OPEN", act_at=None)
