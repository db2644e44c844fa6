"""The board: who is out, most urgent first; for whoever keeps watch and nobody else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission
from homeby.missions.rules import MissionState
from homeby.watch.actions import alarms
from tests.rooms.pages import Pages, entries, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def test_the_first_page_leads_each_to_their_place(pages: Pages) -> None:
    assert pages.as_("head").get("/").headers["Location"] == "/board/"
    assert pages.as_("guard").get("/").headers["Location"] == "/board/"
    assert pages.as_("agent").get("/").headers["Location"] == "/missions/"
    assert pages.nobody().get("/").headers["Location"] == "/log-in/?next=/"


@pytest.mark.parametrize("address", ["/board/", "/board/rows/"])
def test_the_board_is_not_there_for_members_and_strangers(pages: Pages, address: str) -> None:
    assert pages.as_("agent").get(address).status_code == 404
    assert pages.nobody().get(address).status_code == 302
    assert pages.as_("guard").get(address).status_code == 200


def test_nobody_is_out(pages: Pages) -> None:
    assert "Everybody is home." in text_of(pages.as_("guard").get("/board/"))


def test_the_board_counts_people_and_shows_the_most_urgent_first(
    pages: Pages, world: World
) -> None:
    world.send_out("mate", "outsider", due_minutes=100, what="Trail marking")
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=95)  # Fox is past the call-out time, the others due in 5 min
    page = text_of(pages.as_("head").get("/board/"))
    assert "out 3" in page
    assert "due within 1 h 2" in page
    assert "overdue 1" in page
    assert "alarm not taken 1" in page
    assert page.index("Fox") < page.index("Owl, Stranger")
    assert "Alert" in page
    assert "nobody yet" in page
    assert "Patrol, North woods" in page
    assert "Trail marking, North woods · 2 people" in page


def test_the_board_says_who_has_an_alarm_and_that_they_were_heard(
    pages: Pages, world: World
) -> None:
    mission = world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=40)
    alarms.acknowledge(
        alarm_id=world.alarm().pk, by=world.as_("head"), now=world.now, tap=new_tap()
    )
    world.check_in(mission)
    page = text_of(pages.as_("guard").get("/board/rows/"))
    assert "alarms not taken 0" in page
    assert "Head" in page
    assert "Heard" in page


def test_what_fits_nothing_is_said_on_the_board(pages: Pages, world: World) -> None:
    world.sign_in("outsider")
    page = pages.as_("guard").get("/board/")
    assert "1 entry fits nothing" in text_of(page)
    assert "/office/list/unmatched/" in page.content.decode()


def test_looking_at_the_board_changes_nothing(pages: Pages, world: World) -> None:
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=40)
    before = entries()
    for address in ("/board/", "/board/?wall=1", "/board/rows/"):
        assert pages.as_("head").get(address).status_code == 200
    assert entries() == before


def test_the_board_asks_as_many_queries_for_one_mission_as_for_many(
    pages: Pages, world: World
) -> None:
    client = pages.as_("head")
    world.send_out("agent", due_minutes=30)
    client.get("/board/rows/")
    world.fast_forward(minutes=31)
    with CaptureQueriesContext(connection) as one:
        client.get("/board/rows/")
    for number in range(6):
        world.add(f"walker {number}")
        world.send_out(f"walker {number}", due_minutes=5)
    world.fast_forward(minutes=10)
    with CaptureQueriesContext(connection) as many:
        client.get("/board/rows/")
    assert len(many) <= len(one) + 2  # people and parties were added too, whatever their number


def test_nobody_is_called_home_while_an_imported_mission_is_open(
    pages: Pages, world: World
) -> None:
    world.plan("agent")
    Mission.objects.update(state=MissionState.UNCONFIRMED)
    page = text_of(pages.as_("head").get("/board/"))
    assert "1 imported mission is still open" in page
    assert "Everybody is home" not in page


def test_one_alarm_is_spoken_of_as_one(pages: Pages, world: World) -> None:
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=31)
    page = text_of(pages.as_("head").get("/board/"))
    assert "1 overdue, 1 alarm that nobody has taken." in page
    assert "alarm not taken 1" in page


def test_the_number_of_alarms_beside_the_place_is_live(pages: Pages, world: World) -> None:
    head = pages.as_("head")
    page = head.get("/missions/").content.decode()
    assert 'data-live-src="/places/?at=/missions/"' in page
    assert 'class="count"' not in page
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=31)
    part = head.get("/places/?at=/missions/").content.decode()
    assert '<span class="count">1</span>' in part
    assert 'href="/missions/" aria-current="page"' in part
    member = text_of(pages.as_("outsider").get("/places/?at=/missions/"))
    assert member == "My mission Missions Plan"
    assert pages.nobody().get("/places/").status_code == 302
