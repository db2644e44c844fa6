"""A gate's screen that strangers can see: no name, face or unit is on it, whatever is done."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from homeby.logbook.rules import new_tap
from homeby.missions.actions import glass
from homeby.missions.models import FirstReport, Mission, PartyMember, Unmatched
from homeby.missions.queries.who import viewer_for
from homeby.people.models import Person, Team
from homeby.people.rules import Act
from homeby.people.rules_log_ins import Proof
from tests.promises.pauses import REASON, pause
from tests.rooms.devices import phone_of
from tests.rooms.pages import Pages, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def screen(world: World, pages: Pages) -> Client:
    """A browser at the gate of which the gate keeper has said that strangers can see it."""
    client = pages.as_("guard")
    client.post(f"/gate/{world.gate_id}/seen/", {"seen": "on"})
    return client


def _names() -> set[str]:
    """What stands for somebody or a unit; some are words of every page."""
    people = {name for row in Person.objects.all() for name in (row.callsign, row.name) if name}
    return (people | set(Team.objects.values_list("name", flat=True))) - {"Stranger", "Office"}


def _say(client: Client, world: World, act: str, callsign: str) -> str:
    sent = {"callsign": callsign, "entry_id": str(uuid.uuid4())}
    return text_of(client.post(f"/gate/{world.gate_id}/{act}/", sent, follow=True))


def _is_nameless(text: str) -> None:
    found = {name for name in _names() if name in text}
    assert not found, (found, text)


def test_no_page_of_the_gate_names_anybody(world: World, screen: Client, pages: Pages) -> None:
    mission = world.send_out("agent", "mate")
    waiting = world.plan("deputy")
    agent, gate = world.people["agent"], f"/gate/{world.gate_id}"
    addresses = [f"{gate}/", *(f"{gate}/{act}/" for act in ("out", "check-in", "in"))]
    addresses += [f"{gate}/{act}/somebody/" for act in ("check-in", "in")]
    addresses += [f"{gate}/party/{mission.pk}/", f"{gate}/out/{waiting.pk}/", f"{gate}/waits/"]
    addresses += [f"{gate}/report/{mission.pk}/{agent}/", f"{gate}/in/?q=Fox"]
    there = pages.as_("guard")
    assert "Fox" in text_of(there.get(f"{gate}/in/")), "elsewhere it is as ever"
    for address in addresses:
        page = screen.get(address, follow=True)
        assert page.status_code == 200, address
        _is_nameless(text_of(page))


def test_by_a_hidden_callsign_they_go_are_fine_and_are_back(world: World, screen: Client) -> None:
    mission = world.plan("agent")
    page = screen.get(f"/gate/{world.gate_id}/out/").content.decode()
    assert 'type="password" name="callsign"' in page
    for act, state in (("out", "OUT"), ("check-in", "OUT"), ("in", "BACK")):
        said = _say(screen, world, act, "fox")
        assert "Recorded." in said
        _is_nameless(said)
        assert Mission.objects.get(pk=mission.pk).state == state
    member = PartyMember.objects.get()
    assert (member.out_gate_id, member.back_gate_id) == (world.gate_id, world.gate_id)


def test_what_fits_nothing_is_kept_and_names_nobody(world: World, screen: Client) -> None:
    for callsign in ("Fox", "Nobody", "x" * 5000, "\u05e9\u05d5\u05e2\u05dc"):
        _is_nameless(_say(screen, world, "in", callsign).replace(callsign, ""))
    assert Unmatched.objects.count() == 3, "what is too long is said beside the field"
    said = _say(screen, world, "out", "Fox")
    assert "This cannot be done here" in said
    _is_nameless(said)


def test_sent_twice_it_counts_once(world: World, screen: Client) -> None:
    world.plan("agent")
    sent = {"callsign": "Fox", "entry_id": str(uuid.uuid4())}
    for _time in range(2):
        said = text_of(screen.post(f"/gate/{world.gate_id}/out/", sent, follow=True))
        assert "Recorded." in said
    assert PartyMember.objects.get().state == "OUT"


def test_only_who_proves_who_she_is_shows_names_again(world: World, pages: Pages) -> None:
    world.send_out("agent")
    gate = f"/gate/{world.gate_id}"
    client = pages.long_in("guard")
    client.post(f"{gate}/seen/", {"seen": "on"})
    asked = client.post(f"{gate}/seen/", {"seen": "off"})
    assert asked["Location"].startswith("/log-in/again/")
    assert "Fox" not in text_of(client.get(f"{gate}/in/"))
    proved = pages.as_("guard")
    proved.cookies["seen_by_strangers"] = "1"
    assert "Fox" not in text_of(proved.get(f"{gate}/in/"))
    proved.post(f"{gate}/seen/", {"seen": "off"})
    assert "Fox" in text_of(proved.get(f"{gate}/in/"))


def test_who_came_home_by_phone_is_not_named_there(world: World, screen: Client) -> None:
    world.give_kin("agent", "flatmate")
    mission = world.send_out("agent")
    phone_of(world, "agent").say(Act.SIGN_IN, mission_id=mission.pk, gate_id=world.gate_id)
    for page in ("", "in/", "waits/"):
        _is_nameless(text_of(screen.get(f"/gate/{world.gate_id}/{page}")))


def test_what_was_opened_before_counts_and_is_answered_without_names(
    world: World, screen: Client
) -> None:
    """A page of names that stood open as the screen was turned to strangers: what is sent from it
    is recorded, whichever page it is."""
    mission, gate = world.send_out("agent", "mate"), f"/gate/{world.gate_id}"
    agent, mate = world.people["agent"], world.people["mate"]
    party, report = f"{gate}/party/{mission.pk}/", f"{gate}/report/{mission.pk}/{agent}/"
    tile = {"tile": f"{mission.pk}/{mate}"}

    def state(who: uuid.UUID) -> str:
        return PartyMember.objects.get(person_id=who).state

    def send(address: str, **fields: str) -> str:
        sent = fields | {"entry_id": str(uuid.uuid4())}
        said = text_of(screen.post(address, sent, follow=True))
        _is_nameless(said)
        return said

    assert "This cannot be done here" in send(party), "nobody was ticked"
    assert "Recorded." in send(party, person=str(agent), heads="1")
    assert state(agent) == "BACK"
    assert "Recorded." in send(report, hurt="NO")
    assert FirstReport.objects.filter(person_id=agent).count() == 1
    assert "Recorded." in send(f"{gate}/in/", **tile)
    assert state(mate) == "BACK"
    assert "Recorded." in send(f"{gate}/take-back/{mission.pk}/{mate}/")
    assert state(mate) == "OUT"
    said = send(f"{gate}/in/somebody/", who="Ott", how="SEEN")
    assert "Recorded." in said
    assert Unmatched.objects.count() == 1


def test_a_paused_watch_names_nobody_at_the_gate(
    world: World, screen: Client, pages: Pages
) -> None:
    pause(world, "head", "deputy", minutes=60)
    at_rest, there = f"/gate/{world.gate_id}/", pages.as_("guard")
    assert REASON in text_of(there.get("/missions/"))
    for client, address in ((there, at_rest), (screen, at_rest), (screen, f"{at_rest}in/")):
        page = client.get(address)
        assert "The watch is paused" in text_of(page), address
        live = page.content.decode().partition('data-live-src="/pause-bar/')[2].partition('"')[0]
        for said in (text_of(page), text_of(client.get(f"/pause-bar/{live}"))):
            assert REASON not in said
            assert "Head" not in said


def test_a_broken_glass_names_nobody_at_the_gate_at_rest(world: World, pages: Pages) -> None:
    mission = world.send_out("agent")
    glass.break_glass(
        mission_id=mission.pk,
        reason="She does not answer, and it is dark.",
        proved=(Proof.PASSKEY,),
        by=viewer_for(world.people["deputy"], now=world.now),
        now=world.now,
        tap=new_tap(),
    )
    client = pages.as_("deputy")
    assert "You broke the glass for Fox" in text_of(client.get("/missions/"))
    said = text_of(client.get(f"/gate/{world.gate_id}/"))
    assert "You broke the glass: open until" in said
    assert "Fox" not in said
