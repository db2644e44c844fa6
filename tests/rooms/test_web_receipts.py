"""Receipts: what a provider says later is written down once; without the secret, or with rubbish,
it gets a sentence and changes nothing."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json

import pytest
from django.test import Client
from pydantic import SecretStr

from homeby import settings
from homeby.comms import channels
from homeby.comms.models import Delivery, Message
from homeby.logbook.models import Entry
from homeby.logbook.verification import verify
from tests.rooms.pages import Pages, entries, text_of
from tests.rooms.test_comms_acts import queue
from tests.world import World

SECRET = "shared with the provider"
ADDRESS = "/receipts/console"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    told = settings.current().model_copy(
        update={"receipt_secret": SecretStr(SECRET), "receipt_channels": ("CONSOLE",)}
    )
    monkeypatch.setattr(settings, "current", lambda: told)
    return Pages(world, monkeypatch)


@pytest.fixture(autouse=True)
def numbered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every phone answers with an id of its own, as providers do."""
    real = world._send

    def send(channel: str, outgoing: channels.Outgoing) -> channels.Result:
        result = real(channel, outgoing)
        if isinstance(result, channels.Handed):
            return channels.Handed(provider_ref=f"ref-{len(world.received)}")
        return result

    monkeypatch.setattr(world, "_send", send)


def bearer(secret: str = SECRET) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def post(fields: object, *, address: str = ADDRESS, headers: dict | None = None) -> tuple[int, str]:
    answer = Client(enforce_csrf_checks=True).post(
        address,
        fields if isinstance(fields, str | bytes) else json.dumps(fields),
        content_type="application/json",
        headers=bearer() if headers is None else headers,
    )
    return answer.status_code, answer.json()["sentence"]


def shown(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_a_receipt_is_written_down_once(pages: Pages, world: World) -> None:
    message = queue(world, "head", in_danger=True)
    world.look()
    before = entries()
    world.now += dt.timedelta(seconds=20)
    for _ in range(2):
        assert post({"ref": "ref-1", "state": "delivered"}) == (200, "Received.")
    delivery = message.deliveries.get()
    assert (delivery.state, delivery.received_at) == ("RECEIVED", world.now)
    assert entries() == before + 1
    assert Entry.objects.filter(kind="MESSAGE_RECEIVED").count() == 1
    assert verify().difference is None
    page = text_of(pages.as_("head").get("/office/messages/"))
    assert "received 09:00" in page


def test_the_secret_may_be_a_bearer_a_password_or_a_signature(pages: Pages, world: World) -> None:
    queue(world, "head")
    world.look()
    body = json.dumps({"id": "ref-1"})
    basic = base64.b64encode(f"homeby:{SECRET}".encode()).decode()
    mine = hmac.new(SECRET.encode(), b"12." + body.encode(), hashlib.sha256).hexdigest()
    for headers in (
        bearer(),
        {"Authorization": f"Basic {basic}"},
        {"Homeby-Signature": f"t=12,v1={mine}"},
    ):
        assert post(body, headers=headers) == (200, "Received.")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer("guessed"),
        bearer(""),
        {"Authorization": SECRET},
        {"Authorization": "Basic ???"},
        {"Homeby-Signature": "t=12,v1=00"},
        {"Homeby-Signature": "nonsense"},
    ],
)
def test_without_the_secret_nothing_is_read(pages: Pages, world: World, headers: dict) -> None:
    queue(world, "head")
    world.look()
    before = entries()
    status, sentence = post({"ref": "ref-1"}, headers=headers)
    assert (status, sentence) == (401, "The secret is missing or wrong; nothing was read.")
    assert entries() == before


def test_a_station_without_a_secret_takes_no_receipt(world: World) -> None:
    assert post({"ref": "ref-1"}, headers=bearer(""))[0] == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("rubbish", 422),
        ("[" * 5000, 422),
        ("[1, 2]", 422),
        ('{"ref": ""}', 422),
        ('{"ref": ["ref-1"]}', 422),
        ('{"ref": "' + "x" * 300 + '"}', 422),
        ('{"ref": "somebody else"}', 404),
        (b"\xff\xfe", 422),
        ("x" * 70_000, 413),
    ],
)
def test_rubbish_gets_a_sentence_and_changes_nothing(
    pages: Pages, world: World, body: str, status: int
) -> None:
    queue(world, "head")
    world.look()
    before = entries()
    found, sentence = post(body)
    assert found == status
    assert sentence.endswith(".")
    assert entries() == before
    assert Delivery.objects.get().state == "HANDED"


def test_another_channel_an_unknown_channel_and_a_get(pages: Pages, world: World) -> None:
    queue(world, "head")
    world.look()
    assert post({"ref": "ref-1"}, address="/receipts/sms")[0] == 404
    assert post({"ref": "ref-1"}, address="/receipts/fax")[0] == 404
    assert Client().get(ADDRESS).status_code == 405


def test_an_id_that_fits_several_messages_says_nothing_of_any(pages: Pages, world: World) -> None:
    queue(world, "head")
    queue(world, "deputy")
    world.look()
    Delivery.objects.update(provider_ref="HTTP 200")
    assert post({"ref": "HTTP 200"}) == (
        404,
        "This id fits several messages, so it says nothing of any.",
    )


def test_what_is_still_on_its_way_changes_nothing(pages: Pages, world: World) -> None:
    queue(world, "head")
    world.look()
    assert post({"ref": "ref-1", "state": "queued at operator"})[0] == 200
    assert Delivery.objects.get().state == "HANDED"


def test_a_receipt_for_a_list_counts_for_all_in_it(pages: Pages, world: World) -> None:
    for _ in range(5):
        queue(world, "head")
    world.look()
    assert post({"ref": "ref-1"}) == (200, "Received.")
    assert set(Delivery.objects.values_list("state", flat=True)) == {"RECEIVED"}


def test_taken_and_not_arrived_brings_the_next_channel(pages: Pages, world: World) -> None:
    world.give_phone("head")
    message = queue(world, "head", in_danger=True)
    world.look()
    assert post({"ref": "ref-1", "status": "undelivered"})[0] == 200
    assert shown(message) == "QUEUED"
    world.look()
    assert len(world.phone("head")) == 2
    assert shown(message) == "HANDED"
    assert verify().difference is None


def test_taken_and_not_arrived_on_the_only_channel_escalates_at_once(
    pages: Pages, world: World
) -> None:
    world.send_out("agent", due_minutes=60)
    world.fast_forward(minutes=65)
    message = Message.objects.get(person_id=world.people["head"])
    ref = message.deliveries.get().provider_ref
    assert post({"ref": ref, "state": "failed"})[0] == 200
    assert shown(message) == "UNREACHABLE"
    world.look()
    assert [world.minutes(one.at) for one in world.phone("head")] == [65, 65]
    assert "step before this one reached nobody" in world.phone("head")[-1].outgoing.text
