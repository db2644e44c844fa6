"""Promise 8: nor does what one of a party does, or asks of others, tell her who of them is home: a
late "fine", a sign-in for another, more time, a thing in the kit room, the mark in the list of
people. (Pages and programs: `test_who_is_home_learns_no_more`.)"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import transaction

from homeby.logbook.rules import Tap, new_tap
from homeby.missions.actions import extend, gate
from homeby.missions.actions.extend import Wanted
from homeby.missions.actions.gate import AtGate
from homeby.missions.actions.heard import Said, heard
from homeby.missions.models import Mission
from homeby.missions.queries.home import seen_out
from homeby.missions.rules import Word
from homeby.readiness.queries import kit
from tests.promises.carrying import add_kit
from tests.promises.test_kit_stays_with_whoever_has_it import take
from tests.promises.test_who_is_home_learns_no_more import out
from tests.world import World


def told(world: World, mission: Mission, who: str) -> dict[str, object]:
    """What somebody is told by what she does and asks; all of it is taken back. Her phone kept its
    words for a quarter of an hour."""
    by, now, fox = world.as_(who), world.now, world.people["agent"]

    def late() -> Tap:
        return Tap(entry_id=uuid.uuid4(), happened_at=now - dt.timedelta(minutes=15))

    wanted, here = Wanted(due_at=now + dt.timedelta(hours=3)), AtGate(gate_id=None)
    acts: dict[str, Callable[[], object]] = {
        "fine": lambda: gate.check_in(mission_id=mission.pk, by=by, now=now, tap=late()),
        "signs Fox in": lambda: gate.sign_in(
            person_ids=[fox], at=here, mission_id=mission.pk, by=by, now=now, tap=new_tap()
        ),
        "saw Fox": lambda: heard(
            said=Said(word=Word.BACK, callsign="Fox"), by=by, now=now, tap=new_tap()
        ),
        "more time": lambda: extend.ask(
            mission_id=mission.pk, wanted=wanted, by=by, now=now, tap=late()
        ),
        "kit": lambda: [(one.label, one.holder, one.held_at) for one in kit.kit(by, now=now)],
        "is out": lambda: fox in seen_out(by, [fox]),
    }
    found = {}
    for name, act in acts.items():
        with transaction.atomic():
            found[name] = act()
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("who", ["third", "mate"])  # Hare is out, Owl is home
def test_one_of_the_party_is_answered_alike(world: World, who: str) -> None:
    mission = out(world)
    taken_at = world.now
    take(world, "agent", add_kit(world), mission.pk)
    world.now += dt.timedelta(minutes=30)
    world.sign_in("mate")
    world.now += dt.timedelta(minutes=20)
    before, leader = told(world, mission, who), told(world, mission, "agent")
    assert before["kit"] == [("FA-3", "Fox", taken_at)], "she knows with whom she went"
    assert not before["is out"]
    world.now -= dt.timedelta(minutes=5)
    world.sign_in("agent")
    world.now += dt.timedelta(minutes=5)
    assert told(world, mission, who) == before
    changed = {name for name, said in told(world, mission, "agent").items() if said != leader[name]}
    assert changed == {"signs Fox in", "saw Fox", "is out"}, "positive control"
    if who == "mate":
        world.sign_in("chief", "third", heads=2)
        assert told(world, mission, who) == before, "and when nobody is out any more"
