"""A name is whole in any script, and none turns the hour beside it around: wherever it stands in a
line with others it is set apart (`bdi`), so that its direction is its own. One of 5,000 characters
gets a sentence beside its field, and what was typed stays."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission
from homeby.people.models import Kin, Person, Team
from homeby.people.rules import STATION, MayKnow
from homeby.watch import queries as watch
from homeby.watch.actions.alarms import acknowledge
from homeby.watch.queries.kin import Watched
from homeby.watch.rules.kin import Facts
from homeby.web.kin.facts import Scene, page_of
from tests.promises.acts import pass_time
from tests.promises.kin_pages import link_of, wait_at_home, watch_looks
from tests.rooms.devices import phone_of
from tests.rooms.pages import Pages, sent
from tests.world import World

NAMES = {"arabic": "ليلى 7", "hebrew": "שועל", "japanese": "狐火", "greek": "Ωρίων"}
TITLES = re.compile(r"<(title|option|script)\b.*?</\1>", re.S)
LONG = "فهد" + "N" * 5000


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    watch_looks()
    return Pages(world, monkeypatch)


def loose(page: str, *which: str) -> list[str]:
    """The lines of a page that say one of these names without setting it apart."""
    bare = re.sub(r"<bdi>.*?</bdi>|\u2068.*?\u2069", "", page, flags=re.S)
    bare = re.sub(r"<[^>]*>", "", TITLES.sub("", bare))
    lines = (line.strip() for line in bare.splitlines())
    return [line for line in lines if any(NAMES[one] in line for one in which or NAMES)]


def test_names_of_four_scripts_stand_whole_and_apart_from_the_hours(
    world: World, pages: Pages
) -> None:
    for who, callsign in NAMES.items():
        world.add(who, callsign=callsign)
        world.send_out(who, due_minutes=60)
    pass_time(world, minutes=131)
    for alarm in watch.open_alarms(STATION):
        acknowledge(alarm_id=alarm.pk, by=world.as_("head"), now=world.now, tap=new_tap())
    mission = Mission.objects.filter(party__person_id=world.people["arabic"]).get()
    head = pages.as_("head")
    gate = f"/gate/{world.gate_id}"
    where = ("/board/", "/board/cards/", "/siren/", "/alarms/", "/missions/", f"{gate}/in/")
    own = (f"/missions/{mission.pk}/", f"/missions/{mission.pk}/kin/")
    for path in (*where, *own):
        page = head.get(path).content.decode()
        for name in NAMES.values() if path in where else [NAMES["arabic"]]:
            assert f"<bdi>{name}</bdi>" in page, path
        assert not loose(page), path
    mine = pages.as_("arabic").get("/my/").content.decode()
    assert f"<bdi>{NAMES['arabic']}</bdi>" in mine
    assert not loose(mine)


def test_the_office_sets_every_name_apart(world: World, pages: Pages) -> None:
    """By a sign where no tag may stand, as in a cell of a table; what runs from left to right
    already turns nothing around."""
    for who, callsign in NAMES.items():
        world.add(who, callsign=callsign)
        phone_of(world, who)
        world.send_out(who, due_minutes=60)
    pass_time(world, minutes=131)
    arabic, mission = world.people["arabic"], Mission.objects.first()
    assert mission is not None
    person = f"/office/people/{arabic}/"
    admin, head = pages.as_("admin"), pages.as_("head")
    for client, path in (
        *((admin, path) for path in ("/office/people/", person, f"{person}badges/")),
        *(
            (admin, path)
            for path in ("/office/devices/", "/office/list/teams/", f"{person}contacts/")
        ),
        *((head, path) for path in ("/office/logbook/", "/office/watch/")),
        (head, f"/missions/{mission.pk}/"),
    ):
        page = client.get(path)
        assert page.status_code == 200, path
        assert not loose(page.content.decode(), "arabic", "hebrew"), path


def test_a_speaker_from_right_to_left_turns_no_number_on_the_page_of_kin(
    world: World, pages: Pages
) -> None:

    facts = Facts(is_out=True, in_persons_hands=True)
    scene = Scene(facts=facts, watched=Watched(speaker="ليلى"), zone="UTC", now=world.now)
    found = page_of(scene, MayKnow.UNIT, whom="مكتب", phone="+41 79 000")
    assert found.head == "\u2068ليلى\u2069 will call you."
    assert found.call.endswith("call \u2068مكتب\u2069 at any hour: +41 79 000.")
    assert Client().get(link_of(wait_at_home(world))).status_code == 200


def test_a_name_of_five_thousand_characters_gets_a_sentence_and_stays(
    world: World, pages: Pages
) -> None:
    admin, agent = pages.as_("admin"), pages.as_("agent")
    before = (Person.objects.count(), Team.objects.count(), Kin.objects.count())
    fox = world.people["agent"]
    for client, address, fields in (
        (admin, "/office/form/people/new/", {"name": LONG, "callsign": "Robin"}),
        (admin, "/office/form/people/new/", {"name": "Robin", "callsign": LONG}),
        (admin, "/office/form/teams/new/", {"name": LONG}),
        (admin, "/office/form/gates/new/", {"name": LONG}),
        (agent, f"/office/form/kin/new/?person={fox}", {"name": LONG}),
    ):
        page = client.post(address, sent(**fields))
        assert page.status_code in (200, 422), address
        said = page.content.decode()
        assert LONG in said, f"{address}: what was typed stays"
        assert "5003" in said, f"{address}: a sentence says how long it is"
    assert before == (Person.objects.count(), Team.objects.count(), Kin.objects.count())
