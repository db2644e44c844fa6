"""A station at which an alarm would reach nobody says so on its pages, and before any sign-out."""

from __future__ import annotations

import pytest

from homeby.logbook.rules import new_tap
from homeby.people.actions import contacts
from homeby.people.models import ContactPoint
from homeby.people.rules import STATION
from tests.rooms.pages import Pages, text_of
from tests.world import World

NOBODY = "an alarm would reach nobody"
OTHERS = "an alarm goes past them"
PAGES = ("/board/", "/alarms/", "/missions/", "/office/", "/office/watch-bill/", "/me/")


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def take_phone(world: World, *who: str) -> None:
    """These people have no contact point any more."""
    for one in who:
        for point in ContactPoint.objects.filter(person_id=world.people[one]):
            contacts.remove_contact(contact_id=point.pk, by=STATION, now=world.now, tap=new_tap())


def test_while_the_watch_can_be_reached_nothing_is_said(pages: Pages) -> None:
    for address in PAGES:
        assert "contact point: an alarm" not in text_of(pages.as_("head").get(address)), address


@pytest.mark.parametrize("address", PAGES)
def test_a_watch_that_nobody_can_reach_is_said_on_every_page(
    pages: Pages, world: World, address: str
) -> None:
    take_phone(world, "head", "deputy", "admin", "guard")
    head = pages.as_("head")
    assert NOBODY in text_of(head.get(address))
    world.give_phone("head", verified=False)  # an address that is not verified counts for nothing
    assert NOBODY in text_of(head.get(address))
    world.give_phone("head")
    assert NOBODY not in text_of(head.get(address))


def test_the_gate_keeper_reads_it_and_a_member_does_not(pages: Pages, world: World) -> None:
    take_phone(world, "head", "deputy", "admin", "guard")
    assert NOBODY in text_of(pages.as_("guard").get(f"/gate/{world.gate_id}/"))
    assert NOBODY not in text_of(pages.as_("agent").get("/missions/"))


def test_only_the_one_on_watch_cannot_be_reached(pages: Pages, world: World) -> None:
    take_phone(world, "head")
    assert OTHERS in text_of(pages.as_("deputy").get("/board/"))


def test_the_promise_is_not_made_as_if_somebody_heard(pages: Pages, world: World) -> None:
    mission = world.plan("mate", "outsider")
    confirm = f"/gate/{world.gate_id}/out/{mission.pk}/"
    own = f"/missions/{mission.pk}/sign-out/"
    said = "no message would reach them"
    assert said not in text_of(pages.as_("guard").get(confirm))
    take_phone(world, "head", "deputy", "admin", "guard")
    assert said in text_of(pages.as_("guard").get(confirm))
    assert said in text_of(pages.as_("mate").get(own))
    take_phone(world, "agent", "mate", "outsider")  # whoever holds no watch is none of it
    assert said in text_of(pages.as_("mate").get(own))
