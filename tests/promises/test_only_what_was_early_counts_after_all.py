"""P16: a sign-out that comes late takes up what fitted nothing only because of it. What a person
must judge stays with a person: nobody is home by it, and it is not settled as if it had counted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission, Unmatched
from homeby.missions.rules.intake import Proof, Taken
from homeby.people.actions import proofs
from homeby.people.rules import Act
from homeby.watch.models import Alarm
from tests.rooms.devices import Device, kiosk, phone_of
from tests.world import World

MINUTE = dt.timedelta(minutes=1)


def _late_sign_out(world: World, phone: Device, mission: Mission, *who: str) -> None:
    """What a phone kept since twenty minutes after the start, two hours and more ago."""
    said = phone.say(
        Act.SIGN_OUT,
        mission_id=mission.pk,
        person_ids=tuple(world.people[one] for one in who),
        happened_at=world.now - 130 * MINUTE,
    )
    assert said.taken == Taken.COUNTED, said


def _still_missed(world: World, mission: Mission) -> None:
    mission.refresh_from_db()
    assert mission.state == "OUT"
    assert Unmatched.objects.filter(settled_at=None, kind="MISSION_SIGNED_IN").count() == 1
    world.fast_forward(minutes=300)
    assert Alarm.objects.get().state == "OPEN"


@pytest.mark.parametrize("proof", [Proof.NONE, Proof.WRONG])
def test_whoever_typed_no_pin_brings_nobody_home(world: World, proof: Proof) -> None:
    mission, phone = world.plan("agent", due_minutes=300), phone_of(world, "agent")
    proofs.set_pin(pin="4711", by=world.as_("agent"), now=world.now, tap=new_tap())
    world.now += 120 * MINUTE
    kiosk(world).say(Act.SIGN_IN, callsign="Fox", proof=proof, happened_at=world.now)
    world.now += 60 * MINUTE
    _late_sign_out(world, phone, mission, "agent")
    _still_missed(world, mission)


@pytest.mark.parametrize("names", [("agent",), ("agent", "mate")])
def test_heads_and_names_that_differ_bring_nobody_home(
    world: World, names: tuple[str, ...]
) -> None:
    mission = world.plan("agent", "mate", due_minutes=300)
    phone = phone_of(world, "agent")
    world.now += 120 * MINUTE
    who = tuple(world.people[one] for one in names)
    said: dict[str, Any] = {"mission_id": mission.pk, "person_ids": who, "happened_at": world.now}
    assert phone.say(Act.SIGN_IN, heads=3, **said).taken == Taken.UNVERIFIED
    world.now += 60 * MINUTE
    _late_sign_out(world, phone, mission, "agent", "mate")
    _still_missed(world, mission)


def test_another_phone_brings_nobody_home(world: World) -> None:
    mission = world.plan("agent", due_minutes=300)
    world.now += 120 * MINUTE
    phone_of(world, "mate").say(
        Act.SIGN_IN, person_ids=(world.people["agent"],), happened_at=world.now
    )
    world.now += 60 * MINUTE
    _late_sign_out(world, phone_of(world, "agent"), mission, "agent")
    _still_missed(world, mission)


def test_what_was_only_early_counts(world: World) -> None:
    mission, phone = world.plan("agent", due_minutes=300), phone_of(world, "agent")
    world.now += 120 * MINUTE
    for act in (Act.CHECK_IN, Act.SIGN_IN):
        phone.say(act, happened_at=world.now)
        world.now += 30 * MINUTE
    _late_sign_out(world, phone, mission, "agent")
    mission.refresh_from_db()
    assert (mission.state, mission.back_at) == ("BACK", world.now - 30 * MINUTE)
    assert not Unmatched.objects.filter(settled_at=None).exists()


def test_what_does_nothing_is_not_settled(world: World) -> None:
    """A check-in of after she came back, and her sign-in between them."""
    mission, phone = world.plan("agent", due_minutes=300), phone_of(world, "agent")
    world.now += 120 * MINUTE
    phone.say(Act.SIGN_IN, happened_at=world.now)
    world.now += 30 * MINUTE
    phone.say(Act.CHECK_IN, happened_at=world.now)
    world.now += 30 * MINUTE
    _late_sign_out(world, phone, mission, "agent")
    (row,) = Unmatched.objects.filter(settled_at=None)
    assert row.kind == "MISSION_CHECKED_IN"
    assert Unmatched.objects.count() == 2, "nothing was written twice"
