"""Promise 3 and rule 11 of the field: more time counts once a person has granted it; the later it
is, the more people it takes; and moving somebody's time tells them."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.missions.models import Extension, Mission
from homeby.missions.rules import ExtensionState, PlanTimes
from homeby.people.rules import Role
from homeby.watch.actions import alarms
from homeby.watch.models import Alarm
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineKind, Ending
from tests.promises.acts import (
    alarm_of,
    ask_more_time,
    decide,
    expected,
    pass_time,
    refused,
    stand_down,
)
from tests.world import World


@pytest.fixture
def mission(world: World) -> Mission:
    """Two are out, due after an hour, call-out an hour later."""
    return world.send_out("agent", "mate", due_minutes=60)


def due(world: World, mission: Mission) -> tuple[float, float]:
    """Expected back and call-out, in minutes; plan and deadline agree."""
    mission.refresh_from_db()
    (deadline,) = expected(mission)
    assert (deadline.due_at, deadline.call_out_at) == (mission.due_at, mission.call_out_at)
    return world.minutes(deadline.due_at), world.minutes(deadline.call_out_at)


def test_until_somebody_grants_it_the_old_time_stands(world: World, mission: Mission) -> None:
    pass_time(world, minutes=30)
    ask_more_time(world, mission, minutes=120)
    assert due(world, mission) == (60, 120)
    pass_time(world, minutes=30)
    assert world.alarm().kind == AlarmKind.OVERDUE


def test_asking_tells_whoever_has_the_watch(world: World, mission: Mission) -> None:
    ask_more_time(world, mission, minutes=120)
    world.look()
    told = world.phone("head")[-1]
    assert "asks for more time" in told.subject
    for words in ("Expected back 10:00", "asks for 11:00", "stands until you decide", "Slow snow"):
        assert words in told.outgoing.text


def test_before_the_due_time_anybody_on_watch_grants_it_and_the_party_is_told(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=30)
    decide(world, ask_more_time(world, mission, minutes=120), "guard")
    assert due(world, mission) == (150, 210)
    world.look()
    for who in ("agent", "mate"):
        assert world.phone(who)[-1].subject == "More time granted: expected back 11:30"
    world.received.clear()
    pass_time(world, minutes=120)
    assert world.minutes(world.alarm().opened_at) == 150


def test_the_duty_officer_hears_what_somebody_else_granted(world: World, mission: Mission) -> None:
    pass_time(world, minutes=30)
    decide(world, ask_more_time(world, mission, minutes=120), "guard")
    world.look()
    heard = [one.subject for one in world.phone("head")]
    assert any("Fox" in one and "More time granted: expected back 11:30" in one for one in heard)


def test_a_refusal_leaves_the_old_time_and_is_told(world: World, mission: Mission) -> None:
    decide(world, ask_more_time(world, mission, minutes=120), "head", grant=False)
    assert due(world, mission) == (60, 120)
    world.look()
    assert world.phone("mate")[-1].subject == "More time refused"


@pytest.mark.parametrize("who", ["agent", "mate", "outsider"])
def test_neither_the_party_nor_just_anybody_grants_it(
    world: World, mission: Mission, who: str
) -> None:
    asked = ask_more_time(world, mission, minutes=120)
    with pytest.raises(Refused):
        decide(world, asked, who)
    assert due(world, mission) == (60, 120)


def test_between_due_and_call_out_the_duty_officer_decides(world: World, mission: Mission) -> None:
    pass_time(world, minutes=70)
    asked = ask_more_time(world, mission, minutes=60)
    for who, said in (("guard", "the duty officer"), ("deputy", "the duty officer"),
                      ("admin", "whoever keeps the watch")):  # fmt: skip
        with pytest.raises(Refused, match=f"{said} decides"):
            decide(world, asked, who)
    decide(world, asked, "head")
    assert due(world, mission) == (130, 190)
    alarm = alarm_of(mission)
    assert (alarm.state, alarm.ending) == (AlarmState.ENDED, Ending.STOOD_DOWN)
    assert alarm.ended_by_id == world.people["head"]


def test_after_the_call_out_it_takes_two_people(world: World, mission: Mission) -> None:
    pass_time(world, minutes=125)
    asked = ask_more_time(world, mission, minutes=60)
    assert "a second person must grant it too" in decide(world, asked, "head")
    assert "a second person" in decide(world, asked, "head"), "and she is not two"
    assert alarm_of(mission).state == AlarmState.OPEN
    assert decide(world, asked, "deputy") == "Granted."
    assert due(world, mission) == (185, 245)
    assert alarm_of(mission).state == AlarmState.ENDED


def test_one_of_the_two_is_the_duty_officer(world: World, mission: Mission) -> None:
    pass_time(world, minutes=125)
    asked = ask_more_time(world, mission, minutes=60)
    decide(world, asked, "guard")
    with pytest.raises(Refused, match="the duty officer decides"):
        decide(world, asked, "deputy")
    assert decide(world, asked, "head") == "Granted."
    with pytest.raises(Refused, match="decided already"):
        decide(world, asked, "head")


def test_refusing_takes_the_duty_officer_too(world: World, mission: Mission) -> None:
    pass_time(world, minutes=125)
    asked = ask_more_time(world, mission, minutes=60)
    with pytest.raises(Refused, match="the duty officer decides"):
        decide(world, asked, "guard", grant=False)
    assert "old time stands" in decide(world, asked, "head", grant=False)


def test_nothing_is_granted_to_a_party_that_is_back(world: World, mission: Mission) -> None:
    asked = ask_more_time(world, mission, minutes=120)
    world.sign_in("agent", "mate", heads=2)
    with pytest.raises(Refused, match="party is back"):
        decide(world, asked, "head")
    pass_time(world, minutes=24 * 60)
    assert not Alarm.objects.exists()


def test_a_time_that_has_passed_meanwhile_is_not_granted(world: World, mission: Mission) -> None:
    asked = ask_more_time(world, mission, minutes=65)
    pass_time(world, minutes=66)
    with pytest.raises(Refused, match="lies in the past"):
        decide(world, asked, "head")
    assert decide(world, asked, "head", grant=False)


def test_asking_anew_takes_the_place_of_the_first_request(world: World, mission: Mission) -> None:
    first = ask_more_time(world, mission, minutes=120)
    second = ask_more_time(world, mission, minutes=180)
    assert Extension.objects.get(pk=first.pk).state == ExtensionState.REFUSED
    with pytest.raises(Refused, match="decided already"):
        decide(world, first, "head")
    decide(world, second, "head")
    assert due(world, mission) == (180, 240)


@pytest.mark.parametrize(("minutes", "says"), [(0, "past"), (-9, "past"), (600000, "400 days")])
def test_a_time_that_makes_no_sense_is_not_asked_for(
    world: World, mission: Mission, minutes: float, says: str
) -> None:
    with pytest.raises(Refused) as refusal:
        ask_more_time(world, mission, minutes=minutes)
    assert says in refused(refusal.value)


def test_more_time_answers_no_missed_check_in(world: World) -> None:
    """Whoever is silent stays missed, though somebody moves their return."""
    times = PlanTimes(due_at=world.now + dt.timedelta(hours=5), check_in_minutes=60)
    mission = world.send_out("agent", times=times)
    pass_time(world, minutes=70)
    decide(world, ask_more_time(world, mission, minutes=400, by="guard"), "guard")
    alarm = alarm_of(mission)
    assert (alarm.kind, alarm.state) == (AlarmKind.MISSED_CHECK_IN, AlarmState.OPEN)


def test_more_time_ends_no_distress(world: World, mission: Mission) -> None:
    pass_time(world, minutes=70)
    alarms.raise_to_distress(
        alarm_id=world.alarm().pk, why="Smoke", by=world.as_("head"), now=world.now, tap=new_tap()
    )
    world.look()
    assert "is not back" in world.phone("head")[-1].outgoing.text, "nobody asked for help"
    decide(world, ask_more_time(world, mission, minutes=60), "head")
    assert alarm_of(mission).state == AlarmState.OPEN


def test_the_next_check_in_counts_from_when_they_were_heard_not_from_the_grant(
    world: World,
) -> None:
    times = PlanTimes(due_at=world.now + dt.timedelta(hours=5), check_in_minutes=60)
    mission = world.send_out("agent", times=times)
    pass_time(world, minutes=20)
    asked = ask_more_time(world, mission, minutes=400)
    pass_time(world, minutes=35)
    decide(world, asked, "guard")
    (deadline,) = expected(mission, DeadlineKind.CHECK_IN)
    assert world.minutes(deadline.due_at) == 80


def test_after_a_stand_down_more_time_may_still_be_granted(world: World, mission: Mission) -> None:
    world.add("officer", Role.DUTY_OFFICER)
    pass_time(world, minutes=125)
    asked = ask_more_time(world, mission, minutes=60)
    stand_down(world)
    decide(world, asked, "head")
    decide(world, asked, "officer")
    assert due(world, mission) == (185, 245)


def test_a_time_that_is_earlier_is_not_called_more(world: World, mission: Mission) -> None:
    """An earlier return is asked for and granted in the same way, and said as what it is."""
    asked = ask_more_time(world, mission, minutes=45)
    world.look()
    assert world.phone("head")[-1].subject == "Fox, Owl asks to be expected earlier"
    decide(world, asked, "head")
    world.look()
    assert world.phone("agent")[-1].subject == "Expected back earlier: 09:45"
    again = ask_more_time(world, mission, minutes=30)
    decide(world, again, "head", grant=False)
    world.look()
    assert world.phone("agent")[-1].subject == "The earlier time is refused"
