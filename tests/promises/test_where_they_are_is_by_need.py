"""RELIABILITY.md 11, need to know: while a party is out its place is exact for itself and for the
duty officer, a sector for a leader, and for the rest only that it is out. Once somebody is missed
it is exact, at once, for everybody who sees the mission: nobody searches by a sector."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission
from homeby.missions.queries import sheets
from homeby.missions.queries.cards import cards
from homeby.missions.rules.fading import Sight
from homeby.people.rules import STATION, Role
from homeby.watch.actions import bill
from homeby.watch.actions.tick import tick
from homeby.watch.rules import Watch
from tests.promises.acts import stand_down
from tests.promises.test_break_glass_is_never_silent import broken
from tests.rooms.api_client import Programs
from tests.rooms.pages import Pages, text_of
from tests.world import World

GPX = (
    '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><rte><name>Way</name>'
    '<rtept lat="46.51" lon="13.98"/><rtept lat="46.53" lon="13.99"/></rte></gpx>'
)
WHERE = {
    "place": "Karawanks, hut under the Kepa",
    "latitude": 46.50812,
    "longitude": 13.98123,
    "route_gpx": GPX,
}
EXACT, SECTOR = ("under the Kepa", "46.508", "13.981"), ("Karawanks", "46.525, 13.95")
#: Who is what to the party: Fox and Owl are out, Wren is the buddy.
NEAR, LEADS, OTHERS = ("agent", "mate", "buddy", "head"), ("deputy",), ("guard",)


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    world.add("buddy", callsign="Wren")
    return Pages(world, monkeypatch)


def plan(world: World) -> Mission:
    more: Any = WHERE | {"buddy_id": world.people["buddy"]}
    return world.plan("agent", "mate", due_minutes=90, **more)


def out(world: World) -> Mission:
    mission = plan(world)
    world.sign_out(mission, "agent", "mate")
    mission.refresh_from_db()
    return mission


def read(pages: Pages, programs: Programs, who: str, mission: Mission) -> Iterator[tuple[str, str]]:
    """All that says something of a mission, as somebody reads it."""
    page, gate = f"/missions/{mission.pk}/", f"/gate/{pages.world.gate_id}/"
    browser = pages.as_(who)
    for address in (
        *("/", "/missions/", page, f"{page}rows/", f"{page}sign-in/", f"{page}check-in/"),
        *(f"{page}extend/", f"{page}route.gpx", "/board/", "/board/rows/", "/board/cards/"),
        *(f"{gate}in/", f"{gate}check-in/", "/siren/", "/alarms/", "/my/", "/office/messages/"),
    ):
        yield address, browser.get(address, follow=True).content.decode()
    for path in ("missions", f"missions/{mission.pk}", "alarms", "entries"):
        yield path, programs.of(who).get(path).content.decode()


def seen(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch, who: str, mission: Mission
) -> set[str]:
    """Which of the words of the place somebody reads anywhere."""
    found = read(pages, Programs(world, monkeypatch), who, mission)
    texts = [text for _address, text in found]
    return {one for one in (*EXACT, *SECTOR) if any(one in text for text in texts)}


def sight(world: World, who: str, mission: Mission) -> Sight:
    found = sheets.sheet(world.as_(who), mission.pk, now=world.now)
    assert found is not None
    return found.where.sight


@pytest.mark.looks
def test_while_they_are_out_the_place_is_by_need(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = out(world)
    for who in NEAR:
        assert seen(pages, world, monkeypatch, who, mission) >= set(EXACT), who
    for who in LEADS:
        assert seen(pages, world, monkeypatch, who, mission) == set(SECTOR), who
    for who in OTHERS:
        assert seen(pages, world, monkeypatch, who, mission) == set(), who
    route = f"/missions/{mission.pk}/route.gpx"
    found = {who: pages.as_(who).get(route).status_code for who in (*NEAR, *LEADS, *OTHERS)}
    assert found == dict.fromkeys(NEAR, 200) | dict.fromkeys((*LEADS, *OTHERS), 404)


def test_before_anybody_has_left_a_plan_is_what_was_typed(pages: Pages, world: World) -> None:
    mission = plan(world)
    for who in (*NEAR, *LEADS, *OTHERS):
        assert sight(world, who, mission) is Sight.EXACT, who
    form = pages.as_("deputy").get(f"/missions/{mission.pk}/plan/").content.decode()
    assert "Karawanks, hut under the Kepa" in form
    assert "46.5081" in form


@pytest.mark.looks
def test_once_they_are_missed_everybody_who_sees_them_reads_it(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = out(world)
    for who in (*LEADS, *OTHERS):  # so that nothing old is kept of the boards
        assert not seen(pages, world, monkeypatch, who, mission) & set(EXACT), who
    world.now += dt.timedelta(minutes=90)
    tick(now=world.now)
    for who in (*LEADS, *OTHERS):
        assert seen(pages, world, monkeypatch, who, mission) >= set(EXACT), who
    stand_down(world)
    world.now -= dt.timedelta(minutes=1)
    for who in OTHERS:
        assert sight(world, who, mission) is Sight.NONE, "nobody looks for them any more"


def test_it_needs_no_watch_that_is_awake(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that opens alarms may be dead: whoever is overdue is looked for all the same."""
    mission = out(world)
    board = text_of(pages.as_("deputy").get("/board/"))
    assert "Kepa" not in board
    world.now += dt.timedelta(minutes=91)
    for who in (*LEADS, *OTHERS):
        assert seen(pages, world, monkeypatch, who, mission) >= set(EXACT), who


def test_help_opens_it_in_the_same_moment(pages: Pages, world: World) -> None:
    mission, agent = out(world), pages.as_("agent")
    assert sight(world, "guard", mission) is Sight.NONE
    agent.post(f"/missions/{mission.pk}/act/", {"act": "help", "entry_id": str(new_tap().entry_id)})
    for who in (*LEADS, *OTHERS):
        assert sight(world, who, mission) is Sight.EXACT, who
    text = text_of(pages.as_("deputy").get(f"/alarms/{world.alarm().pk}/"))
    assert "under the Kepa" in text, "the page by which they search"


def test_a_broken_glass_shows_it_for_its_hour(pages: Pages, world: World) -> None:
    mission = world.send_out("agent", "mate", due_minutes=600, **WHERE)
    broken(world, mission, "deputy")
    assert sight(world, "deputy", mission) is Sight.EXACT
    assert sight(world, "guard", mission) is Sight.NONE
    world.now += dt.timedelta(minutes=60)
    assert sight(world, "deputy", mission) is Sight.SECTOR


def test_whoever_holds_the_watch_is_its_duty_officer(pages: Pages, world: World) -> None:
    mission = world.send_out("agent", "mate", due_minutes=600, **WHERE)
    watch = Watch(
        person_id=world.people["deputy"],
        deputy_id=world.people["head"],
        from_at=world.now,
        to_at=world.now + dt.timedelta(hours=2),
    )
    assert sight(world, "deputy", mission) is Sight.SECTOR
    bill.plan_watch(watch=watch, by=STATION, now=world.now, tap=new_tap())
    assert sight(world, "deputy", mission) is Sight.EXACT
    assert "under the Kepa" in text_of(pages.as_("deputy").get("/board/"))
    world.now += dt.timedelta(hours=2)
    assert sight(world, "deputy", mission) is Sight.SECTOR


def test_nobody_finds_by_guessing_what_she_may_not_read(pages: Pages, world: World) -> None:
    mission = out(world)
    for guess in ("under the Kepa", "Karawanks"):
        found = {
            who: str(mission.pk) in pages.as_(who).get(f"/missions/?q={guess}").content.decode()
            for who in (*NEAR, *LEADS, *OTHERS)
        }
        assert found == {who: who in NEAR for who in found}, guess


def test_after_the_return_leaders_read_it_and_the_rest_do_not(pages: Pages, world: World) -> None:
    mission = out(world)
    world.sign_in("agent", "mate", heads=2)
    for who in ("agent", "mate", "head", "deputy"):
        assert sight(world, who, mission) is Sight.EXACT, who
    assert sight(world, "guard", mission) is Sight.NONE


def test_what_others_were_sent_tells_no_more(pages: Pages, world: World) -> None:
    """Leaders see the outbox; a buddy is told where they go, and an alarm where they are."""
    mission = out(world)
    world.look()
    assert any("under the Kepa" in one.outgoing.text for one in world.phone("buddy"))
    deputy, head = pages.as_("deputy"), pages.as_("head")
    address = "/office/messages/"
    assert "Its words may say where they are" in text_of(deputy.get(address))
    assert "under the Kepa" not in text_of(deputy.get(address))
    assert "under the Kepa" in text_of(head.get(address))
    world.now += dt.timedelta(minutes=90)
    tick(now=world.now)
    world.look()
    assert "under the Kepa" in text_of(deputy.get(address))
    world.sign_in("agent", "mate", heads=2)
    mission.refresh_from_db()
    assert mission.state == "BACK"
    assert "under the Kepa" in text_of(deputy.get(address))


def test_the_cards_of_the_watch_are_for_a_search_by_hand(world: World) -> None:
    world.add("officer", Role.DUTY_OFFICER)
    world.send_out("agent", "mate", due_minutes=600, **WHERE)
    world.send_out("outsider", due_minutes=700, **(WHERE | {"place": "Somewhere"}))
    found = {
        who: [card.place for card in cards(world.as_(who), now=world.now)]
        for who in ("officer", "deputy", "guard")
    }
    assert found == {
        "officer": ["Karawanks, hut under the Kepa", "Somewhere"],
        "deputy": ["Karawanks", "≈ 46.525, 13.95"],
        "guard": ["", ""],
    }
