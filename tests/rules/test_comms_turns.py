"""Whose turn it is: the channels of one message, one after the other."""

from __future__ import annotations

import datetime as dt
import uuid

from hypothesis import given
from hypothesis import strategies as st

from homeby.comms.rules import (
    NOT_HANDED,
    DeliveryState,
    MessageKind,
    Order,
    Turn,
    after_failed,
    after_handed,
    after_lost,
    after_received,
    first_turns,
)
from homeby.people.rules import ChannelName, Reach, Recipient

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
QUEUED, HANDED, FAILED = DeliveryState.QUEUED, DeliveryState.HANDED, DeliveryState.FAILED


def seconds(number: float) -> dt.timedelta:
    return dt.timedelta(seconds=number)


def reach(rank: int, rank_in_danger: int | None = None, **more: object) -> Reach:
    return Reach(
        contact_id=uuid.uuid4(),
        channel=ChannelName.EMAIL,
        verified=True,
        rank=rank,
        rank_in_danger=rank_in_danger,
        **more,  # type: ignore[arg-type]
    )


def order(*reaches: Reach, in_danger: bool = False) -> Order:
    somebody = Recipient(person_id=uuid.uuid4(), name="Fox", reaches=reaches)
    return Order(
        key="k",
        about="a",
        recipient=somebody,
        kind=MessageKind.ALARM,
        subject="s",
        text="t",
        in_danger=in_danger,
    )


def turn(place: int, state: DeliveryState = QUEUED, tries: int = 0, **more: object) -> Turn:
    at = NOW + place * NOT_HANDED if state is QUEUED else None
    values: dict = {"id": uuid.uuid4(), "place": place, "state": state, "tries": tries}
    return Turn(**(values | {"next_try_at": at} | more))


def test_the_first_goes_at_once_and_each_other_half_a_minute_after_the_one_before() -> None:
    a, b, c = reach(3), reach(1), reach(2)
    found = first_turns(order(a, b, c), now=NOW)
    assert [one.reach for one in found] == [b, c, a]
    assert [one.place for one in found] == [0, 1, 2]
    assert [one.at for one in found] == [NOW, NOW + seconds(30), NOW + seconds(60)]


def test_equal_ranks_go_together() -> None:
    found = first_turns(order(reach(1), reach(1), reach(5)), now=NOW)
    assert [one.place for one in found] == [0, 0, 1]
    assert [one.at for one in found] == [NOW, NOW, NOW + seconds(30)]


def test_danger_has_an_order_of_its_own_and_knows_no_hours() -> None:
    mail = reach(1, 2)
    phone = reach(2, 1, from_time=dt.time(20), to_time=dt.time(22))
    at_once, later = first_turns(order(mail, phone), now=NOW)
    assert (at_once.reach, at_once.at) == (mail, NOW)
    assert (later.reach, later.at.time()) == (phone, dt.time(20)), "its hours begin then"
    found = first_turns(order(mail, phone, in_danger=True), now=NOW)
    assert [one.reach for one in found] == [phone, mail]


def test_handed_without_receipts_spares_whoever_waits() -> None:
    took, waits, tried = turn(0, HANDED, 1), turn(1), turn(0, tries=2)
    assert after_handed([took, waits, tried], gives_receipts=False, now=NOW) == {waits.id: None}


def test_handed_where_receipts_are_given_waits_a_minute_for_one() -> None:
    took, next_one, last = turn(0, HANDED, 1), turn(1), turn(2)
    assert after_handed([took, next_one, last], gives_receipts=True, now=NOW) == {
        next_one.id: NOW + seconds(60),
        last.id: NOW + seconds(90),
    }


def test_received_spares_whoever_waits() -> None:
    waits, sending = turn(1), turn(1, under_way=True)
    assert after_received([turn(0, HANDED, 1), waits, sending]) == {waits.id: None}


def failed(*turns: Turn, is_first_try: bool = True) -> dict:
    return after_failed(turns, is_first_try=is_first_try, now=NOW)


def test_a_failed_try_brings_the_next_at_once_and_moves_the_others_up() -> None:
    first, next_one, last = turn(0, tries=1), turn(1), turn(2)
    assert failed(first, next_one, last) == {next_one.id: NOW, last.id: NOW + seconds(30)}
    assert failed(turn(0, FAILED, 1), next_one) == {next_one.id: NOW}


def test_a_failed_try_brings_the_next_while_another_was_handed_and_not_received() -> None:
    next_one = turn(2)
    assert failed(turn(0, HANDED, 1), turn(1, tries=1), next_one) == {next_one.id: NOW}


def test_a_repeated_failure_brings_nobody_and_none_does_once_it_was_received() -> None:
    assert failed(turn(0, tries=3), turn(1), is_first_try=False) == {}
    assert failed(turn(0, DeliveryState.RECEIVED, 1), turn(1, tries=1), turn(2)) == {}


def test_a_failed_try_never_puts_a_turn_off() -> None:
    soon = turn(2, next_try_at=NOW - seconds(5))
    assert failed(turn(0, tries=1), turn(1, next_try_at=NOW), soon) == {}


def test_what_was_taken_and_did_not_arrive_brings_those_who_were_spared() -> None:
    spared, waits = turn(1, DeliveryState.SPARED), turn(2)
    moved = after_lost([turn(0, FAILED, 1), spared, waits], now=NOW)
    assert moved == {spared.id: NOW, waits.id: NOW + seconds(30)}
    assert after_lost([turn(0, FAILED, 1), turn(1, HANDED, 1), spared], now=NOW) == {}


_turns = st.lists(
    st.builds(
        turn,
        st.integers(0, 4),
        st.sampled_from(DeliveryState),
        st.integers(0, 3),
        under_way=st.booleans(),
    ),
    max_size=6,
)


@given(turns=_turns, gives_receipts=st.booleans())
def test_only_those_whose_turn_has_not_come_are_moved(
    turns: list[Turn], gives_receipts: bool
) -> None:
    waiting = {one.id for one in turns if one.waits}
    assert after_handed(turns, gives_receipts=gives_receipts, now=NOW).keys() == waiting
    assert after_received(turns).keys() == waiting
    after = failed(*turns)
    assert after.keys() <= waiting
    assert None not in after.values()


@given(turns=_turns)
def test_after_a_first_failure_somebody_is_due_at_once_if_anybody_is_left(
    turns: list[Turn],
) -> None:
    """Promise 4 needs every channel tried as fast as the tries fail."""
    after = failed(*turns)
    due = [after.get(one.id, one.next_try_at) for one in turns if one.waits]
    received = any(one.state is DeliveryState.RECEIVED for one in turns)
    assert received or not due or min(at for at in due if at) <= NOW
