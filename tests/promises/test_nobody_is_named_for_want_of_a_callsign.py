"""Promise 8: whoever has no callsign is not shown by name for it. Boards, lists, messages and
programs call her by a stand-in that tells nothing of her; the office finds her by it, and doctor
says that she lacks one."""

from __future__ import annotations

import pytest

from homeby.findings import Level
from homeby.logbook.rules import new_tap
from homeby.people.actions import persons
from homeby.people.queries.callsigns import called
from homeby.people.rules import STATION
from homeby.station import who_is_told
from tests.promises.acts import pass_time
from tests.rooms.api_client import Programs
from tests.rooms.pages import Pages, text_of
from tests.world import World

NAME = "Wilhelmina Zauberfeld"


def unnamed(world: World) -> str:
    """Agent has a name and no callsign, and is missed; gives what she is called."""
    values = {"name": NAME, "callsign": ""}
    persons.change_person(person_id=world.people["agent"], values=values, by=STATION,
                          now=world.now, tap=new_tap())  # fmt: skip
    world.send_out("agent", "mate", due_minutes=5)
    pass_time(world, minutes=90)
    return world.callsign("agent")


def test_a_stand_in_is_shown_and_never_the_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = unnamed(world)
    assert shown not in ("", NAME)
    pages, programs = Pages(world, monkeypatch), Programs(world, monkeypatch)
    gate = f"/gate/{world.gate_id}/in/"
    looked_at = ("/board/", "/missions/", "/alarms/", "/siren/", "/office/people/", gate,
                 "/missions/?q=Zauber", "/plan/?q=Zauber")  # fmt: skip
    told = set()
    for who in ("head", "guard", "mate"):
        for one in looked_at:
            page = text_of(pages.as_(who).get(one))
            assert "Zauber" not in page.replace("q=Zauber", "").replace("“Zauber”", ""), (who, one)
            told |= {one} if shown in page else set()
        assert NAME not in programs.of(who).get("people").content.decode()
    assert told >= {"/board/", "/missions/", "/alarms/", "/office/people/"}
    written = [f"{one.outgoing.subject} {one.outgoing.text}" for one in world.received]
    assert any(shown in one for one in written)
    assert not any("Zauber" in one for one in written)


def test_she_is_found_by_it_and_by_the_office_by_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, agent = unnamed(world), world.people["agent"]
    assert called(shown.lower()) == [agent]
    assert called(NAME) == []
    pages = Pages(world, monkeypatch)
    for sought in (shown, "Zauber"):
        found = pages.as_("head").get("/office/people/", {"q": sought}).content.decode()
        assert str(agent) in found, sought
    for sought, is_found in ((shown, True), ("Zauber", False)):
        found = text_of(pages.as_("guard").get("/missions/", {"q": sought}))
        assert (shown in found) is is_found, sought
    page = text_of(pages.as_("head").get(f"/office/people/{agent}/"))
    assert shown in page
    assert NAME in page, "the office knows whom it gives a callsign"


def test_doctor_says_who_lacks_a_callsign(world: World) -> None:
    assert who_is_told.by_callsign().level is Level.GREEN
    shown = unnamed(world)
    finding = who_is_told.by_callsign()
    assert finding.level is Level.AMBER
    assert shown in str(finding)
    assert NAME not in str(finding)
