"""P16: an offline entry counts once, however often and in whatever order it arrives."""

from __future__ import annotations

from homeby.logbook.verification import verify
from homeby.people.rules import Act
from tests.rooms.devices import kiosk, phone_of
from tests.simulation.shuffled import MINUTE, both_orders
from tests.world import World


def test_shuffled_and_doubled_it_is_the_same_state(world: World) -> None:
    first, second, sent = both_orders(world, parties=9, seed=1)
    assert sent > 200
    assert first == second
    assert any(story[0][0] == "BACK" for story in first.values())
    assert any(story[0][0] == "OUT" for story in first.values())
    assert verify().difference is None


def test_a_sign_out_that_arrives_after_the_return_makes_nobody_missing(world: World) -> None:
    """The tablet at the gate was offline; the phone of whoever came back was not."""
    mission, start = world.plan("agent", due_minutes=60), world.now
    world.now += 50 * MINUTE
    back = phone_of(world, "agent").say(Act.SIGN_IN, happened_at=start + 40 * MINUTE)
    assert back.taken == "unverified"
    world.now += 30 * MINUTE
    kiosk(world).say(
        Act.SIGN_OUT,
        person_ids=(world.people["agent"],),
        mission_id=mission.pk,
        happened_at=start + 5 * MINUTE,
    )
    mission.refresh_from_db()
    assert (mission.state, mission.back_at) == ("BACK", start + 40 * MINUTE)
    world.fast_forward(minutes=5)
    assert not world.received
