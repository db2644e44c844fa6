"""Promise 7 for kin: their page claims no watch that is not kept. While no watchkeeper looks, the
watch is paused, or the station is a restored copy, it says so in calm words, names no hour that
nothing keeps, and says whom to call."""

from __future__ import annotations

import pytest
from django.test import Client

from homeby.logbook import queries as logbook
from homeby.logbook.rules import new_tap
from homeby.missions.actions import gate
from homeby.missions.models import Mission
from homeby.people.rules import MayKnow
from homeby.watch.rules.kin import SearchStep
from tests.promises.acts import pass_time, stand_down
from tests.promises.kin_pages import link_of, named_hour, say_step, told, wait_at_home, watch_looks
from tests.promises.pauses import end, pause
from tests.rooms.pages import Pages, entries, sent, text_of
from tests.world import World

WATCHED = "We keep the watch, and we notice when that hour passes."
SILENT = "The watch does not answer this page just now"
PAUSED = "The watch is paused until 10:30: before that it does not notice by itself"
COPY = "This page cannot tell you how it stands now."
#: What would be a claim about somebody who looks.
CLAIMS = (
    WATCHED,
    "looking into it",
    "and we go on",
    "You hear from us again",
    "as it was planned",
)
CALL = "Do not wait for a message. If you expected to hear something, or are worried, call the"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    watch_looks()
    return Pages(world, monkeypatch)


def read(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return text_of(response)


def test_while_no_watchkeeper_looks_the_page_says_so_and_whom_to_call(
    world: World, pages: Pages
) -> None:
    address = link_of(wait_at_home(world))
    assert "stands here and you get a message" in read(address)
    world.send_out("agent", "mate", due_minutes=60)
    assert WATCHED in read(address)
    pass_time(world, minutes=131)
    assert "help is called has passed, and we go on." in read(address)
    assert "You hear from us again by" in read(address)
    say_step(world, Mission.objects.get(), SearchStep.GOING)
    watch_looks(seconds_ago=61)
    late = read(address)
    for sentence in ("Later than expected. Expected back: 10:00.", SILENT, CALL):
        assert sentence in late
    assert "We have not heard yet that they are back." in late
    assert "Since 11:11: People of ours are on their way" in late, "a person said so"
    assert not [claim for claim in CLAIMS if claim in late]
    page = text_of(Client().post(address, sent(worried="on"), follow=True))
    assert "You wrote here at" in page
    assert "may reach the watch late" in page
    world.sign_in("agent", "mate", heads=2)
    assert "Back. Since" in read(address), "that a person has said"
    pass_time(world, minutes=720)
    assert COPY in read(address)
    assert "nothing to tell" not in read(address)


def test_before_the_hour_too_no_dead_watch_notices(world: World, pages: Pages) -> None:
    address = link_of(wait_at_home(world))
    world.send_out("agent", "mate", due_minutes=60)
    watch_looks(seconds_ago=3600)
    out = read(address)
    assert "Out, expected back 10:00." in out
    assert SILENT in out
    assert CALL in out
    assert not [claim for claim in CLAIMS if claim in out]


@pytest.mark.parametrize("may_know", [MayKnow.BACK_OR_LATE, MayKnow.OUT_AND_DUE])
def test_whoever_was_told_of_a_worry_before_the_hour_is_not_calmed_by_the_page(
    world: World, pages: Pages, may_know: MayKnow
) -> None:
    """As for HELP: the page says what the message said, and the hour that it named."""
    address = link_of(wait_at_home(world, may_know))
    mission = world.send_out("agent", "mate", due_minutes=600)
    said = read(address)
    assert "looking into something" not in said
    gate.ask_for_help(
        mission_id=mission.pk, why="leg", by=world.as_("agent"), now=world.now, tap=new_tap()
    )
    pass_time(world, minutes=60)
    hour = named_hour(told(world)[-1])
    page = read(address)
    for sentence in (
        "We are looking into something.",
        "it is not yet the hour at which they are expected back.",
        f"You hear from us again by {hour}, even if",
        f"If you have heard nothing by {hour}, call the",
    ):
        assert sentence in page
    assert "nothing to tell" not in page
    assert ("Expected back: 19:00." in page) is (may_know is MayKnow.OUT_AND_DUE)
    assert ("19:00" in page) is (may_know is MayKnow.OUT_AND_DUE)
    watch_looks(seconds_ago=61)
    assert "looking into" not in read(address), "nobody may be looking just now"
    assert CALL in read(address)


def test_while_the_watch_is_paused_the_page_says_until_when(world: World, pages: Pages) -> None:
    address = link_of(wait_at_home(world))
    world.send_out("agent", "mate", due_minutes=60)
    asked = pause(world, "head", "deputy", minutes=90)
    out = read(address)
    assert PAUSED in out
    assert WATCHED not in out
    assert "If you have heard nothing by 11:00, call" in out
    assert "Head" not in out
    pass_time(world, minutes=61)
    late = read(address)
    assert PAUSED in late
    assert CALL in late
    assert "We have not heard yet that they are back." in late
    assert not [claim for claim in CLAIMS if claim in late]
    end(world, "deputy", asked)
    pass_time(world, minutes=1)
    assert "We are looking into it, and try to reach them." in read(address)


def test_a_restored_copy_says_nothing_of_anybody_and_takes_no_word(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = link_of(wait_at_home(world))
    world.send_out("agent", "mate", due_minutes=60)
    monkeypatch.setattr(logbook, "is_quarantined", lambda: True)
    before = entries()
    hurt = address.rstrip("/") + "/hurt/"
    answers = [
        Client().post(address, sent(worried="on")),
        Client().get(hurt, follow=True),
        Client().post(hurt, sent(part="ARM"), follow=True),
    ]
    for page in (read(address), *map(text_of, answers)):
        for sentence in (COPY, "It is cut off from the watch.", CALL):
            assert sentence in page
        assert "expected back" not in page
        assert "Tell the watch" not in page, "it would reach nobody"
        assert not [claim for claim in CLAIMS if claim in page]
    assert entries() == before


def test_where_the_watch_looks_into_nothing_the_page_does_not_say_so(
    world: World, pages: Pages
) -> None:
    address = link_of(wait_at_home(world, MayKnow.UNIT))
    world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=131)
    stand_down(world)
    late = read(address)
    assert "We have not heard yet that they are back." in late
    assert "looking into it" not in late
    assert told(world)
