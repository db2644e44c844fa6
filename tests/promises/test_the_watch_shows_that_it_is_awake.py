"""Promise 7: if the watch itself stops, it is seen within a minute."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pytest

from homeby import clock
from homeby.watch import queries, watchkeeper
from homeby.watch.actions.awake import looked
from homeby.watch.models import Watchkeeper
from tests.rooms.pages import Pages
from tests.world import World

REAL = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def seconds(number: float) -> dt.datetime:
    return REAL + dt.timedelta(seconds=number)


@pytest.mark.parametrize(
    ("age", "fresh"),
    [(None, False), (0, True), (59.9, True), (60, True), (60.1, False), (9e9, False)],
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
