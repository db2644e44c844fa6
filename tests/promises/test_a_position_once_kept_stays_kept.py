"""A seat is open to everybody only where nobody keeps who holds its position; what the organisation
has loaded into its catalogue is a position as well."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.rules import Refused
from homeby.readiness.actions.duties import positions
from homeby.readiness.queries import duty_pool, standing
from tests.promises.learning import hold, read
from tests.promises.planning_duties import ask, in_team, on, pick, planned, say
from tests.world import World


def test_when_the_last_holder_has_lapsed_the_seat_is_open_to_nobody(world: World) -> None:
    read(world)
    in_team(world, "agent", "mate")
    assert "SCOUT" in positions(), "the catalogue of the organisation"
    key = [world.people["agent"]]
    assert duty_pool.holders("SCOUT", key, at=world.now) is None
    hold(world, "mate", "SCOUT", since=30, days=1)
    world.now += dt.timedelta(days=2)
    assert standing.was_ever_held("SCOUT")
    assert not standing.holders_of("SCOUT", day=world.now.date()), "it has lapsed"
    assert duty_pool.holders("SCOUT", key, at=world.now) == frozenset()
    duty = planned(world, seats="1 x SCOUT")
    ask(world, duty, "agent")
    say(world, duty, "agent")
    with pytest.raises(Refused, match="this is not possible"):
        pick(world, duty, "agent")
    assert on(world, duty) == set()
