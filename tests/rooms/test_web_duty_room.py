"""The siren and the T-cards: for whoever keeps watch, by callsigns, and what each says when."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby import settings
from homeby.logbook import actions as logbook
from homeby.logbook import keeping, queries
from homeby.logbook.rules import new_tap
from homeby.missions.queries.cards import cards
from homeby.people.rules import STATION
from homeby.watch.actions import alarms
from homeby.web.board import siren
from homeby.web.qr import square
from tests.rooms.pages import Pages, entries, text_of
from tests.world import World

ADDRESSES = ("/siren/", "/siren/state/", "/board/cards/")


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.mark.parametrize("address", ADDRESSES)
def test_they_are_for_whoever_keeps_watch_and_looking_changes_nothing(
    pages: Pages, world: World, address: str
) -> None:
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=40)
    guard, before = pages.as_("guard"), entries()
    page = guard.get(address)
    assert "Fox" in text_of(page)
    assert world.callsign("agent") == "Fox"
    assert entries() == before
    assert pages.as_("agent").get(address).status_code == 404, "her own would look like all"
    assert pages.nobody().get(address).status_code == 302


def test_the_siren_is_red_until_somebody_has_taken_it(pages: Pages, world: World) -> None:
    head = pages.as_("head")
    assert 'data-siren="CALM"' in head.get("/siren/").content.decode()
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=40)
    red = head.get("/siren/state/")
    assert 'data-siren="ALARM"' in red.content.decode()
    assert "1 waits for somebody to take it" in text_of(red)
    alarms.acknowledge(
        alarm_id=world.alarm().pk, by=world.as_("head"), now=world.now, tap=new_tap()
    )
    taken = head.get("/siren/state/")
    assert 'data-siren="TAKEN"' in taken.content.decode()
    assert "Head has it" in text_of(taken)
    world.sign_in("agent")
    assert 'data-siren="CALM"' in head.get("/siren/state/").content.decode()


def test_many_alarms_are_named_up_to_a_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siren, "NAMED_MOST", 1)
    world.send_out("agent", due_minutes=30)
    world.send_out("outsider", due_minutes=30)
    world.fast_forward(minutes=40)
    said = siren.siren(world.as_("head"))
    assert (said["count"], len(said["alarms"]), said["more"]) == (2, 1, 1)


def test_a_card_says_what_was_promised(pages: Pages, world: World) -> None:
    world.send_out("outsider", "agent", due_minutes=120)
    world.send_out("mate", due_minutes=60)
    world.now += dt.timedelta(days=1)  # paper is read on another day: every time has its date
    page = text_of(pages.as_("head").get("/board/cards/"))
    assert "Made Sat 21 Nov 09:00 , by Head" in page
    assert "2 parties are out, 3 people." in page
    assert "Expected back Fri 20 Nov 10:00" in page
    assert "Expected back Fri 20 Nov 11:00" in page
    first, second = cards(STATION, now=world.now)
    assert len(first.names) == 1, "who is due first stands first"
    assert second.names[0] == world.callsign("outsider"), "the leader first"
    assert second.is_led
    assert cards(world.as_("mate"), now=world.now)[0].mission_id == first.mission_id
    assert len(cards(world.as_("mate"), now=world.now)) == 1


def test_who_is_home_has_no_card(pages: Pages, world: World) -> None:
    mission = world.send_out("agent", "mate", due_minutes=60)
    world.sign_in("mate", heads=1)
    (card,) = cards(STATION, now=world.now)
    assert (card.mission_id, card.names) == (mission.pk, ["Fox"])
    world.sign_in("agent")
    assert "Nobody is out." in text_of(pages.as_("head").get("/board/cards/"))


def test_the_paper_holds_the_newest_checkpoint(pages: Pages, world: World) -> None:
    bare = pages.as_("head").get("/board/cards/").content.decode()
    assert "card-proof" not in bare, "none was kept yet"
    logbook.found_station(place="here", now=world.now)
    key = keeping.key_of_station(settings.log_key())
    assert key is not None
    kept = keeping.keep_all(until=queries.last_number(), key=key, now=world.now)
    assert kept is not None
    page = pages.as_("head").get("/board/cards/")
    assert square(kept.note) in page.content.decode(), "all of it, with its signature"
    for line in kept.note.splitlines()[:3]:
        assert line in text_of(page).replace("&#43;", "+")
