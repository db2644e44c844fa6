"""Whoever hears of an alarm hears that the party has asked for more time; asking moves nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.rules import new_tap
from homeby.missions.actions import extend
from homeby.missions.models import Mission
from homeby.missions.rules import Link, PlanTimes
from homeby.watch.rules import DeadlineKind
from tests.promises.acts import ask_more_time, decide, expected, pass_time
from tests.world import World

ASKED = "They ask for more time, until 11:20; nobody has decided."


@pytest.fixture
def mission(world: World) -> Mission:
    """Two are out, due after an hour (10:00), call-out an hour later; they ask for 11:20."""
    found = world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=20)
    ask_more_time(world, found, minutes=120)
    return found


def heard(world: World, mission: Mission) -> float:
    """When the party was last heard, in minutes."""
    mission.refresh_from_db()
    assert mission.heard_at is not None
    return world.minutes(mission.heard_at)


def texts(world: World, who: str) -> list[str]:
    """What the messages with something to take say."""
    return [one.outgoing.text for one in world.phone(who) if one.code]


def test_every_step_says_that_a_request_waits(world: World, mission: Mission) -> None:
    pass_time(world, minutes=110)
    said = texts(world, "head")
    assert len(said) >= 2
    assert all(ASKED in text for text in said)


@pytest.mark.parametrize("grant", [True, False])
def test_once_it_is_decided_no_message_says_so(world: World, mission: Mission, grant: bool) -> None:
    decide(world, mission.extensions.get(), "head", grant=grant)
    pass_time(world, minutes=180)
    said = texts(world, "head")
    assert said
    assert not any("more time" in text for text in said)


def test_whoever_asks_was_heard(world: World, mission: Mission) -> None:
    assert heard(world, mission) == 20
    pass_time(world, minutes=50)
    assert world.alarm().heard_at is None
    ask_more_time(world, mission, minutes=90)
    assert heard(world, mission) == 70
    assert world.alarm().heard_at == mission.heard_at


def test_asking_holds_no_step_and_moves_no_return(world: World, mission: Mission) -> None:
    pass_time(world, minutes=95)  # five minutes before the call-out time
    assert world.alarm().phase == "UNCERTAINTY"
    act_at = world.alarm().act_at
    ask_more_time(world, mission, minutes=90)
    assert world.alarm().act_at == act_at
    pass_time(world, minutes=5)
    assert world.alarm().phase == "ALERT"


def test_what_an_officer_asks_for_on_her_own_says_nothing_of_them(world: World) -> None:
    mission = world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=20)
    ask_more_time(world, mission, minutes=120, by="deputy")
    assert heard(world, mission) == 0
    wanted = extend.Wanted(due_at=world.now + dt.timedelta(hours=3), link=Link.RADIO)
    extend.ask(
        mission_id=mission.pk, wanted=wanted, by=world.as_("guard"), now=world.now, tap=new_tap()
    )
    assert heard(world, mission) == 20


def test_the_next_check_in_counts_from_the_request(world: World) -> None:
    times = PlanTimes(due_at=world.now + dt.timedelta(hours=5), check_in_minutes=60)
    mission = world.send_out("agent", times=times)
    pass_time(world, minutes=50)
    ask_more_time(world, mission, minutes=400)
    (deadline,) = expected(mission, DeadlineKind.CHECK_IN)
    assert world.minutes(deadline.due_at) == 110
    world.check_in(mission)  # of the same moment: older than nothing, so it counts for nothing
    (deadline,) = expected(mission, DeadlineKind.CHECK_IN)
    assert world.minutes(deadline.due_at) == 110
