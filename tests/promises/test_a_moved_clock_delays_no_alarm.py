"""P8: whatever is done to the wall clock, no alarm comes late, and a wrong clock is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection

from homeby import clock, settings
from homeby.comms import channels
from homeby.comms.actions import deliver
from homeby.comms.models import Message
from homeby.logbook import actions as logbook_actions
from homeby.logbook import queries as logbook
from homeby.logbook.actions import writing
from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused
from homeby.logbook.verification import verify
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch import rules, watchkeeper
from homeby.watch.actions import clocks
from homeby.watch.models import ClockDispute
from homeby.web import live
from tests.hands import Hands, hands
from tests.world import World

DAY = 86400.0


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    """The village's machine, with hands on its clocks; its channels end in the world's phones."""

    def send(name: str, outgoing: channels.Outgoing) -> channels.Result:
        world.now = clock.now()
        return world._send(name, outgoing)

    monkeypatch.setattr(deliver, "_by_channel", send)
    with hands(monkeypatch, wall_at=world.now) as found:
        yield found


def keep(keeper: watchkeeper.Keeper, here: Hands, *, seconds: float, step: float = 1.0) -> None:
    """Let real time pass, a look and a round of deliveries at each step."""
    for _ in range(int(seconds / step)):
        here.pass_(seconds=step)
        keeper.look()
        keeper.hand_out()


def begun(here: Hands) -> watchkeeper.Keeper:
    keeper = watchkeeper.Keeper(name="one")
    keep(keeper, here, seconds=3)
    return keeper


def kinds(prefix: str = "CLOCK_") -> list[str]:
    found = Entry.objects.filter(kind__startswith=prefix).order_by("number")
    return list(found.values_list("kind", flat=True))


@pytest.mark.parametrize("moved", [-3600.0, -DAY, -1.79e9, 3600.0, DAY])
def test_an_alarm_comes_in_time_whatever_the_wall_clock_shows(
    world: World, here: Hands, moved: float
) -> None:
    due_at = world.now + dt.timedelta(minutes=2)
    world.send_out("agent", due_minutes=2)
    keeper = begun(here)
    here.move(seconds=moved)
    keep(keeper, here, seconds=140, step=5)
    alarm = world.alarm()
    assert 0 <= (alarm.opened_at - due_at).total_seconds() <= 10
    asked = [one for one in world.phone("agent") if "are you back" in one.subject]
    assert [one.outgoing.text.startswith("Clock disputed") for one in asked] == [True]
    told = [one for who in ("head", "admin") for one in world.phone(who)]
    assert [one.subject for one in told] == ["The clock of the station is disputed"] * 2
    assert live.snapshot().bars == ("clock",)
    assert kinds() == ["CLOCK_DISPUTED"]


def test_a_clock_moved_forward_is_believed_after_ten_minutes(world: World, here: Hands) -> None:
    world.send_out("agent", due_minutes=120)
    keeper = begun(here)
    here.move(seconds=3 * 3600)
    keep(keeper, here, seconds=580, step=10)
    assert watch.open_alarms(STATION) == []
    keep(keeper, here, seconds=40, step=10)
    assert clock.now() == here.wall_at
    assert world.alarm().phase == rules.Phase.ALERT
    assert kinds() == ["CLOCK_DISPUTED", "CLOCK_SETTLED"]
    assert live.snapshot().bars == ()
    assert verify().difference is None


def test_a_clock_moved_back_is_not_believed_before_it_agrees(world: World, here: Hands) -> None:
    keeper = begun(here)
    here.move(seconds=-7200)
    keep(keeper, here, seconds=3600, step=60)
    assert clock.now() == here.wall_at + dt.timedelta(seconds=7200)
    here.move(seconds=7200)
    keep(keeper, here, seconds=2)
    assert kinds() == ["CLOCK_DISPUTED", "CLOCK_SETTLED"]
    assert keeper.is_disputed is False


def say_outside(here: Hands, *, ahead_of_wall: float) -> None:
    """An auditor hears from the other side of its heartbeat what time it is."""
    here_now = clock.clocks()
    logbook_actions.audited(
        name="auditor",
        real_now=clock.real_now(),
        outside_zero_at=here_now.zero_at + dt.timedelta(seconds=ahead_of_wall),
        outside_boot_seconds=here_now.boot_seconds,
        outside_machine=here_now.machine,
    )


def test_a_clock_elsewhere_confirms_one_that_was_set_right(world: World, here: Hands) -> None:
    keeper = begun(here)
    here.move(seconds=-7200)
    keep(keeper, here, seconds=60)
    assert kinds() == ["CLOCK_DISPUTED"]
    say_outside(here, ahead_of_wall=1)
    keep(keeper, here, seconds=4)
    assert clock.now() == here.wall_at
    assert ClockDispute.objects.get().ending == rules.ClockEnding.OUTSIDE
    assert live.snapshot().bars == ()
    assert verify().difference is None


def test_a_clock_elsewhere_that_knows_better_is_not_overruled(world: World, here: Hands) -> None:
    keeper = begun(here)
    here.move(seconds=7200)
    for _ in range(20):
        say_outside(here, ahead_of_wall=-7200)
        keep(keeper, here, seconds=60, step=30)
    assert clock.now() == here.wall_at - dt.timedelta(seconds=7200)
    assert kinds() == ["CLOCK_DISPUTED"]


def test_several_watchkeepers_and_one_that_is_new_agree(world: World, here: Hands) -> None:
    one, two = begun(here), watchkeeper.Keeper(name="two")
    keep(two, here, seconds=2)
    here.move(seconds=-DAY)
    keep(one, here, seconds=1)
    keep(two, here, seconds=1)
    right = here.wall_at + dt.timedelta(days=1)
    clock.trust(zero_at=clock.clocks().zero_at)  # a process that begins knows nothing yet
    three = watchkeeper.Keeper(name="three")
    keep(three, here, seconds=1)
    assert clock.now() == right + dt.timedelta(seconds=1)
    assert kinds() == ["CLOCK_DISPUTED"]
    assert [keeper.is_disputed for keeper in (one, two, three)] == [True] * 3
    before = clock.trusted()
    assert "counts from now on" in clocks.accept(seen=clock.clocks(), by=None, now=here.wall_at)
    for keeper in (one, two, three):
        clock.trust(zero_at=before)
        keep(keeper, here, seconds=3)
        assert clock.now() == here.wall_at
    assert kinds() == ["CLOCK_DISPUTED", "CLOCK_SETTLED"]
    with pytest.raises(Refused, match="not disputed"):
        clocks.accept(seen=clock.clocks(), by=None, now=here.wall_at)


def test_a_watchkeeper_killed_at_the_jump_finds_it_at_its_next_start(
    world: World, here: Hands
) -> None:
    begun(here)
    here.pass_(seconds=1)
    here.move(seconds=DAY)
    clock.trust(zero_at=clock.clocks().zero_at)
    keep(watchkeeper.Keeper(name="another"), here, seconds=1)
    assert clock.now() == here.wall_at - dt.timedelta(days=1)


def test_pages_record_by_the_time_that_the_watch_goes_by(world: World, here: Hands) -> None:
    keeper = begun(here)
    here.move(seconds=DAY)
    keep(keeper, here, seconds=1)
    watched = clock.now()
    clock.trust(zero_at=clock.clocks().zero_at)  # the web part, started after the jump
    assert clock.now() == here.wall_at
    assert live.look().bars == ("clock",)
    assert clock.now() == watched
    keep(keeper, here, seconds=610, step=10)
    clock.trust(zero_at=clock.trusted() - dt.timedelta(days=1))  # it has not heard the end of it
    live.look()
    assert clock.now() == here.wall_at


def test_after_switching_on_with_an_old_clock_time_is_at_least_the_last_entry(
    world: World, here: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(here)
    last_at = logbook.last_recorded_at()
    assert last_at is not None
    monkeypatch.setattr(clock, "_name", "another switching-on")
    here.boot_seconds, here.wall_at = 20.0, dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    clock.trust(zero_at=clock.clocks().zero_at)
    keeper = watchkeeper.Keeper(name="one")
    keep(keeper, here, seconds=30)
    assert clock.now() == last_at + dt.timedelta(seconds=29)
    assert live.snapshot().bars == ("clock",)
    here.wall_at = last_at + dt.timedelta(hours=8)  # the network has told it the time
    keep(keeper, here, seconds=3)
    assert clock.now() == here.wall_at
    assert live.snapshot().bars == ()


def test_eight_hours_of_sleep_are_counted_and_disputed_by_nobody(world: World, here: Hands) -> None:
    keeper = begun(here)
    here.pass_(seconds=8 * 3600)
    keep(keeper, here, seconds=3)
    assert kinds() == []
    assert clock.now() == here.wall_at


def test_a_dispute_of_a_machine_that_was_switched_off_is_over(world: World, here: Hands) -> None:
    keeper = begun(here)
    here.move(seconds=-DAY)
    keep(keeper, here, seconds=3)
    clock_of_old = clock.now()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "_name", "another switching-on")
        here.boot_seconds, here.wall_at = 20.0, clock_of_old + dt.timedelta(hours=1)
        clock.trust(zero_at=clock.clocks().zero_at)
        keep(watchkeeper.Keeper(name="two"), here, seconds=3)
    assert ClockDispute.objects.get().ending == rules.ClockEnding.GONE


def test_a_demonstration_runs_fast_and_its_logbook_ahead_of_any_clock(
    world: World, here: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(now=here.wall_at + dt.timedelta(days=9), by=None) as book:
        book.entry(rules.CODE_REFUSED, subject="a demonstration of yesterday")
    shown = settings.current().model_copy(update={"demonstration": True})
    monkeypatch.setattr(settings, "current", lambda: shown)
    monkeypatch.setattr(
        clock, "_pace", clock.Pace(real_at=here.wall_at, shown_at=here.wall_at, speed=60)
    )
    keeper = begun(here)
    begun_at = clock.now()
    here.move(seconds=-3600)
    keep(keeper, here, seconds=60)
    assert clock.now() == begun_at + dt.timedelta(hours=1)
    assert kinds() == ["CLOCK_DISPUTED"]


def test_a_quiet_look_asks_the_database_little(world: World, here: Hands) -> None:
    keeper = begun(here)
    here.pass_(seconds=0.1)
    with connection.execute_wrapper(_refuse_clock_tables):
        keeper.look()
    assert Message.objects.filter(about="clock").count() == 0


def _refuse_clock_tables(execute, sql, params, many, context):
    assert "clockdispute" not in sql, "between two signs of life the two clocks are compared alone"
    return execute(sql, params, many, context)
