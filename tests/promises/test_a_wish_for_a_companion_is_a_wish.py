"""Whoever picks a crew reads who went with whom, who likes to, and whose turn it is; in sentences
and of what she may see. Those who are named by a wish never read it (`STORY.md` 80, 81)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people.actions.teams import Term, give_role
from homeby.people.rules import STATION, Role
from homeby.readiness.actions import pair_wishes
from homeby.readiness.actions.forgetting import GONE
from homeby.readiness.models import PairWish
from homeby.readiness.queries import pairing
from tests.promises.apart import keep_away
from tests.promises.planning_duties import ask, in_team, planned, say
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World

DAY = dt.timedelta(days=1)


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def wish(world: World, who: str, other: str) -> uuid.UUID:
    tap = new_tap()
    pair_wishes.wish(other_id=world.people[other], by=world.as_(who), now=world.now, tap=tap)
    return tap.entry_id


def went(world: World, *who: str) -> None:
    duty = planned(world, hours=2, lasts=3)
    ask(world, duty, *who)
    for one in who:
        say(world, duty, one)
    world.now = duty.ends_at + DAY


def test_whoever_picks_reads_times_wishes_and_turns(world: World, pages: Pages) -> None:
    in_team(world, "agent", "mate", "outsider")
    went(world, "outsider")
    for _time in range(3):
        went(world, "agent", "mate")
    agent = pages.as_("agent")
    asks = sent(act="wish", other=world.people["mate"])
    assert "Kept as a wish" in followed(agent, agent.post("/me/duties/", asks))
    duty = planned(world, seats="2")
    ask(world, duty, "agent", "mate", "outsider")
    at, head = f"/calendar/{duty.pk}/", pages.as_("head")
    page = head.get(at)
    read = text_of(page)
    assert "Fox likes to go with Owl." in read
    assert "went together 3 times in half a year" in read
    assert "let others have a turn" in read
    choices = [label for _key, label in page.context["forms"]["pick"].fields["people"].choices]
    assert [one.split(":")[0] for one in choices] == ["Stranger", "Fox", "Owl"], (
        "who waited longest"
    )
    assert "last out" in choices[0]
    for who in ("mate", "outsider", "agent"):
        seen = text_of(pages.as_(who).get(at))
        assert "likes to go with" not in seen
        assert "went together" not in seen
    assert "likes to go" not in text_of(pages.as_("mate").get("/me/duties/"))
    assert verify().difference is None


def test_the_one_who_is_named_does_not_read_it_even_where_she_plans(world: World) -> None:
    in_team(world, "agent", "head")
    wish(world, "agent", "head")
    assert not pairing.visible_wishes(world.as_("head")).exists()
    assert pairing.visible_wishes(world.as_("deputy")).count() == 1
    world.add("chief")
    give_role(person_id=world.people["chief"], role=Role.LEADER, term=Term(team_id=world.team_id),
              by=STATION, now=world.now, tap=new_tap())  # fmt: skip
    assert pairing.visible_wishes(world.as_("chief")).count() == 1, "she leads that team"
    for who in ("mate", "admin", "guard"):
        assert not pairing.visible_wishes(world.as_(who)).exists()


def test_a_pair_that_is_kept_apart_is_no_pair_any_more(world: World) -> None:
    in_team(world, "agent", "mate")
    wish(world, "agent", "mate")
    keep_away(world, "agent", "mate")
    keys = [world.people["agent"], world.people["mate"]]
    assert not pairing.together(world.as_("head"), keys, now=world.now).wishes
    assert not pairing.own_wishes(world.as_("agent"))
    with pytest.raises(Refused):
        wish(world, "mate", "agent")


def test_she_alone_takes_it_back_and_nothing_is_left_when_she_is_erased(world: World) -> None:
    in_team(world, "agent", "mate")
    key = wish(world, "agent", "mate")
    with pytest.raises(Refused, match="no such wish"):
        pair_wishes.take_back(wish_id=key, by=world.as_("mate"), now=world.now, tap=new_tap())
    with pytest.raises(Refused, match="Choose from the list"):
        wish(world, "agent", "agent")
    assert PairWish in GONE
    pair_wishes.take_back(wish_id=key, by=world.as_("agent"), now=world.now, tap=new_tap())
    assert not PairWish.objects.exists()
