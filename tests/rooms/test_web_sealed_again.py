"""The pages of keys over the years: who may open them, what they take, what they say is due."""

from __future__ import annotations

import base64
import json
import re
import uuid
from typing import Any

import pyrage
import pytest
from django.test import Client

from homeby.logbook.models import Read
from homeby.logbook.rules import new_tap
from homeby.missions.actions import archive_openings, reader_keys
from homeby.missions.models.openings import ArchiveOpening
from homeby.missions.models.sealed import ReaderKey, SealedText
from homeby.missions.rules import openings as rules
from homeby.missions.rules.openings import Why
from homeby.people.rules import Role
from homeby.web.sealed import trials
from tests.promises import sealing as sealed
from tests.rooms.pages import Pages, sent
from tests.world import World


def post(client: Client, address: str, body: object) -> tuple[int, str]:
    answer = client.post(address, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.content.decode()


def test_the_pages_are_for_those_who_have_something_to_do_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = sealed.with_keys(world, "carer")
    key = sealed.give(world, sealed.home(world), sealed.sealing(keys, "carer"))
    archive_openings.ask_opening(
        key_id=ReaderKey.objects.get().pk, why=Why.LOST, by=world.as_("guard"), now=world.now,
        tap=new_tap(),
    )  # fmt: skip
    opening = f"/sealed/archive/{ArchiveOpening.objects.get().pk}/"
    pages = Pages(world, monkeypatch)
    here = {
        "/sealed/again/": ("carer", "agent"),  # she has nothing there, and reads so
        "/sealed/archive/": ("guard", "carer"),
        opening: ("guard", "carer"),
        "/sealed/lost/": ("carer",),
        "/sealed/trial/": ("carer", "guard", "admin"),
    }
    for address, who in here.items():
        for one in who:
            assert pages.as_(one).get(address).status_code == 200, (address, one)
    for address in (opening, "/sealed/archive/", "/sealed/lost/", "/sealed/trial/"):
        assert pages.as_("agent").get(address).status_code == 404, address
    wanted = {"ids": [str(key)], "opening": opening.split("/")[3]}
    status, said = post(pages.as_("guard"), "/sealed/again/texts/", wanted)
    assert status == 422, "it waits a day"
    assert "not open to you" in said
    assert "age-encryption" not in pages.as_("guard").get(opening).content.decode()
    for one in ("agent", "guard", "head"):
        _, said = post(pages.as_(one), "/sealed/again/texts/", wanted | {"opening": ""})
        held = json.loads(said)["items"]
        assert held == [], one
    _, said = post(pages.as_("carer"), "/sealed/again/texts/", wanted | {"opening": ""})
    assert [one["id"] for one in json.loads(said)["items"]] == [str(key)]
    assert Read.objects.get(kind="CONCERN").viewer_id == world.people["carer"]


def test_nonsense_is_answered_by_a_sentence_and_nothing_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = sealed.with_keys(world, "carer")
    key = sealed.give(world, sealed.home(world), sealed.sealing(keys, "carer"))
    before = bytes(SealedText.objects.get().content)
    reader = Pages(world, monkeypatch).as_("carer")
    item = {"id": str(key), "was": "0", "content": base64.b64encode(b"clear text").decode()}
    whole: dict[str, Any] = {
        "old": str(uuid.uuid4()), "new": str(uuid.uuid4()), "archive": keys.archive.public,
        "opening": "", "entry_id": str(uuid.uuid4()), "items": [item],
    }  # fmt: skip
    others: tuple[Any, ...] = (None, 3, "x", [], {})
    bodies: tuple[Any, ...] = (
        *([], None, 7, "x", {}, {"items": []}),
        *(whole | {name: value} for name in whole for value in others),
        *(whole | {"items": [item | {name: 3}]} for name in item),
        *({"ids": ids, "opening": ""} for ids in (None, 3, "abc", [3], ["x"])),
        whole,
    )
    for body in bodies:
        for address in ("/sealed/again/give/", "/sealed/again/texts/"):
            status, said = post(reader, address, body)
            assert status == 422 or (status, json.loads(said)) == (200, {"items": []}), body
            assert status == 200 or json.loads(said)["sentence"], body
    answer = reader.post("/sealed/again/give/", b"\xff{", content_type="application/json")
    assert answer.status_code == 422
    answer = reader.post(
        "/sealed/again/give/", b"{}", content_type="application/json", CONTENT_LENGTH=str(10**9)
    )
    assert answer.status_code in {400, 422}
    assert bytes(SealedText.objects.get().content) == before


def test_what_is_due_is_said_where_people_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = sealed.with_keys(world, "carer")
    sealed.give(world, sealed.home(world), sealed.sealing(keys, "carer"))
    pages = Pages(world, monkeypatch)
    due, others = "Your paper is due to be tried", "overdue to be tried"
    assert due not in pages.as_("carer").get("/me/").content.decode()
    world.now += rules.TRIED_EVERY + rules.OVERDUE_AFTER
    assert due in pages.as_("carer").get("/me/").content.decode()
    assert others in pages.as_("admin").get("/me/").content.decode()
    assert "overdue since" in pages.as_("admin").get("/sealed/trial/").content.decode()
    assert others not in pages.as_("carer").get("/me/").content.decode()
    page = pages.as_("carer").get("/sealed/trial/").content.decode()
    file = re.search(r'data-trial="([^"]+)"', page)
    assert file
    word = bytes(pyrage.decrypt(file[1].encode(), [keys.own["carer"]])).decode()
    for found in ("", "x", trials.test_file(keys.public("carer"))):
        said = pages.as_("carer").post("/sealed/trial/", sent(found=found)).content.decode()
        assert "was not opened" in said
    stranger = pages.as_("guard").post("/sealed/trial/", sent(found=word)).content.decode()
    assert "not a key or an envelope of yours" in stranger
    assert pages.as_("carer").post("/sealed/trial/", sent(found=word)).status_code == 302
    assert due not in pages.as_("carer").get("/me/").content.decode()
    world.add("heir", Role.WELFARE_OFFICER, callsign="Heir")
    reader_keys.end_reader_key(by=world.as_("carer"), now=world.now, tap=new_tap())
    left = "1 debrief is sealed to somebody"
    assert left not in pages.as_("carer").get("/sealed/").content.decode()
    sealed.make_key(world, "heir")
    assert left in pages.as_("carer").get("/sealed/").content.decode()
