"""Promise 3, where two must take it, in drills and after an outage."""

from __future__ import annotations

import datetime as dt

from homeby.comms.rules import MessageKind
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.rules import PlanTimes
from homeby.people.rules import STATION
from homeby.watch.actions import alarms, drills
from homeby.watch.models import Alarm
from homeby.watch.queries import exercises
from homeby.watch.rules import AlarmKind, AlarmState, Phase
from tests.promises.acts import pass_time, take
from tests.promises.outages import Station
from tests.promises.outages import station as station
from tests.promises.two import ids, takers, two_must
from tests.simulation.database import two_must_take
from tests.world import World


def drilled() -> Alarm:
    return Alarm.objects.get(kind=AlarmKind.EXERCISE)


def take_drill(world: World, who: str) -> str:
    return alarms.acknowledge(
        alarm_id=drilled().pk, by=world.as_(who), now=world.now, tap=new_tap()
    )


def test_a_drill_by_a_plan_of_two_wants_two(world: World) -> None:
    two_must(world)
    drills.begin(wish=drills.Wish(), by=world.as_("admin"), now=world.now, tap=new_tap())
    pass_time(world, minutes=31)
    answer = take_drill(world, "head")
    assert answer.startswith("EXERCISE")
    assert "A second person must take it too" in answer
    world.received.clear()
    pass_time(world, minutes=18)
    assert {one.person for one in world.received} == {"deputy"}, "the steps go on, the first spared"
    assert "Taken by Head; a second person must take it too." in world.received[0].outgoing.text
    take_drill(world, "deputy")
    assert drilled().takers == ids(world, "head", "deputy")
    pass_time(world, minutes=1)
    last = world.received[-1].outgoing
    assert last.subject.startswith("EXERCISE: "), "whoever had it hears of the second, marked"
    assert "has taken X-1 too" in last.subject
    (report,) = exercises.drill_reports(STATION)
    assert {one.name for one in report.people if one.taken_seconds is not None} == {
        "Head",
        "Deputy",
    }
    pass_time(world, minutes=200)
    assert drilled().state == AlarmState.ENDED
    assert drilled().takers == []
    assert verify().difference is None


def test_of_two_who_took_it_one_falls_silent_in_an_outage(station: Station) -> None:
    world = station.world
    two_must(world)
    world.send_out("agent", due_minutes=60)
    station.watch(minutes=122)
    take(world, "head")
    station.watch(minutes=10)
    take(world, "deputy")
    station.watch(minutes=1)
    world.received.clear()
    station.passes(hours=0.25)  # the first fell silent more than five minutes before its end
    station.watch(minutes=3)
    told = [one.person for one in world.received if one.outgoing.sent_as == MessageKind.ALARM]
    assert told.count("head") == 1, "whoever fell silent, once"
    assert takers(world) == ids(world, "deputy")
    assert world.alarm().second_missing
    assert "deputy" not in told, "spared: she has it"
    assert verify().difference is None


def test_the_first_of_two_hears_of_what_was_missed_in_an_outage(station: Station) -> None:
    world = station.world
    two_must_take(now=world.now)
    times = PlanTimes(due_at=world.now + dt.timedelta(minutes=42), check_in_minutes=30)
    world.send_out("agent", times=times)
    while not Alarm.objects.filter(phase=Phase.ALERT).exists():
        station.watch(minutes=1)
    station.watch(minutes=1)
    take(world, "head")
    assert world.alarm().kind == AlarmKind.MISSED_CHECK_IN
    world.received.clear()
    station.passes(hours=0.25)
    until = world.alarm().taken_until
    assert until is not None
    assert world.now < until, "she still has it"
    assert world.alarm().second_missing
    station.watch(minutes=2)
    assert world.alarm().kind == AlarmKind.OVERDUE
    (heard,) = [o for o in world.phone("head") if o.outgoing.sent_as == MessageKind.ALARM]
    assert "the return" in heard.outgoing.text
    assert takers(world) == ids(world, "head")
    assert verify().difference is None
