"""What takes somebody's time stands in her calendar elsewhere, each change counts higher than the
one before (RFC 5545, SEQUENCE), and it tells nobody when the others of her party came home."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
import pytest
from django.test import Client

from homeby.logbook.rules import new_tap
from homeby.missions.actions import plan, take_back
from homeby.people.rules import hash_of
from homeby.readiness.actions import duty_crew, own_times
from homeby.readiness.models import Examination
from homeby.readiness.rules.duty_planning import DutyAnswer, StoodDown
from tests.promises.planning_duties import ask, move, pick, planned, say
from tests.promises.repeating_path import board_set
from tests.rooms.pages import Pages
from tests.world import World


class Feed:
    """The feed of the agent; each look must hold no number lower than the last one."""

    def __init__(self, world: World) -> None:
        own_times.set_link(
            key_hash=hash_of("secret"), shows_all=True, by=world.as_("agent"), now=world.now,
            tap=new_tap(),
        )  # fmt: skip
        self.numbers: dict[str, int] = {}

    def text(self) -> bytes:
        return bytes(Client().get("/calendar/feed/secret/duties.ics").content)

    def look(self, key: object) -> Any:
        found = icalendar.Calendar.from_ical(self.text()).walk("VEVENT")
        one = {str(event["UID"]): event for event in found}[f"{key}@homeby"]
        number = int(str(one["SEQUENCE"]))
        assert number > self.numbers.get(str(key), -1), "a change that a program would not take"
        self.numbers[str(key)] = number
        return one


@pytest.fixture
def feed(world: World, monkeypatch: pytest.MonkeyPatch) -> Feed:
    Pages(world, monkeypatch)  # the pages' clock is that of the world
    return Feed(world)


def test_a_duty_given_taken_and_given_again_counts_on(world: World, feed: Feed) -> None:
    duty = planned(world, hours=48, seats="1")
    ask(world, duty, "agent", "mate")
    say(world, duty, "agent")
    for _round in range(2):
        world.fast_forward(minutes=-5)  # however the clock of the machine is set
        pick(world, duty, "agent")
        assert feed.look(duty.pk)["STATUS"] == "CONFIRMED"
        before = feed.text()
        say(world, duty, "mate", DutyAnswer.NO)
        assert feed.text() == before, "what others answer is not hers"
        duty_crew.stand_down(
            duty_id=duty.pk, person_id=world.people["agent"], why=StoodDown.OTHER,
            by=world.as_("head"), now=world.now, tap=new_tap(),
        )  # fmt: skip
        assert feed.look(duty.pk)["STATUS"] == "CANCELLED"
    pick(world, duty, "agent")
    feed.look(duty.pk)
    move(world, duty, hours=1)
    assert feed.look(duty.pk).decoded("DTSTART") == duty.starts_at


def test_her_missions_stand_there_and_not_who_is_home(world: World, feed: Feed) -> None:
    trip = world.plan("agent", "mate", "deputy")
    event = feed.look(trip.pk)
    assert (str(event["SUMMARY"]), event.get("LOCATION")) == ("Mission", None)
    assert event.decoded("DTEND") == trip.due_at
    world.sign_out(trip, "agent", "mate", "deputy")
    assert feed.look(trip.pk).decoded("DTSTART") == world.now
    world.fast_forward(minutes=30)
    before = feed.text()
    world.sign_in("deputy")
    assert feed.text() == before
    for _round in range(2):
        world.fast_forward(minutes=5)
        world.sign_in("agent")
        assert feed.look(trip.pk).decoded("DTEND") == world.now
        take_back.take_back_sign_in(
            mission_id=trip.pk, person_id=world.people["agent"], by=world.as_("agent"),
            now=world.now, tap=new_tap(),
        )  # fmt: skip
        assert feed.look(trip.pk).decoded("DTEND") == trip.due_at
    world.sign_in("agent")
    feed.look(trip.pk)
    before = feed.text()
    world.fast_forward(minutes=5)
    world.sign_in("mate")
    assert feed.text() == before
    off = world.plan("agent", due_minutes=600)
    assert feed.look(off.pk)["STATUS"] == "CONFIRMED"
    plan.cancel(mission_id=off.pk, by=world.as_("head"), now=world.now, tap=new_tap())
    assert feed.look(off.pk)["STATUS"] == "CANCELLED"


def test_her_examination_stands_there_with_its_day(world: World, feed: Feed) -> None:
    held = Examination.objects.get(pk=board_set(world))
    event = feed.look(held.pk)
    assert str(event["SUMMARY"]) == "Examination"
    assert event.decoded("DTSTART") == held.held_date
    assert event.decoded("DTEND") == held.held_date + dt.timedelta(days=1)
