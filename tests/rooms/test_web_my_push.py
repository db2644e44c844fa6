"""Having a phone ring: its subscription is a contact point that counts once its code was typed."""

from __future__ import annotations

import json
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from homeby.comms.channels import push_encryption as cipher
from homeby.people.models import ContactPoint
from homeby.people.rules import ChannelName
from tests.rooms.pages import Pages, text_of
from tests.world import World

ENDPOINT = "https://push.example.org/send/abc"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def subscription(endpoint: str = ENDPOINT) -> str:
    """What a browser makes."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    keys = {"p256dh": cipher.b64(cipher.public_bytes(key)), "auth": cipher.b64(bytes(16))}
    return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": keys})


def test_a_subscription_is_a_contact_point_that_is_not_verified_yet(
    world: World, pages: Pages
) -> None:
    agent = pages.as_("agent")
    sent = {"subscription": subscription(), "entry_id": str(uuid.uuid4())}
    for _twice in range(2):
        assert agent.post("/my/push/", sent).json()["added"]
    point = ContactPoint.objects.get(channel=ChannelName.WEBPUSH)
    assert point.person_id == world.people["agent"]
    assert point.verified_at is None
    assert "push to a browser" in text_of(agent.get("/me/"))


@pytest.mark.parametrize(
    "wrong", ["", "{}", "[1]", "x" * 9000, subscription("ftp://push.example.org/a")]
)
def test_what_no_browser_made_is_a_sentence(world: World, pages: Pages, wrong: str) -> None:
    answer = pages.as_("agent").post("/my/push/", {"subscription": wrong})
    assert answer.status_code == 422
    assert answer.json()["sentence"]
    assert not ContactPoint.objects.filter(channel=ChannelName.WEBPUSH).exists()


def test_the_page_brings_the_stations_public_key(world: World, pages: Pages) -> None:
    page = pages.as_("agent").get("/my/").content.decode()
    key = page.partition('id="my-push"')[2].partition('data-key="')[2].partition('"')[0]
    assert len(cipher.unb64(key)) == 65
