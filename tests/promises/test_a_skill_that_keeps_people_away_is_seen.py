"""Whoever disposes of people or cares for them reads for each skill how often it is asked for and
what it keeps them from (`STORY.md` 84), of fewer than five people the welfare officer alone;
whoever went out lately is not the first whose turn it is."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.rules import new_tap
from homeby.people.rules import Role
from homeby.readiness.actions import duty_crew
from homeby.readiness.models import Duty, DutySeat
from homeby.readiness.queries.asked_for import asked_for
from homeby.readiness.queries.duty_pool import last_asked
from homeby.readiness.rules.duty_planning import DutyType, StoodDown
from tests.promises.apart import keep_away
from tests.promises.learning import CATALOGUE, hold, read
from tests.promises.planning_duties import ask, in_team, pick, planned, say
from tests.rooms.pages import Pages, text_of
from tests.world import World


def shifts(world: World) -> None:
    """The mate is the one medic of two shifts, and both have a training at the same time; `carer`
    is a welfare officer."""
    world.add("carer", Role.WELFARE_OFFICER)
    read(world, CATALOGUE.replace("SCOUT", "MEDR"))
    hold(world, "mate", "MEDR")
    in_team(world, "agent", "mate")
    for hours in (24, 72):
        shift = planned(world, hours=hours, seats="1 MEDR")
        ask(world, shift, "mate")
        say(world, shift, "mate")
        pick(world, shift, "mate")
        world.now += dt.timedelta(minutes=1)
        planned(world, hours=hours, kind=DutyType.TRAINING, what="Ropes")


def test_what_a_skill_keeps_its_holders_from_stands_beside_how_often_it_is_asked_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shifts(world)
    (one,) = asked_for(world.as_("carer"), now=world.now)
    assert (one.name, one.holders, one.times, one.people) == ("Scout", 1, 2, 1)
    assert one.kept_from == {"TRAINING": 2}
    pages = Pages(world, monkeypatch)
    few = text_of(pages.as_("head").get("/skill-matrix/asked-for/"))
    assert "Scout 1 fewer than five people: not shown" in few
    assert "training" not in few
    page = text_of(pages.as_("carer").get("/skill-matrix/asked-for/"))
    assert "Scout 1 2 1 training 2" in page
    assert "Owl" not in page, "counts of a skill, and of nobody"
    for who in ("agent", "guard", "admin"):
        assert pages.as_(who).get("/skill-matrix/asked-for/").status_code == 404, who


def test_every_need_of_a_seat_and_of_a_duty_is_counted(world: World) -> None:
    shifts(world)
    DutySeat.objects.filter(position="MEDR").update(position="", also=["MEDR"])
    assert [one.times for one in asked_for(world.as_("carer"), now=world.now)] == [2]
    DutySeat.objects.update(also=[])
    Duty.objects.filter(kind=DutyType.SHIFT).update(also=["MEDR"])
    assert [one.times for one in asked_for(world.as_("carer"), now=world.now)] == [2]


def test_whoever_stands_down_or_is_kept_away_is_not_counted(world: World) -> None:
    shifts(world)
    duty = planned(world, hours=120, seats="1 MEDR")
    ask(world, duty, "mate")
    say(world, duty, "mate")
    pick(world, duty, "mate")
    duty_crew.stand_down(
        duty_id=duty.pk, person_id=world.people["mate"], why=StoodDown.OWN_WISH,
        by=world.as_("head"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    assert [one.times for one in asked_for(world.as_("carer"), now=world.now)] == [2]
    keep_away(world, "mate", "carer")
    assert asked_for(world.as_("carer"), now=world.now) == []


def test_a_mission_counts_for_whose_turn_it_is(world: World) -> None:
    keys = [world.people["agent"], world.people["mate"]]
    assert last_asked(keys) == {}
    duty = planned(world, team_id=None)
    ask(world, duty, "agent", "mate")
    asked_at = world.now
    world.now += dt.timedelta(minutes=5)
    world.send_out("agent")
    assert last_asked(keys) == {keys[0]: world.now, keys[1]: asked_at}
