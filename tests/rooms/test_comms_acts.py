"""The outbox: what is queued, what is sent first, what is taken back, and what is given up."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.comms import channels, queries
from homeby.comms.actions import deliver as outbox
from homeby.comms.actions.tell import cancel_queued, tell
from homeby.comms.models import Delivery, Message
from homeby.comms.rules import (
    LEASE_SECONDS,
    MESSAGE_QUEUED,
    TRIES_LEAST,
    DeliveryState,
    Leases,
    MessageKind,
    MessageState,
    Order,
    Outcome,
)
from homeby.logbook import actions as logbook
from homeby.logbook.verification import verify
from homeby.people import queries as people
from homeby.people.models import ContactPoint
from homeby.people.rules import STATION
from tests.world import World


def queue(
    world: World,
    who: str,
    *,
    kind: MessageKind = MessageKind.NOTICE,
    about: str = "x",
    in_danger: bool = False,
    code: str = "",
) -> Message:
    """Put one message into the outbox."""
    key = world.people[who]
    order = Order(
        key=f"{about}/{uuid.uuid4()}",
        about=about,
        cause=about if kind is MessageKind.ALARM else "",
        recipient=people.recipients([key])[key],
        kind=kind,
        subject=f"{kind} for {who}",
        text="Something.",
        in_danger=in_danger,
        code=code,
    )
    with logbook.writing(now=world.now, by=None) as book:
        tell(book.entry(MESSAGE_QUEUED, subject=about), [order], now=world.now)
    return Message.objects.get(key=order.key)


def state(message: Message) -> str:
    """How a message stands now."""
    message.refresh_from_db()
    return message.state


def test_somebody_without_a_way_to_be_reached_has_a_message_that_says_so(world: World) -> None:
    world.add("walker", reachable=False)
    message = queue(world, "walker")
    assert (message.state, message.failed_at) == (MessageState.UNREACHABLE, world.now)
    assert not message.deliveries.exists()


def test_a_message_goes_out_once_on_the_first_contact_point(world: World) -> None:
    world.give_phone("agent")
    message = queue(world, "agent")
    world.look()
    world.fast_forward(minutes=2)
    (one,) = world.phone("agent")
    assert one.outgoing.key.startswith(message.key)
    assert state(message) == MessageState.HANDED


def test_what_is_about_a_person_in_danger_goes_first(world: World) -> None:
    for number in range(outbox.BATCH + 1):
        world.add(f"walker{number}")
        queue(world, f"walker{number}")
    queue(world, "agent", kind=MessageKind.ALARM, in_danger=True)
    first = outbox.lease(now=world.now)
    assert len(first) == outbox.BATCH
    assert first[0].outgoing is not None
    assert first[0].outgoing.to_address == "agent"


def test_outside_its_hours_a_contact_point_carries_danger_only_and_keeps_the_rest(
    world: World,
) -> None:
    ContactPoint.objects.filter(person_id=world.people["agent"]).update(
        from_time=dt.time(20), to_time=dt.time(22), zone="UTC"
    )
    notice, danger = queue(world, "agent"), queue(world, "agent", in_danger=True)
    world.look()
    assert (state(notice), state(danger)) == (MessageState.QUEUED, MessageState.HANDED)
    assert world.phone("agent")[-1].at == world.now
    world.now += dt.timedelta(hours=12)  # 20:00, when its hours begin
    world.look()
    assert state(notice) == MessageState.HANDED


def test_a_notice_is_given_up_after_a_day_and_an_alarm_never(world: World) -> None:
    world.breaks("agent")
    notice = queue(world, "agent")
    alarm = queue(world, "agent", kind=MessageKind.ALARM)
    world.look()
    assert state(notice) == state(alarm) == MessageState.TROUBLE
    world.now += dt.timedelta(hours=24, minutes=1)
    world.look()
    assert state(notice) == MessageState.TROUBLE, "as one that was held for all that time"
    notice.deliveries.update(tries=TRIES_LEAST)  # and tried in vain for an hour
    world.now += dt.timedelta(minutes=3)
    world.look()
    assert state(notice) == MessageState.UNREACHABLE
    assert state(alarm) == MessageState.TROUBLE
    assert alarm.deliveries.get().next_try_at
    assert not notice.deliveries.get().next_try_at


def test_what_was_taken_back_is_not_sent(world: World) -> None:
    message, other = queue(world, "agent", about="a"), queue(world, "agent", about="b")
    with logbook.writing(now=world.now, by=None) as book:
        assert cancel_queued(book, about="a", why="over") == 1
    world.look()
    assert (state(message), state(other)) == (MessageState.CANCELLED, MessageState.HANDED)
    assert len(world.phone("agent")) == 1
    assert verify().difference is None


def test_somebody_may_keep_her_own_messages(world: World) -> None:
    mine, theirs = queue(world, "agent", about="a"), queue(world, "mate", about="a")
    with logbook.writing(now=world.now, by=None) as book:
        cancel_queued(book, about="a", why="over", keep_people=[world.people["agent"]])
    assert (state(mine), state(theirs)) == (MessageState.QUEUED, MessageState.CANCELLED)


def test_a_channel_that_was_not_quicker_stops_when_the_message_is_over(world: World) -> None:
    """Handed on one channel, still tried on another: the second is taken back with the rest."""
    world.give_phone("agent")
    ContactPoint.objects.filter(person_id=world.people["agent"]).update(rank=1)
    message = queue(world, "agent", kind=MessageKind.ALARM, about="a")
    first, second = outbox.lease(now=world.now)
    outbox.record(
        [Outcome(delivery_id=first.delivery_id, token=first.token, handed=True)],
        now=world.now,
    )
    with logbook.writing(now=world.now, by=None) as book:
        cancel_queued(book, about="a", why="acknowledged")
    assert state(message) == MessageState.HANDED
    assert Delivery.objects.get(pk=second.delivery_id).state == DeliveryState.CANCELLED


def test_the_outbox_wakes_for_the_next_try_and_for_a_lease_that_runs_out(world: World) -> None:
    assert queries.next_try_at() is None
    queue(world, "agent")
    assert queries.next_try_at() == world.now
    outbox.lease(now=world.now)
    assert queries.next_try_at() == world.now + dt.timedelta(seconds=LEASE_SECONDS)


def test_a_lease_lasts_as_long_as_life_in_a_demonstration_that_runs_faster(world: World) -> None:
    queue(world, "agent")
    outbox.lease(now=world.now, leases=Leases(factor=10))
    assert queries.next_try_at() == world.now + dt.timedelta(seconds=10 * LEASE_SECONDS)


def test_a_channel_that_breaks_inside_is_a_failed_try_and_no_stopped_watch(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    message = queue(world, "agent")

    def broken(_channel: str, _outgoing: channels.Outgoing) -> channels.Result:
        raise ValueError("secret-in-the-trace")

    done = outbox.deliver(now=world.now, send=broken)
    assert (done.tried, done.handed) == (1, 0)
    assert state(message) == MessageState.TROUBLE
    assert message.deliveries.get().trouble == "The channel CONSOLE failed inside: ValueError."
    assert "broke" in caplog.text


@pytest.mark.parametrize("sentence", ["", "x" * 10_000, "\N{SNOWMAN}" * 600])
def test_any_answer_of_a_provider_can_be_written_down(world: World, sentence: str) -> None:
    message = queue(world, "agent")

    def refuses(_channel: str, _outgoing: channels.Outgoing) -> channels.Result:
        return channels.Refused(sentence=sentence, permanent=True)

    outbox.deliver(now=world.now, send=refuses)
    assert state(message) == MessageState.UNREACHABLE
    assert message.deliveries.get().trouble == sentence[:500]


def test_the_step_of_an_alarm_is_impossible_only_if_nobody_who_could_act_was_reached(
    world: World,
) -> None:
    about = f"alarm:{uuid.uuid4()}"

    def handing() -> queries.Handing:
        return queries.handings({about: f"{about}/"})[about]

    queue(world, "agent", kind=MessageKind.ALARM, about=about)  # the party: nothing to take
    world.breaks("head")
    queue(world, "head", kind=MessageKind.ALARM, about=about, code="123456")
    assert not handing().impossible, "it has not been tried yet"
    world.look()
    assert handing().impossible
    assert handing().first_handed_at is None
    queue(world, "deputy", kind=MessageKind.ALARM, about=about, code="654321")
    world.look()
    assert not handing().impossible
    assert handing().first_handed_at == world.now


def test_the_figures_of_the_status_count_what_waits_and_what_is_in_trouble(world: World) -> None:
    world.breaks("agent")
    queue(world, "agent")
    world.look()
    queue(world, "mate")
    assert queries.status_figures(STATION, now=world.now) == {
        "messages_queued": 1,
        "messages_in_trouble": 1,
        "contact_points_failing": 0,
    }


def test_a_watchkeeper_whose_clock_is_ahead_takes_over_nothing_that_is_under_way(
    world: World,
) -> None:
    """Leases are counted by the clock that all share; each works by its own."""
    queue(world, "agent")
    true_now, ahead = world.now, world.now + dt.timedelta(seconds=30)
    assert outbox.lease(now=true_now, leases=Leases(at=true_now))
    assert outbox.lease(now=ahead, leases=Leases(at=true_now)) == []
    over = true_now + dt.timedelta(seconds=LEASE_SECONDS)
    assert outbox.lease(now=over, leases=Leases(at=over))


def test_a_lease_of_a_clock_that_was_set_back_since_holds_nothing(world: World) -> None:
    queue(world, "agent")
    assert outbox.lease(now=world.now)
    back = world.now - dt.timedelta(days=1)
    assert outbox.lease(now=world.now, leases=Leases(at=back))
