"""Phones and kiosks of the village, and what they send, for the tests of the intake."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any

from homeby.logbook.rules import new_tap
from homeby.missions.actions.intake import Batch, take
from homeby.missions.rules.intake import Answer, Claim
from homeby.people.actions.devices import (
    DeviceFields,
    add_device,
    new_key,
    revoke_device,
)
from homeby.people.rules import Act, DeviceKind, hash_of
from tests.world import World


@dataclasses.dataclass(frozen=True)
class Device:
    """A device of the village and its key."""

    world: World
    id: uuid.UUID
    key: str

    def say(self, act: Act, **more: Any) -> Answer:
        """Send one entry; a fresh id unless one is given."""
        (answer,) = self.send(claim(act, **more))
        return answer

    def send(self, *claims: Claim) -> list[Answer]:
        """Send several at once."""
        return send(self.world, self.key, *claims)

    def revoke(self, by: str = "guard") -> str:
        """Somebody revokes its key."""
        world = self.world
        return revoke_device(device_id=self.id, by=world.as_(by), now=world.now, tap=new_tap())


def claim(act: Act, **more: Any) -> Claim:
    """An entry as a device makes it."""
    more.setdefault("entry_id", uuid.uuid4())
    return Claim(act=act, **more)


def send(world: World, key: str, *claims: Claim) -> list[Answer]:
    """Claims by whoever holds this key (or none)."""
    batch = Batch(claims=claims, key_hash=hash_of(key) if key else "", language="en", now=world.now)
    (result,) = take([batch])
    assert isinstance(result, list), result
    return result


def phone_of(world: World, who: str, *, acts: tuple[Act, ...] = tuple(Act)) -> Device:
    """A phone of somebody, added by themselves."""
    fields = DeviceFields(
        kind=DeviceKind.PHONE, name=f"phone of {who}", acts=acts, person_id=world.people[who]
    )
    return _added(world, fields, by=who)


def kiosk(world: World, *, acts: tuple[Act, ...] = (Act.SIGN_OUT, Act.SIGN_IN)) -> Device:
    """The tablet at the gate."""
    fields = DeviceFields(
        kind=DeviceKind.KIOSK, name="tablet at the gate", acts=acts, gate_id=world.gate_id
    )
    return _added(world, fields, by="admin")


def _added(world: World, fields: DeviceFields, *, by: str) -> Device:
    key, tap = new_key(), new_tap()
    add_device(fields=fields, key_hash=hash_of(key), by=world.as_(by), now=world.now, tap=tap)
    return Device(world, tap.entry_id, key)
