"""P8 and P9: the clock was ahead and is set back by an hour, or by a day. What the station waits
for by itself (canary, tests, tries, leases, drills, doors) goes on within minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from homeby import clock, settings
from homeby.comms import channels
from homeby.comms.actions import deliver
from homeby.comms.actions.tell import tell
from homeby.comms.models import Delivery, FailingContact
from homeby.comms.rules import DeliveryState, MessageKind, Order
from homeby.logbook import actions as logbook_actions
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.people.queries import recipients
from homeby.watch import queries as watch
from homeby.watch.actions import canary, clocks, drills, live_tests
from homeby.watch.models import Alarm, Deadline, Drill, Outage
from homeby.watch.rules import DeadlineKind
from homeby.watch.watchkeeper import Keeper
from tests.hands import Hands, hands
from tests.world import World

HOUR, DAY = 3600.0, 86400.0
BACK = pytest.mark.parametrize("back", [HOUR, DAY], ids=["an hour", "a day"])


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    def send(name: str, outgoing: channels.Outgoing) -> channels.Result:
        world.now = clock.now()
        return world._send(name, outgoing)

    monkeypatch.setattr(deliver, "_by_channel", send)
    world.now += dt.timedelta(days=2)  # its people are known for longer than the clock is set back
    with hands(monkeypatch, wall_at=world.now) as found:
        yield found


def keep(keeper: Keeper, here: Hands, *, minutes: float, step: float = 15.0) -> None:
    for _ in range(int(minutes * 60 / step)):
        here.pass_(seconds=step)
        keeper.look()
        keeper.hand_out()


def accept(keeper: Keeper, here: Hands, *, back: float) -> None:
    """The wall clock is set back, the watch disputes it, a person says that it is right."""
    here.move(seconds=-back)
    keep(keeper, here, minutes=0.5, step=3)
    assert keeper.is_disputed
    seen = clock.clocks()
    clocks.accept(seen=seen, by=None, now=seen.wall_at)


def agrees_outside(keeper: Keeper, here: Hands, *, back: float) -> None:
    """The wall clock is set back, and a clock elsewhere says that it is right."""
    here.move(seconds=-back)
    keep(keeper, here, minutes=0.2, step=3)
    seen = clock.clocks()
    logbook_actions.audited(
        name="auditor",
        real_now=clock.real_now(),
        outside_zero_at=seen.zero_at,
        outside_boot_seconds=seen.boot_seconds,
        outside_machine=seen.machine,
    )


def rounds() -> int:
    return Entry.objects.filter(kind="CANARY_MISSED").count()


def put_right() -> int:
    return Entry.objects.filter(kind="CLOCK_PUT_RIGHT").count()


def ready(here: Hands, *, minutes: float = 3) -> Keeper:
    keeper = Keeper(name="one")
    keep(keeper, here, minutes=minutes)
    return keeper


@BACK
def test_the_canary_flies_on(world: World, here: Hands, back: float) -> None:
    how = accept if back == DAY else agrees_outside
    canary.set_out(now=clock.now())
    keeper = ready(here)
    before = rounds()
    how(keeper, here, back=back)
    keep(keeper, here, minutes=2)
    assert rounds() == before + 1
    ended_at = watch.canary_ended_at()
    assert ended_at is not None
    assert ended_at <= clock.now()
    keep(keeper, here, minutes=11, step=60)
    assert rounds() == before + 2
    assert put_right() == 1
    assert verify().difference is None


@BACK
def test_a_clock_of_another_machine_that_was_ahead_stops_no_canary(
    world: World, here: Hands, back: float
) -> None:
    canary.set_out(now=clock.now())
    keeper = ready(here, minutes=1)
    deadline = Deadline.objects.get(kind=DeadlineKind.CANARY)
    at = deadline.due_at + dt.timedelta(seconds=back)
    Deadline.objects.filter(pk=deadline.pk).update(due_at=at, call_out_at=at, act_at=at)
    before = rounds()
    keep(keeper, here, minutes=1)
    assert rounds() == before + 1


@BACK
def test_the_tests_of_phones_are_looked_through(world: World, here: Hands, back: float) -> None:
    live_tests.set_out(now=clock.now())
    keeper = ready(here)
    before = Entry.objects.filter(kind="TESTS_PLANNED").count()
    accept(keeper, here, back=back)
    keep(keeper, here, minutes=1)
    assert Entry.objects.filter(kind="TESTS_PLANNED").count() == before + 1
    due_at = Deadline.objects.get(kind=DeadlineKind.TEST).due_at
    assert due_at <= clock.now() + dt.timedelta(hours=3)


@BACK
def test_a_message_is_tried_again_and_its_owner_is_told(
    world: World, here: Hands, back: float
) -> None:
    world.breaks("head")
    world.send_out("agent", due_minutes=1)
    keeper = ready(here, minutes=8)
    assert Delivery.objects.filter(state=DeliveryState.QUEUED, tries__gt=0).exists()
    accept(keeper, here, back=back)
    Delivery.objects.filter(state=DeliveryState.QUEUED).update(
        lease_until=clock.now() + dt.timedelta(seconds=30), lease_token=world.team_id
    )  # somebody took a lease by the clock that was ahead, and died
    keep(keeper, here, minutes=0.5)
    world.refusing.clear()
    world.received.clear()
    keep(keeper, here, minutes=2.5)
    assert world.phone("head")
    assert not FailingContact.objects.filter(since_at__gt=clock.now()).exists()
    assert verify().difference is None


def notice(world: World, head: str) -> None:
    with logbook_actions.writing(now=clock.now(), by=None) as book:
        (one,) = recipients([world.people["head"]]).values()
        page = book.entry("CLOCK_PUT_RIGHT", subject="test")
        order = Order(
            key=head, about="test", recipient=one, kind=MessageKind.NOTICE, subject=head, text="x"
        )
        tell(page, [order], now=clock.now())


@BACK
def test_no_limit_and_no_flood_of_the_clock_ahead_holds_anything_back(
    world: World, here: Hands, monkeypatch: pytest.MonkeyPatch, back: float
) -> None:
    strict = settings.current().model_copy(update={"message_limits": ("CONSOLE 2/60",)})
    monkeypatch.setattr(settings, "current", lambda: strict)
    keeper = ready(here, minutes=0.2)
    for number in range(3):
        notice(world, f"ahead {number}")
        keep(keeper, here, minutes=0.1, step=3)
    assert len(world.phone("head")) == 2  # the third is over the limit
    accept(keeper, here, back=back)
    keep(keeper, here, minutes=0.2, step=3)
    said = [one.subject for one in world.phone("head")]
    assert "ahead 2" in said or "messages for you" in said[-1]
    assert not Delivery.objects.filter(state=DeliveryState.QUEUED).exists()


@BACK
def test_a_drill_ends_when_it_was_to_end(world: World, here: Hands, back: float) -> None:
    keeper = ready(here, minutes=1)
    drills.begin(
        wish=drills.Wish(within_minutes=20), by=world.as_("head"), now=clock.now(), tap=new_tap()
    )
    accept(keeper, here, back=back)
    keep(keeper, here, minutes=22)
    drill = Drill.objects.get()
    assert drill.ends_at <= clock.now()
    assert drill.alarm_id is not None
    assert Alarm.objects.get(pk=drill.alarm_id).ended_at is not None
    assert verify().difference is None


@BACK
def test_no_door_of_an_outage_is_kept_open(world: World, here: Hands, back: float) -> None:
    keeper = ready(here, minutes=1)
    here.pass_(seconds=600)
    keep(keeper, here, minutes=0.2, step=3)
    assert Outage.objects.count() == 1
    here.move(seconds=-back)
    keep(keeper, here, minutes=0.1, step=3)
    clocks.accept(seen=clock.clocks(), by=None, now=clock.clocks().wall_at)
    keep(keeper, here, minutes=0.1, step=3)
    world.now = clock.now()
    world.send_out("agent", due_minutes=1)
    keep(keeper, here, minutes=3)
    assert world.alarm().kind == "OVERDUE"
    here.pass_(seconds=900)  # blind again: it is noted, though the last one lies ahead
    keep(keeper, here, minutes=0.2, step=3)
    assert Outage.objects.count() == 2


def test_two_corrections_one_after_the_other_are_both_believed(world: World, here: Hands) -> None:
    """Forward by a day and accepted after ten minutes; then back. The second end is earlier."""
    keeper = ready(here, minutes=1)
    here.move(seconds=DAY)
    keep(keeper, here, minutes=11, step=30)
    assert clock.now() == here.wall_at
    accept(keeper, here, back=DAY)
    keep(keeper, here, minutes=0.5)
    assert clock.now() == here.wall_at
    accept(keeper, here, back=HOUR)
    keep(keeper, here, minutes=1)
    assert clock.now() == here.wall_at
    assert not keeper.is_disputed


@BACK
def test_a_dead_watch_is_not_awake_and_an_awake_one_is(
    world: World, here: Hands, back: float
) -> None:
    ready(here, minutes=1)  # it dies here, with a look ahead of the clock that is set back
    keeper = Keeper(name="two")
    keep(keeper, here, minutes=1)
    accept(keeper, here, back=back)
    ahead = here.wall_at + dt.timedelta(seconds=back)
    assert not watch.is_fresh(watch.age_of([ahead], real_now=here.wall_at))
    keep(keeper, here, minutes=0.5)
    assert watch.is_fresh(watch.watch_age_seconds(real_now=clock.real_now()))
