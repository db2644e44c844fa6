"""The office's page of partner stations, the line on "Is the watch awake?", and the commands."""

from __future__ import annotations

import re

import pytest

from homeby.people.rules import STATION
from homeby.station import partner as command
from homeby.watch import queries as watch
from homeby.watch.actions.partners import marks
from homeby.watch.models import Alarm, Partner
from homeby.watch.queries.partners import sheets
from tests.promises.partnered import answering
from tests.promises.test_a_partner_may_lie import Liar
from tests.rooms.pages import Pages, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def test_a_partnership_from_the_first_code_to_its_end(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = pages.as_("admin")
    with answering(world, monkeypatch) as server:
        liar = Liar(world, server)
        assert "There is none." in text_of(admin.get("/office/partners/"))
        shown = text_of(admin.post("/office/partners/invite/"))
        (code,) = re.findall(r"HOMEBY1-[\w-]+", shown)
        assert liar.request(code)[0] == 200
        assert liar.say() == "heard"
        world.now = world.now.replace(minute=world.now.minute + 4)
        page = text_of(admin.get("/office/partners/"))
        assert "Liar" in page
        assert "4 min ago" in page
        assert "None of its duty officers has an address" in page
        assert "Liar" in text_of(admin.get("/office/watch/"))
        world.fast_forward(minutes=4)
        assert "It is silent" in text_of(admin.get("/office/partners/"))
        alarm = Alarm.objects.get(subject__ref__startswith="partner:")
        told = text_of(admin.get(f"/alarms/{alarm.pk}/"))
        assert "Partner station Liar was last heard at" in told
        assert "Expected back" not in told
        board = text_of(pages.as_("head").get("/board/"))
        assert "An alarm is open about another station: Partner station Liar." in board
        assert "Liar" in text_of(admin.get("/alarms/"))
        assert "Partner station Liar" in text_of(admin.get("/office/plans/"))
        (one,) = sheets(STATION)
        end = f"/office/partners/{one.id}/end/"
        assert admin.post(end, {"reason": ""}).status_code == 422
        assert "is over" in text_of(admin.post(end, {"reason": "moved away"}, follow=True))
        assert "moved away" in text_of(admin.get("/office/partners/"))
    assert Partner.objects.get().ended_at is not None


def test_only_an_administrator_pairs_and_a_wrong_code_gets_a_sentence(
    world: World, pages: Pages
) -> None:
    assert pages.as_("agent").get("/office/partners/").status_code == 404
    head = pages.as_("head")
    assert "Take a code" not in text_of(head.get("/office/partners/"))
    assert head.post("/office/partners/invite/").status_code == 404
    answer = pages.as_("admin").post("/office/partners/", {"code": "HOMEBY1-nothing"})
    assert answer.status_code == 422
    assert "This is no pairing code of Homeby" in text_of(answer)


def test_the_commands_say_what_is_known(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    with answering(world, monkeypatch) as server:
        assert command.show(say=said.append) == 0
        assert command.invite(say=said.append) == 0
        liar = Liar(world, server)
        assert liar.request(said[-1].split()[0])[0] == 200
        liar.say()
        assert command.show(say=said.append) == 0
        assert "last heard" in "\n".join(said)
        liar.world.fast_forward(minutes=1)
        liar.say(is_awake=False)
        assert command.show(say=said.append) == 1
        assert command.end(name="Nobody", reason="a reason", say=said.append) == 1
        assert command.end(name="Liar", reason="a reason", say=said.append) == 0
        assert command.accept(code="x", say=said.append) == 1


def test_after_an_outage_silence_counts_from_the_start(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(world, monkeypatch) as server:
        liar = Liar(world, server)
        liar.pair()
        liar.say()
        world.now = world.now.replace(hour=world.now.hour + 3)  # nobody looked, and nobody heard
        marks.listen_anew(now=world.now)
        world.fast_forward(minutes=4)
        assert liar.alarm() is None
        world.fast_forward(minutes=2)
        assert liar.alarm() is not None


def test_a_start_gives_the_watch_a_minute_to_look_before_a_partner_hears_that_it_sleeps() -> None:
    start = command.Start()
    assert not start.is_over(seconds=100, is_awake=False)
    assert start.is_over(seconds=102, is_awake=True), "it has looked: nothing waits"
    assert not start.is_over(seconds=159, is_awake=False)
    assert start.is_over(seconds=161, is_awake=False), "it sleeps, and that is said"
    assert start.is_over(seconds=200, is_awake=False)
    assert not start.is_over(seconds=9000, is_awake=False), "the machine itself has slept"


def test_a_partner_station_is_nobody_who_is_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(world, monkeypatch) as server:
        Liar(world, server).pair()
    assert watch.status_figures(STATION)["deadlines_open"] == 0
    assert watch.next_due_at(STATION) is None
