"""One way to do each act on kit, and beside them those of `repeating_path`, for the tests that do
it twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from homeby.logbook.rules import new_tap
from homeby.readiness.actions import kit, kit_reminding, kit_room
from homeby.readiness.actions.kit import CheckFields, ReturnFields
from tests.promises.carrying import FIRST_AID, add_kit
from tests.promises.repeating_path import PATH
from tests.promises.repeating_people import Act, call
from tests.world import World


def _taken(world: World) -> uuid.UUID:
    item = add_kit(world)
    kit.take(item_id=item, by=world.as_("agent"), now=world.now, tap=new_tap())
    return item


def _missing(world: World) -> uuid.UUID:
    item = add_kit(world)
    kit.report_missing(item_id=item, by=world.as_("agent"), now=world.now, tap=new_tap())
    return item


KIT: dict[str, Callable[[World], Act]] = {
    "readiness.kit_room.set_kit": lambda w: call(
        w, kit_room.set_kit, by="guard", item_id=None, fields=FIRST_AID
    ),
    "readiness.kit_room.end_kit": lambda w: call(
        w, kit_room.end_kit, by="guard", item_id=add_kit(w), ended=True
    ),
    "readiness.kit.take": lambda w: call(w, kit.take, by="agent", item_id=add_kit(w)),
    "readiness.kit.give_back": lambda w: call(
        w, kit.give_back, by="mate", item_id=_taken(w), fields=ReturnFields(used={"gloves": 1})
    ),
    "readiness.kit.check": lambda w: call(
        w, kit.check, by="guard", item_id=add_kit(w), fields=CheckFields(there={"gloves": 1})
    ),
    "readiness.kit.report_missing": lambda w: call(
        w, kit.report_missing, by="mate", item_id=_taken(w)
    ),
    "readiness.kit.find": lambda w: call(w, kit.find, by="mate", item_id=_missing(w)),
    "readiness.kit_reminding.put_off": lambda w: call(
        w, kit_reminding.put_off, by="agent", item_id=_taken(w)
    ),
}
KIT |= PATH
