"""Promise 8 (`STORY.md` 12): once somebody is signed in, whoever has no duty towards her finds no
presence and no position: not when she came, was heard, or when her devices spoke; not where she
was. An arrival stands in no page, message or program of her team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from homeby.logbook import queries as logbook
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission
from homeby.people.actions import teams
from homeby.people.models import Membership
from homeby.people.rules import STATION, Act, Role
from tests.promises.apart import bare
from tests.rooms.api_client import Program, Programs
from tests.rooms.devices import Device, claim, phone_of
from tests.rooms.pages import Pages, text_of
from tests.world import World

#: The hours on the wall at which she was heard, came home, and her telephone spoke.
HEARD, CAME, SPOKE = "10:07", "11:13", "11:19"
TOKENS = (HEARD, CAME, SPOKE, "09:07", "10:13", "10:19", "22:13", "North woods", "Patrol",
          "46.5")  # fmt: skip
PAGES = (
    *("/", "/my/", "/my/rows/", "/missions/", "/missions/?show=back", "/alarms/", "/heard/"),
    *("/board/", "/board/rows/", "/board/cards/", "/siren/", "/gate/", "/health/", "/me/looks/"),
    "/me/",
    *("/office/", "/office/people/", "/office/teams/", "/office/devices/", "/office/messages/"),
    *("/office/log-in/", "/office/list/unmatched/", "/office/list/units/"),
)
API = ("people", "missions", "missions?state=BACK", "alarms", "entries", "watch-bill")
#: Nobody of these has a duty towards her now.
WITHOUT_DUTY = ("mate", "outsider", "buddy", "medic", "welfare", "admin")


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    for who, role in (("medic", Role.MEDIC), ("welfare", Role.WELFARE_OFFICER), ("buddy", None)):
        world.add(who, *([role] if role else []), callsign=who.title())
    for who in ("agent", "outsider"):
        teams.join_team(
            person_id=world.people[who], team_id=world.team_id, by=STATION,
            now=world.now, tap=new_tap(),
        )  # fmt: skip
    return Pages(world, monkeypatch)


def out(world: World) -> Mission:
    """Fox is out with Owl, for the team; a buddy waits; where they go is known to the metre."""
    mission = world.send_out(
        "agent", "mate", due_minutes=600, team_id=world.team_id,
        buddy_id=world.people["buddy"], latitude=46.5, longitude=7.5,
    )  # fmt: skip
    world.now += dt.timedelta(minutes=67)
    world.check_in(mission)
    world.look()
    return mission


def home(world: World, phone: Device) -> None:
    """She comes home; her telephone says something once more."""
    world.now += dt.timedelta(minutes=66)
    world.sign_in("agent")
    world.look()
    world.now += dt.timedelta(minutes=6)
    phone.send(claim(Act.CHECK_IN))
    world.look()


def addresses(world: World, mission: Mission) -> Iterator[str]:
    yield from PAGES
    yield from (f"/missions/{mission.pk}/", f"/missions/{mission.pk}/rows/")
    yield f"/office/people/{world.people['agent']}/"
    yield f"/office/people/{world.people['agent']}/contacts/"


@pytest.mark.looks  # pages say the same on either database
@pytest.mark.parametrize("last", ["Owl", "Fox"])
def test_whoever_has_no_duty_towards_her_finds_no_presence(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    phone = phone_of(world, "agent")
    mission = out(world)
    if last == "Fox":  # then the mission is back since she came, and its own time is hers
        world.sign_in("mate")
    home(world, phone)
    world.now += dt.timedelta(hours=2)
    if last == "Owl":
        world.sign_in("mate")
    world.now += dt.timedelta(hours=2)
    programs = Programs(world, monkeypatch)
    found, opened = [], 0
    for who in WITHOUT_DUTY:
        browser = pages.as_(who)
        for address in addresses(world, mission):
            page = browser.get(address)
            opened += page.status_code == 200
            told = [one for one in TOKENS if one in text_of(page)]
            if who == "mate":  # it was his own mission, too; when she came is not his to know
                told = [one for one in told if one in (CAME, "10:13", SPOKE, "10:19", "22:13")]
            found += [(who, address, told)] if told else []
        for path in API:
            text = programs.of(who).get(path).content.decode()
            told = [one for one in ("10:13:", "10:19:") if one in text]
            found += [(who, path, told)] if told else []
    assert not found, found
    assert opened > 40, "pages that nobody may open prove nothing"
    assert CAME in text_of(pages.as_("head").get(f"/missions/{mission.pk}/")), "positive control"


def test_an_arrival_stands_in_no_feed_of_her_team(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Membership.objects.count() == 2, "Stranger is of her team"
    phone = phone_of(world, "agent")
    mission = out(world)
    browser, program = pages.as_("outsider"), Programs(world, monkeypatch).of("outsider")
    world.received.clear()
    before = list(said(world, mission, browser, program))
    home(world, phone)
    world.sign_in("mate")
    world.look()
    assert list(said(world, mission, browser, program)) == before
    for who in ("outsider", "buddy", "guard", "medic"):
        assert world.phone(who) == [], who
    arrivals = Entry.objects.filter(kind__in=("MISSION_SIGNED_IN", "MISSION_BACK"))
    assert arrivals.count() >= 2
    for who in ("outsider", "buddy"):
        seen = logbook.visible_entries(world.as_(who))
        assert not seen.filter(pk__in=arrivals).exists(), "so no webhook of theirs is called"


def said(
    world: World, mission: Mission, browser: Client, program: Program
) -> Iterator[tuple[str, int, str]]:
    """What a member of her team reads, page by page."""
    for address in addresses(world, mission):
        page = browser.get(address)
        yield address, page.status_code, bare(text_of(page))
    for path in API:
        yield path, 200, program.get(path).content.decode()


def test_where_they_were_fades_a_month_after(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    gpx = (
        '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><rte><name>Way</name>'
        '<rtept lat="46.51" lon="7.52"/><rtept lat="46.53" lon="7.54"/></rte></gpx>'
    )
    where = {"latitude": 46.51234, "longitude": 7.54321, "route_gpx": gpx}
    mission = world.send_out("agent", "mate", due_minutes=60, **where)
    page, pages = f"/missions/{mission.pk}/", Pages(world, monkeypatch)

    def seen(who: str) -> tuple[bool, bool, int]:
        client = pages.as_(who)
        text = text_of(client.get(page))
        return "46.5123" in text, "46.5, 7.5" in text, client.get(f"{page}route.gpx").status_code

    world.sign_in("agent", "mate", heads=2)
    for who in ("agent", "head"):
        assert seen(who) == (True, False, 200)
    world.now += dt.timedelta(days=29, hours=23)
    assert seen("head") == (True, False, 200)
    world.now += dt.timedelta(hours=2)
    for who in ("agent", "head"):
        assert seen(who) == (False, True, 404)
