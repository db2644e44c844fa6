"""The pages of chances: one's own, counted for oneself alone."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

import pytest

from homeby.people.rules import NOBODY
from homeby.readiness.models import Duty
from homeby.readiness.queries.decisions import CLOSES_AFTER
from homeby.readiness.rules.duty_planning import NotPicked
from homeby.readiness.rules.own_times import OwnTimeKind
from homeby.welfare.queries.chances import own_chances
from tests.promises.apart import keep_away
from tests.promises.planning_duties import ask, away, in_team, pick, planned, say
from tests.rooms.pages import Pages, text_of
from tests.world import World

CREW = ("agent", "mate", "outsider")


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    in_team(world, *CREW)
    return Pages(world, monkeypatch)


def chosen(world: World, *who: str, reason: NotPicked = NotPicked.SEATS_FULL) -> Duty:
    """A duty with one seat too few, of which everybody said that she can come; it has closed."""
    duty = planned(world, seats=str(len(who)))
    ask(world, duty, *CREW)
    for one in CREW:
        say(world, duty, one)
    pick(world, duty, *who, reason=reason)
    world.now = duty.ends_at + CLOSES_AFTER
    return duty


def leaves(value: Any) -> list[Any]:
    if dataclasses.is_dataclass(value):
        return [each for one in vars(value).values() for each in leaves(one)]
    if isinstance(value, tuple | list):
        return [each for one in value for each in leaves(one)]
    return [value]


def test_my_chances_are_counted_and_can_be_counted_again(world: World, pages: Pages) -> None:
    agent = pages.as_("agent")
    assert "Nothing could have gone either way yet." in text_of(agent.get("/me/chances/"))
    duties = [chosen(world, *who) for who in (("mate", "agent"), ("mate",), ("mate", "outsider"))]
    (mine,) = own_chances(world.as_("agent"), now=world.now)
    (said,) = mine.said
    assert said.numbers == (3, 1, 2) == tuple(map(int, re.findall(r"\d+", said.sentence)))
    assert said.keys == tuple(f"duty:{one.pk}" for one in duties)
    assert [(one.well, one.ref) for one in mine.chances] == [
        (is_on, f"duty:{one.pk}") for is_on, one in zip((True, False, False), duties, strict=True)
    ]
    assert not any(isinstance(one, float) for one in leaves(mine)), "no state is held, nor shown"
    page = agent.get("/me/chances/")
    assert said.sentence in text_of(page)
    assert page.content.decode().count('class="chances-not"') == 2 + 1, "and the key below it"
    assert all(f"/calendar/{one.pk}/" in page.content.decode() for one in duties)
    for other in ("Owl", "Stranger", "Head"):
        assert other not in text_of(page), "nobody else is on it"


def test_only_her_own_are_hers_to_read(world: World, pages: Pages) -> None:
    chosen(world, "mate")
    assert own_chances(NOBODY, now=world.now) == []
    assert own_chances(world.as_("head"), now=world.now) == [], "who decides is in no lottery"
    assert "/log-in/" in pages.nobody().get("/me/chances/").url
    agent, mate = (own_chances(world.as_(who), now=world.now)[0] for who in ("agent", "mate"))
    assert [one.well for one in agent.chances] == [False]
    assert [one.well for one in mate.chances] == [True]


def test_what_she_is_kept_away_from_is_neither_counted_nor_listed(
    world: World, pages: Pages
) -> None:
    chosen(world, "outsider")
    shown = chosen(world, "mate")
    keep_away(world, "agent", "outsider")
    (mine,) = own_chances(world.as_("agent"), now=world.now)
    assert [one.key for one in mine.chances] == [f"duty:{shown.pk}"]
    assert [one.numbers[0] for one in mine.said] == [1]


def test_a_year_is_what_is_looked_back(world: World, pages: Pages) -> None:
    chosen(world, "mate")
    away(world, "agent", hours=1, lasts=2, kind=OwnTimeKind.AVAILABLE)
    world.now += dt.timedelta(days=366)
    (mine,) = own_chances(world.as_("agent"), now=world.now)
    assert mine.said == mine.chances == ()
