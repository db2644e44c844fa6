"""The page of kin: by secret link, without an account, in the agreed words and nothing else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from homeby.people import private
from homeby.people.rules import MayKnow, Purpose
from tests.promises.acts import pass_time
from tests.rooms.pages import Pages, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def address_of(world: World, name: str = "flatmate", may_know: MayKnow = MayKnow.UNIT) -> str:
    """The page of somebody who waits for Fox."""
    key = world.give_kin("agent", name, may_know)
    (secret,) = private.kin_links([key], purpose=Purpose.OWN_PAGE).values()
    return reverse("kin-page", args=[secret])


def read(address: str) -> str:
    """What the page says now."""
    response = Client().get(address)
    assert response.status_code == 200
    return text_of(response)


def test_from_out_to_late_to_back_and_then_nothing(world: World, pages: Pages) -> None:
    address = address_of(world)
    assert "There is nothing to tell you now." in read(address)
    world.send_out("agent", "mate", due_minutes=60)
    out = read(address)
    assert "Out, expected back 10:00." in out
    assert "If you have heard nothing by 11:00, call the watch: the number you were given." in out
    assert "Hours are local time in Europe/Zurich." in out
    pass_time(world, minutes=131)
    late = read(address)
    assert "Later than expected." in late
    (message,) = world.phone("flatmate")
    assert message.outgoing.link.endswith(address)
    assert "You hear from us again by 12:10, even if there is nothing new." in late
    assert "by 12:10, even if there is nothing new" in message.outgoing.text
    world.sign_in("agent", "mate", heads=2)
    assert "Back. Since 11:11." in read(address)
    pass_time(world, minutes=720)
    assert "There is nothing to tell you now." in read(address)
