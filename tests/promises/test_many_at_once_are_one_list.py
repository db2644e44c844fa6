"""P7: however many are overdue at once, each is named, in one list to each person, and nobody gets
more messages than can be read; the first word that somebody is in danger never waits."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby import settings
from homeby.comms.actions import deliver as outbox
from homeby.comms.actions.tell import tell
from homeby.comms.models import Delivery, ListMessage, Message
from homeby.comms.rules import MESSAGE_QUEUED, DeliveryState, MessageKind, Order
from homeby.logbook import actions as logbook
from homeby.logbook.verification import verify
from homeby.people import queries as people
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch.actions.tick import tick
from tests.promises.acts import pass_time
from tests.world import World

PARTIES = 6


@pytest.fixture(autouse=True)
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """The phones of these tests are phones: three messages in five minutes."""
    told = settings.current().model_copy(update={"message_limits": ("CONSOLE 3/5",)})
    monkeypatch.setattr(settings, "current", lambda: told)


def overdue(world: World, count: int = PARTIES) -> list[str]:
    """So many are out and overdue; at the next look it is the duty officer's turn for each."""
    names = [f"walker{number}" for number in range(count)]
    for name in names:
        world.add(name, callsign=f"Bird {name[6:]}")
        world.send_out(name, due_minutes=60)
    pass_time(world, minutes=64)
    world.received.clear()
    world.now += dt.timedelta(minutes=1)
    return names


def queue(
    world: World, who: str, number: int, *, kind: MessageKind = MessageKind.NOTICE, first=False
) -> None:
    key = world.people[who]
    orders = [
        Order(
            key=f"x/{uuid.uuid4()}",
            about=f"x:{index}",
            recipient=people.recipients([key])[key],
            kind=kind,
            subject=f"{kind} {index}",
            text="Something.",
            is_first=first,
        )
        for index in range(number)
    ]
    with logbook.writing(now=world.now, by=None) as book:
        tell(book.entry(MESSAGE_QUEUED, subject="x"), orders, now=world.now)


def test_many_alarms_at_once_are_one_message_that_names_everybody(world: World) -> None:
    overdue(world)
    world.look()
    (one,) = world.phone("head")
    assert one.subject == f"{PARTIES} alarms for you"
    for alarm in watch.open_alarms(STATION):
        assert f"A-{alarm.number}: {alarm.subject.title} is not back" in one.outgoing.text
    assert one.outgoing.urgent
    assert one.code
    rung = Delivery.objects.filter(message__kind=MessageKind.ALARM)
    assert set(rung.values_list("state", flat=True)) == {DeliveryState.HANDED}
    assert verify().difference is None


def test_three_alarms_come_each_in_a_message_of_its_own(world: World) -> None:
    overdue(world, 3)
    world.look()
    assert len(world.phone("head")) == 3
    assert not ListMessage.objects.exists()


def test_a_list_that_failed_comes_again_as_the_same_list(world: World) -> None:
    overdue(world)
    tick(now=world.now)
    sent = [one for one in outbox.lease(now=world.now) if len(one.delivery_ids) > 1]
    world.now += dt.timedelta(seconds=30)
    world.look()
    (again,) = world.phone("head")
    assert [one.outgoing.key for one in sent if one.outgoing] == [again.outgoing.key]
    assert again.outgoing.text == sent[0].outgoing.text  # type: ignore[union-attr]


def test_a_list_whose_channel_fails_escalates_like_every_message(world: World) -> None:
    world.breaks("head")
    overdue(world)
    world.look()
    assert len(world.phone("deputy")) == 1
    rung = Message.objects.filter(person_id=world.people["deputy"], kind=MessageKind.ALARM)
    assert rung.count() == PARTIES
    assert all("reached nobody" in text for text in rung.values_list("text", flat=True))


def test_in_a_flood_further_alarms_share_the_next_list_within_ten_seconds(world: World) -> None:
    overdue(world)
    world.look()
    world.now += dt.timedelta(seconds=2)
    queue(world, "head", 2, kind=MessageKind.ALARM, first=True)
    world.look()
    assert len(world.phone("head")) == 1
    world.now += dt.timedelta(seconds=10)
    world.look()
    assert len(world.phone("head")) == 3


def test_the_first_word_of_danger_never_waits_and_counts(world: World) -> None:
    for _ in range(5):
        queue(world, "head", 1, kind=MessageKind.ALARM, first=True)
        world.look()
    assert len(world.phone("head")) == 5
    queue(world, "head", 1)
    world.look()
    assert len(world.phone("head")) == 5


def test_what_is_over_the_limit_waits_is_seen_to_wait_and_goes_when_the_window_opens(
    world: World,
) -> None:
    for _ in range(3):
        queue(world, "head", 1)
        world.look()
    world.now += dt.timedelta(minutes=1)
    queue(world, "head", 2, kind=MessageKind.ALARM)  # repetitions
    world.look()
    assert len(world.phone("head")) == 3
    waiting = Delivery.objects.filter(state=DeliveryState.QUEUED)
    assert {one.throttled_at for one in waiting} == {world.now}
    assert {one.next_try_at for one in waiting} == {world.now + dt.timedelta(minutes=4)}
    pass_time(world, minutes=3)
    assert len(world.phone("head")) == 3
    pass_time(world, minutes=1)
    assert len(world.phone("head")) == 5
    assert not Delivery.objects.filter(throttled_at__isnull=False).exists()
    assert verify().difference is None


def test_many_other_words_are_a_list_too_and_ask_for_no_code(world: World) -> None:
    queue(world, "head", 40)
    world.look()
    (one,) = world.phone("head")
    assert one.subject == "40 messages for you"
    assert not one.code
    assert "NOTICE 39" in one.outgoing.text


@pytest.mark.parametrize("kind", [MessageKind.VERIFICATION, MessageKind.TEST])
def test_what_somebody_asked_for_is_not_held_back(world: World, kind: MessageKind) -> None:
    for _ in range(3):
        queue(world, "head", 1)
        world.look()
    queue(world, "head", 1, kind=kind)
    world.look()
    assert len(world.phone("head")) == 4


def test_one_persons_limit_is_nobody_elses(world: World) -> None:
    for _ in range(4):
        queue(world, "head", 1)
        world.look()
    queue(world, "deputy", 1)
    world.look()
    assert (len(world.phone("head")), len(world.phone("deputy"))) == (3, 1)
