"""At a kiosk, whoever shows who they are reads at a sign-out by when they are expected back."""

from __future__ import annotations

from homeby.logbook.rules import new_tap
from homeby.people.actions import proofs
from homeby.people.rules import Act
from tests.rooms.devices import kiosk
from tests.rooms.test_kiosk import ACTS, says
from tests.world import World


def test_whoever_shows_who_they_are_reads_the_hours_of_the_promise(world: World) -> None:
    """By PIN or duress PIN alike; without a name, a place or a word of others. Whoever only names a
    callsign reads that it is recorded."""
    said = {}
    for who, typed in (("agent", "4711"), ("mate", "8062"), ("deputy", "")):
        world.plan(who)
        if typed:
            by, now = world.as_(who), world.now
            proofs.set_pin(pin="4711", duress="8062", by=by, now=now, tap=new_tap())
        tablet = kiosk(world, acts=ACTS)
        said[who] = says(tablet, Act.SIGN_OUT, callsign=world.callsign(who), pin=typed).sentence
    assert "Expected back" in said["agent"]
    assert "help is called" in said["agent"]
    assert said["mate"] == said["agent"], "forced, it looks the same"
    assert said["deputy"] == "Recorded."
    for word in ("Fox", "Owl", "Patrol", "ridge"):
        assert word not in said["agent"]
