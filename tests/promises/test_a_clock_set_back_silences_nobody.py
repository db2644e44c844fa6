"""Promises 1 and 3: one look with a clock that was ahead writes instants that lie ahead. When the
clock is right again, nobody waits for them."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.verification import verify
from homeby.watch.actions.tick import tick
from tests.promises.acts import pass_time, recorded, take, times_told
from tests.world import World

AHEAD = [dt.timedelta(minutes=10), dt.timedelta(hours=2), dt.timedelta(days=1)]
TEXTS = ["ten minutes", "two hours", "a day"]


def one_look_ahead(world: World, by: dt.timedelta) -> None:
    """Everything due is done by a clock that is ahead, and then the clock is right again."""
    world.now += by
    world.look()
    world.now -= by
    world.received.clear()


@pytest.mark.parametrize("by", AHEAD, ids=TEXTS)
def test_the_last_step_goes_on_repeating(world: World, by: dt.timedelta) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=60 + 60 + 21)
    one_look_ahead(world, by)
    began = world.minutes(world.now)
    world.fast_forward(minutes=65)
    assert times_told(world, "head")[0] <= began + 25
    assert verify().difference is None


@pytest.mark.parametrize("by", AHEAD, ids=TEXTS)
def test_an_acknowledgement_lapses_all_the_same(world: World, by: dt.timedelta) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=125)
    world.now += by
    world.look()
    take(world, "head")
    world.now -= by
    world.received.clear()
    world.fast_forward(minutes=130)  # 120 min is the longest acknowledgement there is
    assert times_told(world, "head")


@pytest.mark.parametrize("by", AHEAD, ids=TEXTS)
def test_a_lapse_goes_on_above_all_the_same(world: World, by: dt.timedelta) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=121)
    take(world, "head")
    world.now += dt.timedelta(minutes=19)
    one_look_ahead(world, by)
    world.fast_forward(minutes=30)
    assert times_told(world, "deputy") or times_told(world, "head")


def test_what_was_heard_holds_no_longer_than_it_may(world: World) -> None:
    mission = world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=125)
    world.now += dt.timedelta(days=1)
    world.check_in(mission)
    world.now -= dt.timedelta(days=1)
    began = world.minutes(world.now)
    world.received.clear()
    world.fast_forward(minutes=40)
    assert times_told(world, "head") or times_told(world, "deputy")
    assert min(world.minutes(one.at) for one in world.received) >= began + 19


def test_what_is_put_right_is_written_once(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=150)
    one_look_ahead(world, dt.timedelta(days=1))
    before = len(recorded("ALARM_WAITS"))
    for _ in range(3):
        tick(now=world.now)
    assert len(recorded("ALARM_WAITS")) == before + 1


def test_two_watchkeepers_half_a_minute_apart_put_nothing_right(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=150)
    before = len(recorded("ALARM_WAITS"))
    world.now += dt.timedelta(seconds=30)
    tick(now=world.now)
    world.now -= dt.timedelta(seconds=30)
    tick(now=world.now)
    assert len(recorded("ALARM_WAITS")) == before
