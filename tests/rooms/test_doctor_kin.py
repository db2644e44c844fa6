"""`homeby doctor` says where kin would have nobody to call."""

from __future__ import annotations

from homeby.findings import Level
from homeby.people.models import Organisation
from homeby.people.rules import MayKnow
from homeby.station import who_is_told
from tests.world import World


def test_kin_without_a_number_to_call_are_a_finding(world: World) -> None:
    assert who_is_told.for_kin() == [], "nobody named anybody"
    world.give_kin("agent", "mother", MayKnow.NOTHING)
    assert who_is_told.for_kin() == [], "she is never written to"
    world.give_kin("mate", "flatmate", MayKnow.BACK_OR_LATE)
    (found,) = who_is_told.for_kin()
    assert found.level is Level.AMBER
    assert "Telephone number for kin" in str(found)
    Organisation.objects.update(call_phone="+41 44 000 00 00")
    (found,) = who_is_told.for_kin()
    assert found.level is Level.GREEN
