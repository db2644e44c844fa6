"""The page of logbook and looks: by person, kind, actor and time; each sees what she may."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from homeby.logbook.actions import found_station
from homeby.logbook.counting import outside, size_of
from homeby.logbook.models import Entry, Read
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.people.actions import persons
from homeby.people.rules import STATION
from homeby.web import reads
from tests.rooms.pages import Pages, text_of
from tests.world import World

PAGE = "/office/logbook/"
LOOKS = "/office/logbook/?show=looks"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.setattr(reads, "WAITING", reads.Waiting())
    return Pages(world, monkeypatch)


def test_looks_are_found_by_person_kind_actor_and_time(pages: Pages, world: World) -> None:
    mission = world.send_out("agent")
    pages.as_("head").get(f"/missions/{mission.pk}/")
    pages.as_("guard").get("/board/")
    pages.as_("head").get(f"/office/people/{world.people['mate']}/")
    admin = pages.as_("admin")
    of_fox = text_of(admin.get(LOOKS, {"show": "looks", "person": "fox"}))
    assert "Head how it stands with a party" in of_fox
    assert "Gate 1 the board" not in of_fox, "it would tell an administrator when she was out"
    assert "the page in the office" not in of_fox.partition("everything")[2].partition("Show")[2]
    by_guard = admin.get(LOOKS, {"show": "looks", "actor": "Gate 1"})
    assert text_of(by_guard).count("as gate keeper") == 1
    of_kind = text_of(admin.get(LOOKS, {"show": "looks", "kind": "CONTACTS"}))
    assert "Head how one is reached Owl" in of_kind
    later = str((world.now + dt.timedelta(days=1)).date())
    assert "Nothing fits." in text_of(admin.get(LOOKS, {"show": "looks", "since": later}))
    wrong = text_of(admin.get(PAGE, {"person": "nobody"}))
    assert "Nobody is called “nobody”" in wrong
    assert "Nothing is shown before the fields above are right." in wrong
    assert "A person was added" not in wrong.partition("Show")[2], "not everything instead"
    both = {"show": "looks", "person": "Fox", "actor": "Head", "kind": "BOARD"}
    assert "Nothing fits." in text_of(admin.get(LOOKS, both)), "filters count together"
    looks = Read.objects.filter(viewer_id=world.people["admin"], kind="LOGBOOK")
    assert looks.filter(whose=world.people["agent"]).exists()


def test_everybody_else_sees_their_own_looks_only(pages: Pages, world: World) -> None:
    pages.as_("guard").get("/board/")
    pages.as_("head").get("/board/")
    page = text_of(pages.as_("head").get(LOOKS))
    assert "Head the board" in page
    assert "Gate 1 the board" not in page
    for who in ("guard", "agent"):
        assert pages.as_(who).get(PAGE).status_code == 404


def test_the_logbook_is_paged_and_shows_what_one_may_read(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("homeby.web.office.views_logbook.PAGE_SIZE", 8)
    mission = world.send_out("agent")
    admin, officer = pages.as_("admin"), pages.as_("deputy")
    assert "Signed out" not in text_of(admin.get(PAGE)), "she keeps the station, not the watch"
    page = text_of(officer.get(PAGE))
    assert "Signed out" in page
    assert "1 / " in page
    assert str(mission.pk) not in page
    signed = text_of(officer.get(PAGE, {"kind": "MISSION_SIGNED_OUT", "actor": "gate 1"}))
    assert "Fox" in signed
    assert "Planned 09:00" not in signed
    for rubbish in ({"kind": "x"}, {"since": "0001-01-01"}, {"until": "x"}, {"page": "-3"}):
        assert admin.get(PAGE, rubbish).status_code == 200


def test_a_file_names_people_by_the_callsign_they_had_at_the_time(
    pages: Pages, world: World
) -> None:
    world.send_out("agent")
    for callsign in ("Heron", "Swift"):
        world.now += dt.timedelta(hours=1)
        persons.change_person(
            person_id=world.people["agent"], values={"callsign": callsign},
            by=STATION, now=world.now, tap=new_tap(),
        )  # fmt: skip
        if callsign == "Heron":
            world.sign_in("agent")
            pages.as_("head").get(f"/office/people/{world.people['agent']}/")
    head, admin = pages.as_("head"), pages.as_("admin")
    assert "Fox" not in text_of(head.get(PAGE)), "a page says what they are called now"
    told = {one["what"]: one for one in head.get("/office/logbook/file/json/").json()["lines"]}
    assert "Fox" in told["Signed out"]["words"]
    assert "Heron" in told["Signed in"]["words"]
    looks = admin.get("/office/logbook/file/json/?show=looks").json()["lines"]
    assert {one["person"] for one in looks if one["person"]} == {"Heron"}
    assert "by name" not in str(told) + str(looks), "and nobody by name"


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_export_is_a_file_without_formulas_and_a_look(
    pages: Pages, world: World, kind: str
) -> None:
    found_station(place="here", now=world.now)
    world.add("spy", callsign="=cmd|' /C calc'!A0")
    world.send_out("spy")
    pages.as_("head").get(f"/office/people/{world.people['spy']}/")
    admin = pages.as_("admin")
    for show in ("entries", "looks"):
        answer = admin.get(f"{PAGE}file/{kind}/", {"show": show})
        assert answer.headers["Content-Disposition"].endswith(f'homeby-{show}.{kind}"')
        if kind == "csv":
            rows = list(csv.reader(io.StringIO(answer.content.decode())))
            cells = [cell for row in rows for cell in row]
            assert any("cmd" in cell for cell in cells)
            assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        else:
            assert any("cmd" in str(one) for one in answer.json()["lines"])
        assert Read.objects.filter(what=f"export:{show}").count() == 1
        held = outside(answer.content.decode())
        assert size_of(held) == Entry.objects.count(), "and it carries a checkpoint of this moment"
        assert verify(against=held).difference is None
    assert f"{PAGE}file/csv/?" in admin.get(PAGE).content.decode()
    assert admin.get(f"{PAGE}file/xls/").status_code == 404
