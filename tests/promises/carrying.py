"""Kit in tests: a set with something in it, taken along on an outing."""

from __future__ import annotations

import uuid

from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission
from homeby.people.rules import STATION
from homeby.readiness.actions import kit, kit_room
from homeby.readiness.actions.kit_room import KitFields
from tests.world import World

FIRST_AID = KitFields(
    label="FA-3", name="First-aid kit", contents="4 bandages\n2 gloves", is_controlled=True
)


def add_kit(world: World, fields: KitFields = FIRST_AID) -> uuid.UUID:
    """A thing in its place, ready."""
    tap = new_tap()
    kit_room.set_kit(item_id=None, fields=fields, by=STATION, now=world.now, tap=tap)
    return tap.entry_id


def take_along(world: World, who: str, mission: Mission) -> uuid.UUID:
    """A first-aid kit that somebody has with her on an outing."""
    item = add_kit(world)
    by = world.as_(who)
    kit.take(item_id=item, mission_id=mission.pk, by=by, now=world.now, tap=new_tap())
    return item
