"""The pages of devices: a key shown once, what it may say, the button that revokes it."""

from __future__ import annotations

import re
import uuid

import pytest
import segno

from homeby.missions.rules.intake import Taken
from homeby.people.models import Device
from homeby.people.rules import Act
from tests.rooms.devices import claim, phone_of, send
from tests.rooms.pages import Pages, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def _form(world: World, **more: object) -> dict[str, object]:
    of = f"gate:{world.gate_id}"
    return {"of": of, "name": "Tablet", "acts": ["SIGN_IN"], "entry_id": str(uuid.uuid4())} | more


def test_a_kiosk_from_its_key_to_its_end(world: World, pages: Pages) -> None:
    world.send_out("agent")
    admin = pages.as_("admin")
    sent = _form(world)
    page = admin.post("/office/devices/", sent)
    shown = text_of(page)
    (key,) = set(re.findall(r"homeby-device-[\w-]+", shown))
    assert f"/kiosk/#{key}" in shown
    link = re.search(r'href="(http[^"]*/kiosk/#[^"]+)"', page.content.decode())
    assert link
    drawn = segno.make_qr(link[1], error="q").svg_inline(
        border=4, light="#fff", omitsize=True, svgclass="qr"
    )
    assert drawn in page.content.decode(), "the camera of the tablet reads it"
    assert "it is not shown again" in shown
    again = text_of(admin.post("/office/devices/", sent))
    assert "shown once already" in again
    assert "homeby-device-" not in again
    (told,) = send(world, key, claim(Act.SIGN_IN, callsign="Fox"))
    assert told.taken == Taken.COUNTED
    listed = text_of(admin.get("/office/devices/"))
    assert "Tablet" in listed
    assert "Village, Green gate" in listed
    assert key not in listed
    guard = pages.as_("guard")
    assert "Make its key" not in text_of(guard.get("/office/devices/"))
    device = Device.objects.get()
    act = {"act": "revoke", "back": "/office/devices/"}
    answer = guard.post(f"/office/act/devices/{device.pk}/", act, follow=True)
    assert "Revoked." in text_of(answer)
    (told,) = send(world, key, claim(Act.SIGN_IN, callsign="Fox"))
    assert told.taken == Taken.UNVERIFIED
    listed = text_of(pages.as_("head").get("/office/list/unmatched/"))
    assert "Unverified: its key was revoked." in listed


def test_a_person_adds_and_revokes_a_phone_of_her_own(world: World, pages: Pages) -> None:
    phone_of(world, "mate")
    agent = pages.as_("agent")
    assert "Owl" not in text_of(agent.get("/me/devices/"))
    sent = {"name": "My phone", "acts": ["CHECK_IN", "HELP"], "entry_id": str(uuid.uuid4())}
    assert "homeby-device-" in text_of(agent.post("/me/devices/", sent))
    row = Device.objects.get(name="My phone")
    assert (row.person_id, row.acts) == (world.people["agent"], ["CHECK_IN", "HELP"])
    theirs = Device.objects.exclude(pk=row.pk).get()
    answer = agent.post(f"/office/act/devices/{theirs.pk}/", {"act": "revoke"}, follow=True)
    assert "not yours" in text_of(answer)
    agent.post(f"/office/act/devices/{row.pk}/", {"act": "revoke"})
    row.refresh_from_db()
    assert row.revoked_at is not None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"of": ""}, "please fill it in."),
        ({"acts": ["MORE_TIME"]}, "A kiosk cannot ask for more time."),
        ({"acts": []}, "please fill it in."),
        ({"name": "x" * 5000}, "100"),
    ],
)
def test_what_is_wrong_is_said_beside_it(
    world: World, pages: Pages, wrong: dict[str, object], said: str
) -> None:
    answer = pages.as_("admin").post("/office/devices/", _form(world, **wrong))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Device.objects.exists()


def test_members_see_no_list_of_devices(world: World, pages: Pages) -> None:
    assert pages.as_("agent").get("/office/devices/").status_code == 404
    assert pages.as_("guard").post("/office/devices/", _form(world)).status_code == 200
    assert not Device.objects.exists()
