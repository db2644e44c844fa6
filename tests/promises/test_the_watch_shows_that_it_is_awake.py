"""Promise 7: if the watch itself stops, it is seen within a minute."""

from __future__ import annotations

import datetime as dt
import logging
import re
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from homeby import clock
from homeby.comms.actions import deliver as outbox
from homeby.comms.actions import recording
from homeby.logbook import rows
from homeby.logbook.actions import Book
from homeby.watch import queries, watchkeeper
from homeby.watch.actions import opening, unjudged
from homeby.watch.actions.awake import looked
from homeby.watch.actions.tick import tick
from homeby.watch.models import Alarm, Deadline, Watchkeeper
from homeby.watch.rules import AlarmKind
from tests.promises.acts import small_batches
from tests.rooms.pages import Pages
from tests.world import World

REAL = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    """The watch says loudly what went wrong; here it is meant to."""
    caplog.set_level(logging.CRITICAL + 1)


def seconds(number: float) -> dt.datetime:
    return REAL + dt.timedelta(seconds=number)


@pytest.mark.parametrize(
    ("age", "fresh"),
    [
        (None, False),
        (-3600, False),
        (-5.1, False),
        (-5, True),
        (0, True),
        (60, True),
        (60.1, False),
        (9e9, False),
    ],
)
def test_a_watch_older_than_a_minute_is_not_fresh(age: float | None, fresh: bool) -> None:
    assert queries.is_fresh(age) is fresh


@pytest.mark.usefixtures("db")
def test_a_station_whose_watch_never_looked_is_not_fresh() -> None:
    age = queries.watch_age_seconds(real_now=REAL)
    assert age is None
    assert not queries.is_fresh(age)


@pytest.mark.usefixtures("db")
def test_the_age_counts_from_the_last_look_of_any_watchkeeper() -> None:
    looked(name="one", real_now=seconds(0))
    looked(name="two", real_now=seconds(30))
    looked(name="one", real_now=seconds(10))
    assert queries.watch_age_seconds(real_now=seconds(90)) == 60
    assert queries.is_fresh(queries.watch_age_seconds(real_now=seconds(90)))
    assert not queries.is_fresh(queries.watch_age_seconds(real_now=seconds(91)))
    assert Watchkeeper.objects.get(name="one").started_at == seconds(0)


def test_a_finished_look_leaves_its_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "real_now", lambda: REAL)
    watchkeeper.Keeper(name="one").look()
    assert queries.watch_age_seconds(real_now=seconds(5)) == 5


def test_the_age_is_real_time_however_fast_the_demonstration_runs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "real_now", lambda: REAL)
    monkeypatch.setattr(clock, "now", lambda: REAL + dt.timedelta(days=9))
    watchkeeper.Keeper(name="one").look()
    assert queries.watch_age_seconds(real_now=seconds(1)) == 1


def test_a_look_that_fails_leaves_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(watchkeeper, "tick", broken)
    with pytest.raises(OSError, match="disk"):
        watchkeeper.Keeper(name="one").look()
    assert queries.watch_age_seconds(real_now=REAL) is None


@pytest.fixture
def time_passes(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """All clocks of the machine go on together, so many seconds each time."""
    counted = [0.0]
    monkeypatch.setattr(clock, "real_now", lambda: seconds(counted[0]))
    monkeypatch.setattr(clock, "boot_seconds", lambda: counted[0])
    monkeypatch.setattr(clock, "wall_now", lambda: seconds(counted[0]))
    monkeypatch.setattr(clock, "_zero_at", clock.clocks().zero_at)
    monkeypatch.setattr(clock, "now", lambda: world.now)

    def passes(by: float) -> None:
        counted[0] += by
        world.now += dt.timedelta(seconds=by)

    return passes


def age() -> float | None:
    """What the pages show."""
    return queries.watch_age_seconds(real_now=clock.real_now())


def test_when_no_message_leaves_any_more_it_is_seen_within_a_minute(
    world: World, time_passes: Callable[[float], None]
) -> None:
    """The half that delivers hangs; the half that judges goes on and on."""
    keeper = watchkeeper.Keeper(name="one")
    world.send_out("agent", due_minutes=1)
    keeper.hand_out()
    for _ in range(20):
        time_passes(3)
        keeper.look()
    assert queries.is_fresh(age())
    time_passes(3)
    keeper.look()
    assert age() == 63
    assert not queries.is_fresh(age())
    keeper.hand_out()
    time_passes(3)
    keeper.look()
    assert age() == 0


def test_a_slow_round_of_deliveries_is_no_dead_one(
    world: World, time_passes: Callable[[float], None]
) -> None:
    keeper = watchkeeper.Keeper(name="one")
    time_passes(watchkeeper.ROUND_SECONDS)
    keeper.look()
    assert age() == 0


def test_results_that_cannot_be_written_are_no_deliveries(
    world: World, time_passes: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise AssertionError("no room for entries")

    keeper = watchkeeper.Keeper(name="one")
    world.send_out("agent", due_minutes=1)
    time_passes(60)
    tick(now=world.now)
    monkeypatch.setattr(recording, "_record", broken)
    monkeypatch.setattr(outbox, "_by_channel", world._send)
    keeper.hand_out()
    time_passes(61)
    keeper.look()
    assert not queries.is_fresh(age())


def test_what_was_due_and_could_not_be_done_leaves_no_sign_of_life(
    world: World, time_passes: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can be written, whatever is tried; each look ends without an error."""
    real = rows.insert

    def broken(found: list[object]) -> None:
        raise AssertionError("the sequence of entries is exhausted")

    keeper = watchkeeper.Keeper(name="one")
    world.send_out("agent", due_minutes=1)
    keeper.look()
    monkeypatch.setattr(rows, "insert", broken)
    for _ in range(30):
        time_passes(5)
        with suppress(AssertionError):  # the loop of the process logs it and goes on
            keeper.hand_out()
        keeper.look()
    assert age() == 95  # nothing was done from the due time on
    monkeypatch.setattr(rows, "insert", real)
    for _ in range(3):
        time_passes(5)
        keeper.hand_out()
        keeper.look()
    assert age() == 0
    assert world.alarm().kind == AlarmKind.OVERDUE


def test_a_batch_of_rows_for_which_nothing_can_be_done_does_not_stop_the_others(
    world: World, time_passes: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 2)
    bad = [world.send_out(who, due_minutes=60).ref for who in ("mate", "outsider", "admin")]
    good = world.send_out("agent", due_minutes=61)
    real = opening.new_alarm

    def broken(book: Book, deadline: Deadline, kind: AlarmKind) -> Alarm:
        assert deadline.subject.ref not in bad, "poisoned"
        return real(book, deadline, kind)

    with monkeypatch.context() as poisoned:
        for module in (unjudged, opening):
            poisoned.setattr(module, "new_alarm", broken)
        time_passes(125 * 60)
        keeper = watchkeeper.Keeper(name="one")
        for _ in range(6):
            keeper.look()
    assert world.alarm().subject.ref == good.ref
    assert age() is None
    world.look()
    assert Alarm.objects.count() == 4


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("lost", ["_judge", "_deliver"])
def test_when_one_of_its_two_loops_ends_the_process_ends(
    monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """A watchkeeper that judges and never delivers, or delivers and never judges, is none."""
    told_to_stop: list[bool] = []

    def ends(keeper: watchkeeper.Keeper) -> None:
        """A loop that is lost."""

    def goes_on(keeper: watchkeeper.Keeper) -> None:
        told_to_stop.append(keeper.stop.wait(5))

    for loop in ("_judge", "_deliver"):
        monkeypatch.setattr(watchkeeper, loop, ends if loop == lost else goes_on)
    with pytest.raises(SystemExit, match="supervisor starts a new one"):
        watchkeeper.run(watchkeeper.Keeper(name="one"))
    for thread in threading.enumerate():
        if thread.name == "goes_on":
            thread.join(6)
    assert told_to_stop == [True]


def test_it_never_sleeps_longer_than_a_second_and_never_not_at_all() -> None:
    now = clock.now()
    for ahead in (None, now + dt.timedelta(hours=9), now - dt.timedelta(hours=9), now):
        assert 0 < watchkeeper._sleep_seconds(ahead) <= watchkeeper.CAP_SECONDS
    assert threading.active_count() < 50


@pytest.mark.parametrize("path", ["/board/", "/missions/", "/plan/", "/alarms/", "/office/"])
def test_a_silent_watch_stands_on_every_page(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """The red bar is in the page as it comes, for whoever has no scripts; live.js only keeps it so
    (tests/browser/test_live.py)."""
    monkeypatch.setattr(clock, "real_now", lambda: seconds(100))
    client = Pages(world, monkeypatch).as_("head")
    bar = re.compile(r'<div id="watch-bar" role="alert"(.*?)>.*?</div>', re.DOTALL)

    def shown() -> bool:
        found = bar.search(client.get(path).content.decode())
        assert found is not None, "the bar is on the page, shown or hidden"
        assert "The watch is silent." in found.group(0)
        return "hidden" not in found.group(1)

    assert shown(), "nobody ever looked"
    looked(name="one", real_now=seconds(40))
    assert not shown()
    monkeypatch.setattr(clock, "real_now", lambda: seconds(101))
    assert shown()


def test_a_clock_that_was_set_back_does_not_keep_a_watch_awake_or_asleep(
    world: World, time_passes: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, hour = watchkeeper.Keeper(name="one"), dt.timedelta(hours=1)
    keeper.look()
    real = clock.real_now
    monkeypatch.setattr(clock, "real_now", lambda: real() - hour)
    assert not queries.is_fresh(age())  # whoever looked may be dead
    time_passes(watchkeeper.LOOKED_EVERY_SECONDS)
    keeper.look()
    assert age() == 0
