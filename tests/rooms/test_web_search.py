"""Where the search for who is left out is switched on, and one's own choice about it."""

from __future__ import annotations

import pytest

from homeby.logbook.rules import new_tap
from homeby.people.actions.teams import give_role
from homeby.people.rules import STATION, Role
from homeby.welfare.queries.switch import not_about_me, search
from homeby.welfare.rules.switch import Unasked
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World

PAGE, MINE = "/office/left-behind/", "/me/unasked/"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def test_an_administrator_switches_it_on_and_off(world: World, pages: Pages) -> None:
    browser = pages.as_("admin")
    first = text_of(browser.get(PAGE))
    assert "It is off" in first
    assert "34" in first, "missed in a row at one in three and one in a hundred"
    refused = browser.post(PAGE, sent(one_in_years="100"))
    assert "Nobody is a welfare officer yet" in text_of(refused)
    assert browser.post(PAGE, sent(one_in_years="7")).status_code == 422
    give_role(person_id=world.people["mate"], role=Role.WELFARE_OFFICER, by=STATION,
              now=world.now, tap=new_tap())  # fmt: skip
    assert "It is on" in text_of(browser.post(PAGE, sent(one_in_years="500"), follow=True))
    assert search(world.as_("agent")).one_in_years == 500
    assert "It is off" in text_of(browser.post(PAGE, sent(act="off"), follow=True))
    for who in ("head", "mate", "agent"):
        assert pages.as_(who).get(PAGE).status_code == 404


def test_everybody_chooses_for_herself(world: World, pages: Pages) -> None:
    browser = pages.as_("agent")
    assert "does not look here" in text_of(browser.get(MINE))
    others = {"contact": "on", "withdrawn": "on", "overused": "on"}
    browser.post(MINE, sent(**others))
    assert not_about_me(world.as_("agent")) == {Unasked.SIGNAL}
    browser.post(MINE, sent(signal="on", **others))
    assert not_about_me(world.as_("agent")) == frozenset()
