"""My mission: what the page shows and to whom, and the key that a phone makes for itself."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
import segno

from homeby import settings
from homeby.missions.rules.intake import Taken
from homeby.people.actions.devices import PHONES_MAX, new_key
from homeby.people.models import Device
from homeby.people.rules import Act, DeviceKind, hash_of
from tests.rooms.devices import claim, phone_of, send
from tests.rooms.pages import Pages, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def data_of(response: Any) -> dict[str, Any]:
    """The facts that the page gives its script."""
    found = re.search(
        r'<script id="my-data" type="application/json">(.*?)</script>', response.content.decode()
    )
    assert found
    facts: dict[str, Any] = json.loads(found[1])
    return facts


def _key(**more: str) -> tuple[str, dict[str, str]]:
    key = new_key()
    sent = {"name": "Pocket", "key_hash": hash_of(key), "entry_id": str(uuid.uuid4())}
    return key, sent | more


def test_the_page_shows_ones_own_mission_and_no_other(world: World, pages: Pages) -> None:
    mission = world.send_out("agent", "mate")
    page = pages.as_("agent").get("/my/")
    facts = data_of(page)
    assert facts["mission"] == str(mission.pk)
    assert facts["state"] == "OUT"
    assert facts["leads"] is True
    assert {one["state"] for one in facts["party"]} == {"OUT"}
    assert "If nobody hears from you by" in text_of(page)
    assert re.search(r"by [\w ]*\d\d:\d\d, we tell: the duty officer", text_of(page))
    assert data_of(pages.as_("mate").get("/my/"))["leads"] is False
    for other in ("head", "guard"):
        assert data_of(pages.as_(other).get("/my/"))["mission"] == ""
    assert "nothing is planned for you" in text_of(pages.as_("head").get("/my/"))
    rows = pages.as_("agent").get("/my/rows/")
    assert data_of(rows) == facts
    assert pages.nobody().get("/my/").status_code == 302


def test_who_is_back_is_told_so_and_asked_for_the_first_report(world: World, pages: Pages) -> None:
    world.send_out("agent")
    phone = phone_of(world, "agent")
    assert phone.say(Act.SIGN_IN).taken == Taken.COUNTED
    page = pages.as_("agent").get("/my/")
    assert "You are back" in text_of(page)
    assert "Give the first report" in text_of(page)
    world.fast_forward(minutes=13 * 60)
    assert data_of(pages.as_("agent").get("/my/"))["mission"] == ""


def test_a_phone_makes_its_own_key_and_brings_only_the_hash(world: World, pages: Pages) -> None:
    world.send_out("agent")
    agent = pages.as_("agent")
    key, sent = _key()
    answer = agent.post("/my/key/", sent)
    device = Device.objects.get()
    assert answer.json() == {"device": str(device.pk)}
    assert device.kind == DeviceKind.PHONE
    assert device.person_id == world.people["agent"]
    (told,) = send(world, key, claim(Act.CHECK_IN))
    assert told.taken == Taken.COUNTED
    assert data_of(agent.get("/my/"))["phones"] == [str(device.pk)]
    assert "Pocket" in text_of(agent.get("/me/devices/"))
    assert key not in text_of(agent.get("/me/devices/"))


def test_a_lost_answer_makes_no_second_key(world: World, pages: Pages) -> None:
    agent, (_one, sent) = pages.as_("agent"), _key()
    first = agent.post("/my/key/", sent)
    assert agent.post("/my/key/", sent).json() == first.json()
    again = sent | {"entry_id": str(uuid.uuid4())}
    assert agent.post("/my/key/", again).json() == first.json()
    assert Device.objects.count() == 1
    stolen = pages.as_("mate").post("/my/key/", again)
    assert stolen.status_code == 409, "another's key is nobody else's"


def test_a_key_that_cannot_be_is_a_sentence(world: World, pages: Pages) -> None:
    agent = pages.as_("agent")
    for wrong in ({"name": " "}, {"name": "x" * 5000}, {"key_hash": "0"}, {"key_hash": ""}):
        answer = agent.post("/my/key/", _key()[1] | wrong)
        assert answer.status_code == 422
        assert answer.json()["sentence"]
    for _number in range(PHONES_MAX):
        assert agent.post("/my/key/", _key()[1]).status_code == 200
    full = agent.post("/my/key/", _key()[1])
    assert full.status_code == 422
    assert "Revoke those that are gone" in full.json()["sentence"]
    assert pages.nobody().post("/my/key/", _key()[1]).status_code == 302


def test_logging_out_revokes_the_key_that_the_phone_forgot(world: World, pages: Pages) -> None:
    agent, mate = pages.as_("agent"), pages.as_("mate")
    agent.post("/my/key/", _key()[1])
    key = str(Device.objects.get().pk)
    in_use = Device.objects.filter(revoked_at=None)
    mate.post("/log-out/", {"device": [key, "rubbish"]})
    assert in_use.count() == 1, "nobody revokes another's by logging out"
    agent.post("/log-out/", {"device": key})
    assert in_use.count() == 0
    assert pages.nobody().post("/log-out/", {"device": key}).status_code == 302


def test_what_makes_it_installable_needs_no_log_in(world: World, pages: Pages) -> None:
    manifest = pages.nobody().get("/my/manifest.webmanifest")
    assert manifest["Content-Type"] == "application/manifest+json"
    assert manifest.json()["start_url"] == "/my/"
    worker = pages.nobody().get("/my/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert worker["Cache-Control"] == "no-cache"


def test_the_square_at_the_gate_leads_to_the_page_and_holds_no_secret(
    world: World, pages: Pages
) -> None:
    address = f"/gate/{world.gate_id}/qr/"
    page = pages.as_("guard").get(address)
    shown = re.search(r'<svg[^>]* class="qr".*?</svg>', page.content.decode())
    assert shown
    wanted = f"{settings.current().public_url}/my/?gate={world.gate_id}"
    assert wanted in text_of(page)
    drawn = segno.make_qr(wanted, error="q")
    assert drawn.svg_inline(border=4, light="#fff", omitsize=True, svgclass="qr") == shown[0]
    assert pages.as_("agent").get(address).status_code == 404
