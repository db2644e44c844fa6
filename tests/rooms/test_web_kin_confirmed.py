"""One tap before a mission, wherever somebody leaves from: those she named may be told."""

from __future__ import annotations

import re
import uuid

import pytest

from homeby.missions.models import PartyMember
from homeby.people.rules import MayKnow
from tests.rooms.pages import Pages, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def test_it_is_one_tap_on_the_phone_and_at_the_gate(world: World, pages: Pages) -> None:
    """With how many and no name; it leads back to where she was, and whoever does not tap leaves
    all the same. Whoever cannot be told anything is not counted."""
    world.give_kin("agent", "flatmate", MayKnow.UNIT)
    world.give_kin("agent", "neighbour", MayKnow.NOTHING)
    mission = world.plan("agent", "guard")
    for who, where, back_to in [
        ("agent", "/my/", "my"),
        ("guard", f"/gate/{world.gate_id}/out/{mission.pk}/", str(world.gate_id)),
    ]:
        page = pages.as_(who).get(where)
        assert re.search("1 person whom you named" if who == "agent" else "You have named nobody",
                         text_of(page))  # fmt: skip
        assert "flatmate" not in page.content.decode()
        sent = {"entry_id": str(uuid.uuid4()), "back_to": back_to}
        address = f"/missions/{mission.pk}/kin/confirm/"
        assert address in page.content.decode()
        answer = pages.as_(who).post(address, sent)
        assert (answer.status_code, answer["Location"]) == (302, where)
        assert "Confirmed for this mission" in text_of(pages.as_(who).get(where))
    assert all(PartyMember.objects.values_list("kin_confirmed_at", flat=True))
    other = pages.as_("agent").post(
        f"/missions/{mission.pk}/kin/confirm/",
        {"entry_id": str(uuid.uuid4()), "back_to": "https://elsewhere.example/"},
    )
    assert other["Location"] == f"/missions/{mission.pk}/sign-out/"


def test_the_gate_says_who_has_not_confirmed(world: World, pages: Pages) -> None:
    world.give_kin("agent", "flatmate", MayKnow.UNIT)
    mission = world.plan("agent", "mate")
    where = f"/gate/{world.gate_id}/out/{mission.pk}/"
    said = "Not confirmed for this mission, whom to tell: Fox."
    assert said in text_of(pages.as_("guard").get(where))
    PartyMember.objects.filter(person_id=world.people["agent"]).update(kin_confirmed_at=world.now)
    assert "Not confirmed" not in text_of(pages.as_("guard").get(where))
