"""One way to do each act of release, rest and injuries, for the tests that do it twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from homeby.logbook.rules import new_tap
from homeby.missions.rules import Hurt
from homeby.people.actions.teams import give_role
from homeby.people.rules import STATION, Role
from homeby.readiness.actions import injuries, releasing, resting, rule_packs
from homeby.readiness.actions.injuries import Look
from homeby.readiness.actions.releasing import ReleaseFields
from homeby.readiness.rules.kinds_of_rest import PackUse
from tests.promises.repeating_people import Act, call
from tests.promises.rested import ARM, hurt, injury_of, release
from tests.world import World


def _back(world: World) -> uuid.UUID:
    mission = world.send_out("agent")
    world.sign_in("agent")
    return mission.pk


def _released(world: World) -> uuid.UUID:
    mission = world.send_out("agent")
    world.now += dt.timedelta(hours=1)
    world.sign_in("agent")
    release(world, mission)
    return world.people["agent"]


def _hurt(world: World) -> uuid.UUID:
    give_role(person_id=world.people["mate"], role=Role.MEDIC, by=STATION, now=world.now,
              tap=new_tap())  # fmt: skip
    hurt(world)
    return injury_of(world)


def _by_kin(world: World) -> Act:
    who = world.people["agent"]
    return lambda tap: injuries.tell_as_kin(person_id=who, facts=ARM, now=world.now, tap=tap)


REST: dict[str, Callable[[World], Act]] = {
    "readiness.releasing.release": lambda w: call(
        w,
        releasing.release,
        by="head",
        from_id=_back(w),
        person_id=w.people["agent"],
        fields=ReleaseFields(is_fit=True, hurt=Hurt.YES),
    ),
    "readiness.resting.say_slept": lambda w: call(w, resting.say_slept, by="agent", hours=6),
    "readiness.resting.say_awake": lambda w: call(w, resting.say_awake, by="agent"),
    "readiness.resting.override": lambda w: call(
        w, resting.override, by="head", person_id=_released(w), reason="Flood"
    ),
    "readiness.injuries.tell": lambda w: call(
        w, injuries.tell, by="agent", person_id=w.people["agent"], facts=ARM
    ),
    "readiness.injuries.tell_as_kin": lambda w: _by_kin(w),
    "readiness.injuries.open_notes": lambda w: call(
        w, injuries.open_notes, by="mate", injury_id=_hurt(w)
    ),
    "readiness.injuries.look_again": lambda w: call(
        w,
        injuries.look_again,
        by="mate",
        injury_id=_hurt(w),
        look=Look(said="Clean", again_hours=6),
    ),
    "readiness.rule_packs.choose_pack": lambda w: call(
        w, rule_packs.choose_pack, by="admin", use=PackUse.REST, key="eleven-hours", text=""
    ),
}
