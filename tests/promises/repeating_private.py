"""One way to do each act on what is private, for the tests that do it twice."""

from __future__ import annotations

from collections.abc import Callable

from homeby.logbook.rules import new_tap
from homeby.people.actions import blocks, kept, retention, teams
from homeby.people.rules import Role
from homeby.people.rules_private import Kept, Lasting
from homeby.watch.actions import searching
from tests.promises.repeating_people import Act, call
from tests.world import World


def _open_health(world: World) -> Act:
    values = {"conditions": "asthma"}
    call(world, kept.write_down, by="agent", kept=Kept.HEALTH, values=values)(new_tap())
    call(world, teams.give_role, person_id=world.people["mate"], role=Role.MEDIC)(new_tap())
    return call(world, kept.open_health, by="mate", person_id=world.people["agent"])


def _open_for_search(world: World) -> Act:
    world.send_out("agent", due_minutes=5)
    world.fast_forward(minutes=70)
    found = {"alarm_id": world.alarm().pk, "person_id": world.people["agent"]}
    return call(world, searching.open_for_search, by="head", **found)


def _unblock(world: World) -> Act:
    tap = new_tap()
    call(world, blocks.block, by="head", person_id=world.people["mate"])(tap)
    return call(world, blocks.unblock, by="head", block_id=tap.entry_id)


PRIVATE: dict[str, Callable[[World], Act]] = {
    "people.kept.write_down": lambda w: call(
        w, kept.write_down, by="agent", kept=Kept.WHERE, values={"note": "the hut"}
    ),
    "people.blocks.block": lambda w: call(w, blocks.block, by="head", person_id=w.people["mate"]),
    "people.blocks.unblock": _unblock,
    "people.retention.set_retention": lambda w: call(
        w, retention.set_retention, by="admin", lasting=Lasting.MESSAGES, days=40
    ),
    "people.kept.open_health": _open_health,
    "watch.searching.open_for_search": _open_for_search,
}
