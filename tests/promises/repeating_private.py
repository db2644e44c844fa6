"""One way to do each act on what is private, for the tests that do it twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from homeby.logbook.rules import new_tap
from homeby.missions.actions import glass
from homeby.missions.actions.minors import approve_minors
from homeby.people.actions import apart, blocks, kept, minors, retention, teams
from homeby.people.rules import Role
from homeby.people.rules_log_ins import Proof
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


_MINOR = minors.MinorFields(born=dt.date(2013, 4, 17))


def _minor(world: World) -> Act:
    fields = replace(_MINOR, guardian_id=world.people["mate"])
    agent = world.people["agent"]
    return call(world, minors.set_minor, by="admin", person_id=agent, fields=fields)


def _end_minor(world: World) -> Act:
    _minor(world)(new_tap())
    return call(world, minors.end_minor, by="admin", person_id=world.people["agent"])


def _approve_minors(world: World) -> Act:
    _minor(world)(new_tap())
    mission = world.plan("agent", is_solo=True, device="radio")
    return call(world, approve_minors, by="deputy", mission_id=mission.pk, reason="With me.")


def _stay_away(world: World) -> Act:
    agent = world.people["agent"]
    return call(world, apart.file_stay_away, by="agent", person_id=agent, callsign="Owl")


def _end_stay_away(world: World) -> Act:
    tap = new_tap()
    _stay_away(world)(tap)
    return call(world, apart.end_stay_away, by="agent", stay_away_id=tap.entry_id)


def _break_glass(world: World) -> Act:
    mission = world.plan("agent", "mate")
    why = "Her telephone lies at the gate."
    return call(
        world,
        glass.break_glass,
        by="head",
        mission_id=mission.pk,
        reason=why,
        proved=(Proof.PASSKEY,),
    )


def _close_glass(world: World) -> Act:
    tap = new_tap()
    _break_glass(world)(tap)
    return call(world, glass.close_glass, by="head", glass_id=tap.entry_id)


def _review_glass(world: World) -> Act:
    tap = new_tap()
    _break_glass(world)(tap)
    world.now += dt.timedelta(minutes=61)
    found = {"glass_id": tap.entry_id, "review": "She did not answer; it was needed."}
    return call(world, glass.review_glass, by="deputy", **found)


PRIVATE: dict[str, Callable[[World], Act]] = {
    "missions.glass.break_glass": _break_glass,
    "missions.glass.close_glass": _close_glass,
    "missions.glass.review_glass": _review_glass,
    "people.apart.file_stay_away": _stay_away,
    "people.apart.end_stay_away": _end_stay_away,
    "people.kept.write_down": lambda w: call(
        w, kept.write_down, by="agent", kept=Kept.WHERE, values={"note": "the hut"}
    ),
    "people.blocks.block": lambda w: call(w, blocks.block, by="head", person_id=w.people["mate"]),
    "people.blocks.unblock": _unblock,
    "people.retention.set_retention": lambda w: call(
        w, retention.set_retention, by="admin", lasting=Lasting.MESSAGES, days=40
    ),
    "people.minors.set_minor": _minor,
    "people.minors.end_minor": _end_minor,
    "missions.minors.approve_minors": _approve_minors,
    "people.kept.open_health": _open_health,
    "watch.searching.open_for_search": _open_for_search,
}
