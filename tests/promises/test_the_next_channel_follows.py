"""Promise 4, on channels: the first in the person's order goes at once, the next in parallel when
it was not handed within 30 s or not received within 60 s, at once when a try failed."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby import settings
from homeby.comms.actions import deliver as outbox
from homeby.comms.models import Delivery
from homeby.comms.rules import DeliveryState, Outcome
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people.actions import contacts
from homeby.people.rules import STATION, ChannelName
from homeby.watch.actions.tick import tick
from tests.promises.acts import pass_time, take, times_told
from tests.world import World


def second_channel(world: World, who: str, address: str = "second") -> uuid.UUID:
    """A further channel, entered after the phone."""
    tap = new_tap()
    contacts.add_contact(
        person_id=world.people[who],
        channel=ChannelName.WEBHOOK,
        address=address,
        verified=True,
        by=STATION,
        now=world.now,
        tap=tap,
    )
    return tap.entry_id


def officers_turn(world: World) -> None:
    """The party was asked; it is the duty officer's turn now, and nothing was judged yet."""
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=64)
    world.now += dt.timedelta(minutes=1)
    world.received.clear()


def wait(world: World, seconds: float) -> None:
    world.now += dt.timedelta(seconds=seconds)
    world.look()


def give_receipts(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    told = settings.current().model_copy(update={"receipt_channels": names})
    monkeypatch.setattr(settings, "current", lambda: told)


def test_the_first_channel_that_takes_it_is_enough(world: World) -> None:
    second_channel(world, "head")
    officers_turn(world)
    world.look()
    wait(world, 120)
    assert len(world.phone("head")) == 1
    assert not world.phone("second")
    states = Delivery.objects.filter(message__person_id=world.people["head"])
    assert set(states.values_list("state", flat=True)) == {"HANDED", "SPARED"}
    assert verify().difference is None


def test_not_handed_within_half_a_minute_the_next_goes_in_parallel(world: World) -> None:
    """The first provider hangs: its lease is taken, and no answer comes."""
    second_channel(world, "head")
    officers_turn(world)
    tick(now=world.now)
    assert outbox.lease(now=world.now)
    wait(world, 29)
    assert not world.phone("second")
    wait(world, 1)
    assert len(world.phone("second")) == 1


def test_a_failed_try_brings_the_next_in_the_same_look(world: World) -> None:
    second_channel(world, "head")
    world.breaks("head")
    officers_turn(world)
    world.look()
    assert times_told(world, "second") == [65]


def test_not_received_within_a_minute_the_next_goes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider took it and dropped it (`RELIABILITY.md` F8)."""
    give_receipts(monkeypatch, ChannelName.CONSOLE)
    second_channel(world, "head")
    officers_turn(world)
    world.look()
    wait(world, 59)
    assert not world.phone("second")
    wait(world, 1)
    assert len(world.phone("second")) == 1


def test_taken_on_one_channel_nothing_more_comes_on_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_receipts(monkeypatch, ChannelName.CONSOLE)
    second_channel(world, "head")
    officers_turn(world)
    world.look()
    take(world, "head")
    wait(world, 5)
    wait(world, 120)
    assert not world.phone("second")


def test_each_orders_their_channels_for_danger_and_for_the_rest(world: World) -> None:
    (first,) = [one.id for one in contacts_of(world, "head")]
    second = second_channel(world, "head")
    contacts.order_contacts(
        person_id=world.people["head"],
        ranks={
            first: contacts.Ranks(rank=1, rank_in_danger=2),
            second: contacts.Ranks(rank=2, rank_in_danger=1),
        },
        by=world.as_("head"),
        now=world.now,
        tap=new_tap(),
    )
    officers_turn(world)
    world.look()
    assert len(world.phone("second")) == 1
    assert not world.phone("head")
    assert verify().difference is None


def contacts_of(world: World, who: str) -> list:
    from homeby.people import queries as people

    return people.contact_points(world.as_(who), world.people[who])


@pytest.mark.parametrize("rank", [0, 100, -1])
def test_an_order_that_cannot_be_is_refused(world: World, rank: int) -> None:
    (point,) = contacts_of(world, "head")
    with pytest.raises(Refused, match="number from 1"):
        contacts.order_contacts(
            person_id=world.people["head"],
            ranks={point.id: contacts.Ranks(rank=rank, rank_in_danger=1)},
            by=world.as_("head"),
            now=world.now,
            tap=new_tap(),
        )


def test_nobody_orders_the_channels_of_another(world: World) -> None:
    (point,) = contacts_of(world, "head")
    ranks = {point.id: contacts.Ranks(rank=1, rank_in_danger=1)}
    for who, whose in (("agent", "head"), ("agent", "agent")):
        with pytest.raises(Refused):
            contacts.order_contacts(
                person_id=world.people[whose],
                ranks=ranks,
                by=world.as_(who),
                now=world.now,
                tap=new_tap(),
            )


def test_a_channel_that_answers_after_the_next_has_gone_is_handed_all_the_same(
    world: World,
) -> None:
    second_channel(world, "head")
    officers_turn(world)
    tick(now=world.now)
    hanging = outbox.lease(now=world.now)
    world.now += dt.timedelta(seconds=29)
    outbox.record(
        [Outcome(delivery_id=one.delivery_id, token=one.token, handed=True) for one in hanging],
        now=world.now,
    )
    wait(world, 60)
    assert not world.phone("second")
    assert Delivery.objects.filter(state=DeliveryState.SPARED).count() == 1
