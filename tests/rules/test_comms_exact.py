"""What the outbox decides, at the very second and to the last character (found by changed copies
of the rules that no other test noticed)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.comms.rules import (
    FAILING_AFTER,
    NOT_HANDED,
    MessageKind,
    Order,
    first_turns,
    is_failing,
    next_try,
    usable,
)
from homeby.comms.rules.limits import Sent, limits_of, opens_at
from homeby.comms.rules.lists import Item, fitting, line
from homeby.people.rules import ChannelName, Reach, Recipient

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def reach(channel: ChannelName, **more: object) -> Reach:
    return Reach(
        contact_id=uuid.uuid4(),
        channel=channel,
        verified=True,
        **more,  # type: ignore[arg-type]
    )


def order(*reaches: Reach, in_danger: bool) -> Order:
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


def turns(about: Order) -> list[tuple[Reach, int, dt.datetime]]:
    return [(turn.reach, turn.place, turn.at) for turn in first_turns(about, now=NOW)]


def test_jitter_spreads_a_repeat_by_a_tenth_and_only_to_later() -> None:
    assert next_try(tries=1, now=NOW, jitter=1) == NOW + dt.timedelta(seconds=5.5)
    assert next_try(tries=4, now=NOW, jitter=0.5) == NOW + dt.timedelta(seconds=126)


def test_ten_minutes_of_failures_are_a_failing_channel() -> None:
    assert is_failing(NOW, now=NOW + FAILING_AFTER)
    assert not is_failing(NOW, now=NOW + FAILING_AFTER - SECOND)
    assert not is_failing(NOW, now=NOW)


EVENING = {"from_time": dt.time(18), "to_time": dt.time(20)}


def test_hours_hold_back_what_is_not_about_a_person_in_danger() -> None:
    evening = reach(ChannelName.EMAIL, **EVENING)
    assert usable(order(evening, in_danger=False), now=NOW) == ()
    assert usable(order(evening, in_danger=True), now=NOW) == (evening,)
    assert usable(order(evening, in_danger=False), now=NOW.replace(hour=19)) == (evening,)


def test_in_danger_the_order_and_the_hours_are_those_for_danger() -> None:
    mail = reach(ChannelName.EMAIL, rank=1, rank_in_danger=2, **EVENING)
    phone = reach(ChannelName.SMS, rank=2, rank_in_danger=1)
    calm = [
        (t.reach, t.place, t.at) for t in first_turns(order(mail, phone, in_danger=False), now=NOW)
    ]
    assert calm == [(mail, 0, NOW.replace(hour=18)), (phone, 1, NOW + NOT_HANDED)]
    grave = [
        (t.reach, t.place, t.at) for t in first_turns(order(mail, phone, in_danger=True), now=NOW)
    ]
    assert grave == [(phone, 0, NOW), (mail, 1, NOW + NOT_HANDED)]


def test_limits_are_read_however_they_are_spaced() -> None:
    assert limits_of(["SMS   3/5"]) == limits_of([" SMS 3/5 "])


def test_an_unknown_channel_of_a_limit_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="say one of: PHONE, ") as found:
        limits_of(["PIGEON 3/5"])
    names = str(found.value).partition("say one of: ")[2].rstrip(".").split(", ")
    assert set(names) == {"PHONE"} | {str(one) for one in ChannelName}


def test_every_limit_of_a_channel_counts_wherever_it_stands() -> None:
    limits = limits_of(["EMAIL 1/5", "SMS 1/5"])
    sent = [Sent(channel="SMS", at=NOW - dt.timedelta(minutes=1))]
    assert opens_at(limits, "SMS", sent, now=NOW) == NOW + dt.timedelta(minutes=4)
    assert opens_at(limits, "EMAIL", sent, now=NOW) is None


def item(subject: str, text: str) -> Item:
    return Item(
        message_id=uuid.uuid4(),
        kind=MessageKind.ALARM,
        subject=subject,
        text=text,
        may_take=True,
        is_for_kin=False,
        urgency=0,
        since_at=NOW,
    )


def test_a_list_names_a_party_whose_name_holds_a_colon() -> None:
    one = item("ALERT A-1: Fox: north ridge", "Fox: north ridge is not back.\nMore.")
    assert line(one) == "ALERT A-1: Fox: north ridge is not back."


@pytest.mark.parametrize(
    ("most", "count"), [(0, 1), (3, 1), (4, 1), (7, 1), (8, 2), (11, 2), (12, 3), (99, 3)]
)
def test_lines_and_their_ends_fit_to_the_last_character(most: int, count: int) -> None:
    assert fitting(["abc", "def", "ghi"], most=most) == count


def test_no_line_fits_where_there_is_none() -> None:
    assert fitting([], most=10) == 0
