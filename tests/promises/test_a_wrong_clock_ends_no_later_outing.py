"""P16: a sign-in that a device kept by a clock which was ahead ends no outing that began since."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from homeby.missions.models import Mission, Unmatched
from homeby.missions.rules.intake import Claim, Taken
from homeby.people.rules import Act
from homeby.watch.models import Alarm
from homeby.web.intake.reading import read
from tests.rooms.devices import Device, kiosk, phone_of, send
from tests.world import World

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def _kept(world: World, device: Device, at: dt.datetime, **more: str) -> Taken:
    """A sign-in of Fox that was kept at this time of the device, sent when its clock is right."""
    entry = {
        "id": "11111111-2222-4333-8444-555555555555",
        "act": "sign_in",
        "callsign": "Fox",
        "happened_at": at.isoformat(),
    }
    body = {"entries": [entry | more], "sent_at": world.now.isoformat()}
    (found,) = read(json.dumps(body).encode(), now=world.now)
    assert isinstance(found, Claim)
    (answer,) = send(world, device.key, found)
    return answer.taken


@pytest.mark.parametrize("ahead", [3 * MINUTE + 3 * 60 * MINUTE, 2 * DAY])
def test_a_kiosk_that_was_days_ahead_ends_no_second_outing(
    world: World, ahead: dt.timedelta
) -> None:
    tablet, first = kiosk(world), world.send_out("agent")
    world.now += 30 * MINUTE
    at = world.now + ahead  # the tablet is offline, and the gate keeper signs her in
    world.now += MINUTE
    world.sign_in("agent")
    world.now += 60 * MINUTE
    second = world.send_out("agent", due_minutes=60)
    world.now += 30 * MINUTE
    assert _kept(world, tablet, at) == Taken.COUNTED, "a kiosk learns nothing"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("BACK", "OUT")
    assert "still to come" in Unmatched.objects.get().why
    world.fast_forward(minutes=35)
    assert Alarm.objects.get().state == "OPEN"


def test_by_the_mission_it_ends_that_one(world: World) -> None:
    mission = world.send_out("agent")
    world.now += 30 * MINUTE
    said = _kept(world, phone_of(world, "agent"), world.now + DAY, mission=str(mission.pk))
    assert said == Taken.COUNTED
    assert Mission.objects.get().state == "BACK"


def test_two_minutes_are_no_wrong_clock(world: World) -> None:
    world.send_out("agent")
    world.now += 30 * MINUTE
    said = phone_of(world, "agent").say(Act.SIGN_IN, happened_at=world.now + 2 * MINUTE)
    assert said.taken == Taken.COUNTED
