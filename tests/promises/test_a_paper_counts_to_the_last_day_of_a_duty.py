"""A paper is good through the end of its last day, and no further: whoever is on a duty into the
next day holds what it asks for on that day, too."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from homeby.logbook.rules import Refused
from homeby.readiness.models import Duty
from homeby.readiness.queries.duty_pool import pool_of
from tests.promises.learning import hold, read
from tests.promises.planning_duties import ask, in_team, on, pick, planned
from tests.world import ZONE, World


def at_night(world: World, *, until: dt.time, **more: Any) -> Duty:
    """A duty of this evening from 20:00 on, until a time of the next day."""
    zone = ZoneInfo(ZONE)
    day = world.now.astimezone(zone).date()
    begins = dt.datetime.combine(day, dt.time(20), tzinfo=zone)
    ends = dt.datetime.combine(day + dt.timedelta(days=1), until, tzinfo=zone)
    return planned(
        world,
        hours=(begins - world.now) / dt.timedelta(hours=1),
        lasts=(ends - begins) / dt.timedelta(hours=1),
        **more,
    )


@pytest.mark.parametrize("asked", [{"position": "AID"}, {"seats": "1 AID"}])
def test_a_paper_that_ends_today_gives_no_seat_until_tomorrow(
    world: World, asked: dict[str, str]
) -> None:
    read(world)
    in_team(world, "agent", "mate")
    hold(world, "agent", "AID", since=30, days=0)
    hold(world, "mate", "AID", since=30, days=1)
    night = at_night(world, until=dt.time(4), **asked)
    ask(world, night, "agent", "mate")
    with pytest.raises(Refused, match="this is not possible"):
        pick(world, night, "agent")
    if "position" in asked:
        fits = {one.person_id: one.fits for one in pool_of(night)}
        assert (fits[world.people["agent"]], fits[world.people["mate"]]) == (False, True)
    pick(world, night, "mate")
    assert on(world, night) == {"mate"}


def test_midnight_is_still_of_the_last_day(world: World) -> None:
    read(world)
    in_team(world, "agent")
    hold(world, "agent", "AID", since=30, days=0)
    evening = at_night(world, until=dt.time(0), seats="1 AID")
    ask(world, evening, "agent")
    pick(world, evening, "agent")
    assert on(world, evening) == {"agent"}
