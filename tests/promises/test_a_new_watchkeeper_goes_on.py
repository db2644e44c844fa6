"""Promise 2, told of processes: a watchkeeper that starts has nothing but the database, and goes on
where the one before it was killed. What waits for its hour waits in a table, never in a process."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from homeby import clock
from homeby.comms.actions.deliver import deliver
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch import watchkeeper
from homeby.watch.watchkeeper import Keeper
from tests.promises.acts import times_told
from tests.world import World


@pytest.fixture(autouse=True)
def one_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watchkeeper sees the world's time, and its phones."""
    for door in ("now", "real_now"):
        monkeypatch.setattr(clock, door, lambda: world.now)
    monkeypatch.setattr(watchkeeper, "deliver", partial(deliver, send=world._send))


def look(keeper: Keeper) -> None:
    """Both loops until they come to rest."""
    for _ in range(10):
        keeper.look()
        keeper.hand_out()


def test_an_alarm_opened_by_the_one_before_is_escalated_by_the_next(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    world.now += dt.timedelta(minutes=61)
    look(Keeper(name="one"))
    assert len(watch.open_alarms(STATION)) == 1
    world.now += dt.timedelta(minutes=60)
    look(Keeper(name="two"))
    assert times_told(world, "head") == [121], "the call-out comes though its opener is gone"


def test_a_start_puts_nothing_off(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    world.now += dt.timedelta(minutes=150)  # nobody watched; the call-out time was at 120
    look(Keeper(name="one"))
    assert times_told(world, "head") == [150]


@pytest.mark.parametrize("permanent", [False, True])
def test_what_failed_on_every_line_is_followed_though_its_sender_was_killed(
    world: World, permanent: bool
) -> None:
    """The cause that the delivering loop hands to the judging loop dies with the process."""
    world.breaks("head", permanent=permanent)
    world.send_out("agent", due_minutes=60)
    world.now += dt.timedelta(minutes=121)
    first = Keeper(name="one")
    first.look()
    first.hand_out()  # refused; it is killed before it judges again
    world.now += dt.timedelta(seconds=20)
    look(Keeper(name="two"))
    assert times_told(world, "deputy"), "not after the wait of a step that was told: at once"


def test_a_watchkeeper_never_sleeps_for_more_than_a_second(world: World) -> None:
    """So no clock that is set back, and no deadline entered meanwhile, is ever slept over."""
    ahead = dt.timedelta(days=400)
    assert watchkeeper._sleep_seconds(None) <= 1.0
    assert watchkeeper._sleep_seconds(world.now + ahead) <= 1.0
    assert 0 < watchkeeper._sleep_seconds(world.now - ahead) <= 1.0
