"""What is new on the board reaches a screen row by row, or else the whole board does."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from homeby.web.board import kept
from homeby.web.board.dressed import Looking
from tests.rooms.boards import ask
from tests.rooms.pages import Pages, text_of
from tests.world import ZONE, World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def test_news_are_rows(pages: Pages, world: World) -> None:
    fox = world.send_out("agent", due_minutes=90)
    world.send_out("outsider", due_minutes=120)
    world.send_out("mate", due_minutes=150)
    head = pages.as_("head")
    version = ask(head).headers["X-Homeby-Version"]
    assert f'data-live-rows="{version}"' in head.get("/board/").content.decode()
    unchanged = json.loads(ask(head, since=version).content)
    assert (unchanged["rows"], unchanged["gone"], unchanged["top"]) == ([], [], None)
    world.now += dt.timedelta(minutes=1)
    world.sign_in("outsider")
    world.check_in(fox)
    news = ask(head, since=version)
    assert news.headers["Content-Type"] == "application/json"
    told = json.loads(news.content)
    assert len(told["gone"]) == 1
    assert len(told["rows"]) == 1
    assert "out 2" in re.sub(r"<[^>]*>", " ", told["top"]).replace("\n", " ").replace("  ", " ")
    assert told["version"] != version
    other = world.send_out("outsider", due_minutes=100)
    told = json.loads(ask(head, since=told["version"]).content)
    assert [row["key"] for row in told["rows"]] == [str(other.pk)]
    order = re.findall(r'data-key="([^"]+)"', ask(head).content.decode())
    assert told["rows"][0]["after"] == order[order.index(str(other.pk)) - 1]


@pytest.mark.parametrize("since", ["", "x", "0-0", "abc-1", "-", "-1", "ยน-9999999999999999999"])
def test_a_version_of_another_board_gets_the_whole(pages: Pages, world: World, since: str) -> None:
    world.send_out("agent", due_minutes=90)
    answer = ask(pages.as_("head"), since=since)
    assert answer.status_code == 200
    assert "Fox" in text_of(answer)
    assert answer.headers["Content-Type"].startswith("text/html")


def test_who_has_left_is_remembered_for_a_while(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "GONE_MOST", 1)
    for who in ("agent", "outsider", "mate"):
        world.send_out(who, due_minutes=90)
    with Looking(world.as_("head"), zone=ZONE, now=world.now) as looking:
        before = looking.picture().version
    for who in ("agent", "outsider"):
        world.sign_in(who)
        with Looking(world.as_("head"), zone=ZONE, now=world.now) as looking:
            told = looking.changes(before)
    assert told is None
