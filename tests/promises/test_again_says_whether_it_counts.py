"""P16: an entry that comes again is answered by what became of it, also by a new key of the same
person; nobody is told that something counts which does not, and a stranger learns nothing."""

from __future__ import annotations

import pytest

from homeby.missions.actions import spoken
from homeby.missions.rules.intake import Taken
from homeby.people.rules import Act
from tests.rooms.devices import claim, kiosk, phone_of, send
from tests.world import World


@pytest.mark.parametrize("is_out", [True, False])
def test_a_new_key_hears_what_became_of_it(world: World, is_out: bool) -> None:
    if is_out:
        world.send_out("agent")
    back, old = claim(Act.SIGN_IN), phone_of(world, "agent")
    (first,) = old.send(back)
    assert first.taken == (Taken.COUNTED if is_out else Taken.UNVERIFIED)
    old.revoke(by="agent")
    (again,) = phone_of(world, "agent").send(back)
    assert (again.taken, again.first, again.sentence) == (
        Taken.AGAIN,
        first.taken,
        first.sentence,
    )


@pytest.mark.parametrize("is_out", [True, False])
def test_anybody_else_learns_nothing(world: World, is_out: bool) -> None:
    if is_out:
        world.send_out("agent")
    back = claim(Act.SIGN_IN)
    phone_of(world, "agent").send(back)
    for others in (phone_of(world, "mate").key, kiosk(world).key, ""):
        (again,) = send(world, others, back)
        assert (again.first, again.sentence) == (Taken.UNVERIFIED, "Recorded.")


def test_what_could_not_be_judged_is_not_said_to_count(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send_out("agent")
    phone, back = phone_of(world, "agent"), claim(Act.SIGN_IN)

    def fails(*_words: object, **_more: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(spoken, "speak", fails)
        assert phone.send(back)[0].taken == Taken.UNVERIFIED
    for device in (phone, phone_of(world, "agent")):
        (again,) = device.send(back)
        assert (again.taken, again.first) == (Taken.AGAIN, Taken.UNVERIFIED)
