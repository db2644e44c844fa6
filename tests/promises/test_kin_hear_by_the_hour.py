"""Kin who were told that somebody is late hear again by the hour that every message names, even if
nothing is new; it is a row, judged by the watch. Back ends it."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from homeby.logbook.verification import verify
from homeby.people.rules import MayKnow
from tests.promises.acts import pass_time
from tests.world import ZONE, World

AGAIN = re.compile(r"You hear from us again by (?:tomorrow )?(\d\d:\d\d), even if there is nothing")


@pytest.fixture
def flatmate(world: World) -> World:
    """Somebody waits at home for Fox, and may know when she is expected."""
    world.give_kin("agent", "flatmate", MayKnow.OUT_AND_DUE)
    return world


def told(world: World, who: str = "flatmate") -> list[str]:
    """What was written to somebody's phone."""
    return [one.outgoing.text for one in world.phone(who)]


def named_hour(text: str) -> str:
    """The hour of the next word that a message names."""
    found = AGAIN.search(text)
    assert found is not None, text
    return found.group(1)


def local(at: dt.datetime) -> str:
    """The local time of an instant, in the zone of the missions of the village."""
    import zoneinfo

    return f"{at.astimezone(zoneinfo.ZoneInfo(ZONE)):%H:%M}"


def test_a_word_comes_by_every_hour_that_was_named_though_nothing_is_new(flatmate: World) -> None:
    world = flatmate
    world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=131)
    assert len(told(world)) == 1
    for _ in range(5):
        hour, before = named_hour(told(world)[-1]), len(told(world))
        pass_time(world, minutes=185)
        later = list(world.phone("flatmate"))[before:]
        assert later, f"no word by {hour}"
        assert local(later[0].at) <= hour or hour < "03:10", "it is there before the hour is over"
        assert "still not back" in later[0].outgoing.text
    assert verify().difference is None
