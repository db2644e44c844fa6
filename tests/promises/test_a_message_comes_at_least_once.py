"""Promise 2: killed at any moment, no alarm is lost. A message may come twice, never not at all."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.comms import channels
from homeby.comms.actions import deliver as outbox
from homeby.comms.models import Delivery, Message
from homeby.comms.rules import LEASE_SECONDS, DeliveryState, MessageKind, MessageState, Outcome
from homeby.logbook import rows
from homeby.logbook.models import Entry
from homeby.logbook.verification import verify
from homeby.people.models import ContactPoint
from homeby.watch.actions.tick import tick
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import DeadlineState
from tests.promises.acts import pass_time, take, times_told
from tests.world import World


def overdue(world: World) -> None:
    """The party was asked, and it is the duty officer's turn; nothing has looked yet."""
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=60)
    world.received.clear()
    world.now += dt.timedelta(minutes=5)


def seconds(number: float) -> dt.timedelta:
    return dt.timedelta(seconds=number)


def test_killed_between_deciding_and_sending_it_still_arrives(world: World) -> None:
    overdue(world)
    tick(now=world.now)  # the next watchkeeper finds the message in the outbox
    assert not world.phone("head")
    pass_time(world, minutes=1)
    assert len(world.phone("head")) == 1


def test_killed_between_sending_and_recording_it_comes_again_under_the_same_key(
    world: World,
) -> None:
    overdue(world)
    tick(now=world.now)
    sent = [item for item in outbox.lease(now=world.now) if item.outgoing is not None]
    assert sent  # each of them was handed to its provider; then the process died
    world.now += seconds(LEASE_SECONDS - 1)
    world.look()
    assert not world.phone("head")
    world.now += seconds(1)
    world.look()
    again = {one.outgoing.key for one in world.received}
    assert {item.outgoing.key for item in sent if item.outgoing} <= again


def test_a_result_whose_lease_was_taken_over_is_dropped(world: World) -> None:
    overdue(world)
    tick(now=world.now)
    first = outbox.lease(now=world.now)
    later = world.now + seconds(LEASE_SECONDS)
    second = outbox.lease(now=later)
    assert {item.delivery_id for item in first} == {item.delivery_id for item in second}
    old = [Outcome(delivery_id=i.delivery_id, token=i.token, handed=True) for i in first]
    assert outbox.record(old, now=later).handed == 0
    keys = [item.delivery_id for item in first]
    assert not Delivery.objects.filter(pk__in=keys, state=DeliveryState.HANDED).exists()
    new = [Outcome(delivery_id=i.delivery_id, token=i.token, handed=True) for i in second]
    assert outbox.record(new, now=later).handed == len(second)


def test_nothing_new_waits_behind_the_many_that_a_dead_line_keeps_back(world: World) -> None:
    world.breaks("deputy")
    to = ContactPoint.objects.get(person_id=world.people["deputy"])
    for number in range(4 * outbox.BATCH):
        message = Message.objects.create(
            key=f"old/{number}",
            kind=MessageKind.ALARM,
            in_danger=True,
            person_id=to.person_id,
            state=MessageState.TROUBLE,
            created_at=world.now,
            token=f"t{number}",
            id=uuid.uuid4(),
        )
        Delivery.objects.create(
            id=uuid.uuid4(),
            message=message,
            contact_id=to.pk,
            channel=to.channel,
            state=DeliveryState.QUEUED,
            tries=5,
            next_try_at=world.now,
        )
    world.send_out("agent", due_minutes=1)
    world.now += dt.timedelta(minutes=1)
    tick(now=world.now)
    outbox.deliver(now=world.now, send=world._send)
    assert world.phone("agent")


def test_what_is_under_a_lease_is_not_taken_by_a_second_watchkeeper(world: World) -> None:
    overdue(world)
    tick(now=world.now)
    assert outbox.lease(now=world.now)
    assert outbox.lease(now=world.now) == []


@pytest.mark.parametrize("apart", [-30, 30])
def test_two_watchkeepers_whose_clocks_differ_make_one_round(world: World, apart: int) -> None:
    overdue(world)
    for early in (min(apart, 0), max(apart, 0)) * 3:
        tick(now=world.now + seconds(early))
    assert Alarm.objects.count() == 1
    world.now += seconds(30)
    world.look()
    assert len(times_told(world, "head")) == 1


@pytest.mark.parametrize("breaks_at", range(1, 9))
def test_killed_in_the_middle_of_a_decision_nothing_of_it_stands(
    world: World, monkeypatch: pytest.MonkeyPatch, breaks_at: int
) -> None:
    """Alarm, deadline, messages, entries: one commit. The write that fails takes all along."""
    world.send_out("agent", due_minutes=60)
    world.now += dt.timedelta(minutes=125)
    before = Entry.objects.count(), Message.objects.count()
    real, calls = rows.insert, []

    class Killed(BaseException):
        """Not an exception that anybody catches."""

    def dies(found: list[object]) -> None:
        calls.append(found)
        if len(calls) == breaks_at:
            raise Killed
        real(found)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "insert", dies)
    try:
        tick(now=world.now)
    except Killed:
        assert not Alarm.objects.exists()
        assert (Entry.objects.count(), Message.objects.count()) == before
        assert Deadline.objects.get().state == DeadlineState.OPEN
    else:
        assert len(calls) < breaks_at, "every write was tried"
    monkeypatch.undo()
    world.look()
    assert len(times_told(world, "head")) == 1
    assert verify().difference is None


def test_nothing_is_sent_inside_the_decision(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> channels.Result:
        raise AssertionError("a decision sends nothing")

    monkeypatch.setattr(outbox, "_by_channel", forbidden)
    overdue(world)
    tick(now=world.now)
    states = set(Message.objects.filter(person_id=world.people["head"]).values_list("state"))
    assert states == {(MessageState.QUEUED,)}


def test_handed_is_recorded_only_after_the_provider_answered(world: World) -> None:
    world.breaks("head")
    overdue(world)
    world.look()
    assert not Message.objects.filter(
        person_id=world.people["head"], handed_at__isnull=False
    ).exists()
    world.refusing.clear()
    pass_time(world, minutes=1)
    assert Message.objects.filter(person_id=world.people["head"], handed_at__isnull=False).exists()


def test_a_refused_message_is_tried_again_and_again_while_the_alarm_is_open(world: World) -> None:
    """5, 15, 45, 120 s and then every 2 minutes."""
    world.breaks("head")
    overdue(world)
    world.look()
    waiting = Delivery.objects.get(
        message__person_id=world.people["head"], state=DeliveryState.QUEUED
    )
    for wait in (5, 15, 45, 120, 120):
        assert waiting.next_try_at is not None
        assert wait <= (waiting.next_try_at - world.now).total_seconds() <= wait * 1.1
        world.now = waiting.next_try_at
        world.look()
        waiting.refresh_from_db()
    assert waiting.tries == 6


def test_a_dead_line_holds_one_message_and_not_one_for_each_round(world: World) -> None:
    world.breaks("head")
    overdue(world)
    pass_time(world, minutes=5 * 60)
    assert Message.objects.filter(person_id=world.people["head"]).count() > 5
    queued = Delivery.objects.filter(state=DeliveryState.QUEUED)
    assert queued.filter(message__person_id=world.people["head"]).count() == 1
    world.refusing.clear()
    pass_time(world, minutes=3)
    assert len(times_told(world, "head")) == 1
    assert verify().difference is None


def test_whoever_was_told_while_it_was_taken_back_hears_the_good_news_too(world: World) -> None:
    """Her message was under way when somebody else took the alarm."""
    world.give_phone("deputy")
    overdue(world)
    pass_time(world, minutes=64)
    world.now += dt.timedelta(minutes=1)
    tick(now=world.now)
    on_their_way = outbox.lease(now=world.now)
    people = {item.outgoing.to_address for item in on_their_way if item.outgoing}
    assert people == {"deputy"}
    take(world, "head")
    world.sign_in("agent")
    world.look()
    assert any("BACK" in one.subject for one in world.phone("deputy"))
