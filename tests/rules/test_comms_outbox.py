"""When a failed try is repeated, what is given up, and how a message stands over its channels."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.comms.rules import (
    GIVE_UP,
    LEASE_SECONDS,
    SEND_SECONDS,
    TRIES_LEAST,
    DeliveryState,
    MessageKind,
    MessageState,
    Order,
    gives_up,
    message_state,
    next_try,
    usable,
)
from homeby.people.rules import ChannelName, Reach, Recipient

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
QUEUED, HANDED, FAILED = DeliveryState.QUEUED, DeliveryState.HANDED, DeliveryState.FAILED
RECEIVED, SPARED = DeliveryState.RECEIVED, DeliveryState.SPARED


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 5), (2, 15), (3, 45), (4, 120), (5, 120), (1000, 120)]
)
def test_a_failed_try_is_repeated_slower_and_for_ever(tries: int, seconds: int) -> None:
    assert next_try(tries=tries, now=NOW) == NOW + dt.timedelta(seconds=seconds)


@given(tries=st.integers(1, 10**6), jitter=st.floats(0, 1))
def test_the_next_try_always_lies_ahead_and_within_minutes(tries: int, jitter: float) -> None:
    ahead = (next_try(tries=tries, now=NOW, jitter=jitter) - NOW).total_seconds()
    assert 5 <= ahead <= 132


@pytest.mark.parametrize("kind", [k for k in MessageKind if k is not MessageKind.CANARY])
@pytest.mark.parametrize("late", [True, False])
def test_an_alarm_is_never_given_up(kind: MessageKind, late: bool) -> None:
    now = NOW + GIVE_UP + dt.timedelta(seconds=1 if late else 0)
    given_up = gives_up(kind=kind, created_at=NOW, tries=TRIES_LEAST, now=now)
    assert given_up is (late and kind is not MessageKind.ALARM)
    assert not gives_up(kind=kind, created_at=NOW, tries=1, now=now), "it was held until now"


@pytest.mark.parametrize(
    ("deliveries", "before", "after"),
    [
        ([(QUEUED, 0)], "QUEUED", "QUEUED"),
        ([(QUEUED, 1)], "QUEUED", "TROUBLE"),
        ([(QUEUED, 1), (QUEUED, 0)], "QUEUED", "QUEUED"),  # one way is still untried
        ([(QUEUED, 1), (FAILED, 1)], "QUEUED", "TROUBLE"),
        ([(FAILED, 1), (FAILED, 1)], "QUEUED", "UNREACHABLE"),
        ([], "QUEUED", "UNREACHABLE"),
        ([(FAILED, 1), (SPARED, 0)], "QUEUED", "UNREACHABLE"),
        ([(QUEUED, 1), (SPARED, 0)], "QUEUED", "TROUBLE"),
        ([(RECEIVED, 1), (QUEUED, 2)], "QUEUED", "HANDED"),
        ([(HANDED, 1), (QUEUED, 5)], "TROUBLE", "HANDED"),
        ([(HANDED, 1), (FAILED, 5)], "QUEUED", "HANDED"),
        ([(QUEUED, 9)], "HANDED", "HANDED"),
        ([(HANDED, 1)], "ANSWERED", "ANSWERED"),
        ([(FAILED, 1)], "CANCELLED", "CANCELLED"),
    ],
)
def test_how_a_message_stands(
    deliveries: list[tuple[DeliveryState, int]], before: str, after: str
) -> None:
    assert message_state(deliveries, before=MessageState(before)) == after


_deliveries = st.lists(st.tuples(st.sampled_from(DeliveryState), st.integers(0, 9)), max_size=5)


@given(deliveries=_deliveries)
def test_handed_is_claimed_only_when_a_channel_took_it(
    deliveries: list[tuple[DeliveryState, int]],
) -> None:
    state = message_state(deliveries, before=MessageState.QUEUED)
    took = (HANDED, DeliveryState.RECEIVED)
    assert (state is MessageState.HANDED) == any(one in took for one, _ in deliveries)


def test_a_message_goes_out_on_every_usable_contact_point() -> None:
    reaches = tuple(
        Reach(contact_id=uuid.uuid4(), channel=ChannelName.EMAIL, verified=verified)
        for verified in (True, False, True)
    )
    somebody = Recipient(person_id=uuid.uuid4(), name="Fox", reaches=reaches)
    order = Order(
        key="k", about="a", recipient=somebody, kind=MessageKind.ALARM, subject="s", text="t"
    )
    assert usable(order, now=NOW) == (reaches[0], reaches[2])


def test_two_slow_sends_fit_into_a_lease() -> None:
    assert 2 * SEND_SECONDS < LEASE_SECONDS
