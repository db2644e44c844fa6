"""A second sign-in of somebody who is in already waits for nobody; the rest is looked into."""

from __future__ import annotations

import pytest
from django.urls import reverse

from homeby.logbook.models import Entry
from homeby.missions.models import PartyMember, Unmatched
from tests.rooms.pages import Pages, followed, sent
from tests.world import World

AGAIN = "Fox was signed in already, at 09:00."
STRANGE = "Recorded, though Fox was not signed out"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def tap_the_tile(pages: Pages, world: World, mission_id: object) -> str:
    """Sign Fox in from a page of the gate that was open before."""
    guard = pages.as_("guard")
    address = reverse("gate-pick", args=[world.gate_id, "in"])
    tile = f"{mission_id}/{world.people['agent']}"
    return followed(guard, guard.post(address, sent(tile=tile)))


def test_from_another_open_page_it_says_when(pages: Pages, world: World) -> None:
    mission = world.send_out("agent")
    world.sign_in("agent")
    before = PartyMember.objects.get()
    world.now += (mission.due_at or world.now) - world.now
    assert AGAIN in tap_the_tile(pages, world, mission.pk)
    assert not Unmatched.objects.exists()
    assert PartyMember.objects.get().back_at == before.back_at
    assert Entry.objects.filter(kind="SIGN_IN_REPEATED").count() == 1


def test_from_the_list_of_everybody_only_for_half_an_hour(world: World) -> None:
    world.send_out("agent")
    world.sign_in("agent")
    assert AGAIN in world.sign_in("agent")
    world.fast_forward(minutes=31)  # by now they may have left without a word
    assert STRANGE in world.sign_in("agent")
    assert Unmatched.objects.count() == 1


def test_whoever_is_out_again_is_not_called_in(pages: Pages, world: World) -> None:
    first = world.send_out("agent")
    world.sign_in("agent")
    second = world.send_out("agent")
    assert STRANGE in tap_the_tile(pages, world, first.pk)
    assert Unmatched.objects.count() == 1
    assert PartyMember.objects.get(mission=second).state == "OUT"


def test_half_a_day_later_it_is_looked_into(pages: Pages, world: World) -> None:
    mission = world.send_out("agent")
    world.sign_in("agent")
    world.fast_forward(minutes=12 * 60 + 1)
    assert STRANGE in tap_the_tile(pages, world, mission.pk)
    assert Unmatched.objects.count() == 1
