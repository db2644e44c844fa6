"""First aid given is a fact with its time and means, for whoever looks again (`STORY.md` 48)."""

from __future__ import annotations

import pytest

from homeby.people.rules import Role
from homeby.readiness.models import Injury
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


def test_what_was_done_with_what_and_when_is_read_by_the_medic(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    pages = Pages(world, monkeypatch)
    agent, medic = pages.as_("agent"), pages.as_("medic")
    said = {"person": world.people["agent"], "part": "ARM", "aid": "ANOTHER",
            "aid_what": "Tourniquet, by Owl", "aid_at": "at 14:10"}  # fmt: skip
    followed(agent, agent.post("/hurt/", sent(**said)))
    at = f"/injuries/{Injury.objects.get().pk}/"
    assert "14:10" not in text_of(medic.get(at)), "it is sealed"
    page = text_of(medic.post(at, sent(act="open")))
    assert "What was done, with what, by whom Tourniquet, by Owl" in page
    assert "When that was at 14:10" in page
