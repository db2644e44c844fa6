"""What is held back and until when; what becomes a list, and how a list names its messages."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.comms.rules import (
    FLOOD,
    GATHER,
    Item,
    MessageKind,
    Sent,
    fitting,
    gathers_until,
    in_order,
    is_alarm_list,
    is_never_held,
    limits_of,
    line,
    opens_at,
)

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
THREE_IN_FIVE = limits_of(["PHONE 3/5"])


def minutes(number: float) -> dt.timedelta:
    return dt.timedelta(minutes=number)


def item(kind: MessageKind = MessageKind.ALARM, **more: object) -> Item:
    values: dict = {
        "message_id": uuid.uuid4(),
        "kind": kind,
        "subject": "ALERT A-1042: Fox",
        "text": "Fox is not back; expected 18:00, 2 h ago.\nWhere: North woods.",
        "may_take": True,
        "is_for_kin": False,
        "urgency": 1,
        "since_at": NOW,
    }
    return Item(**(values | more))


def sent(*ago: float, channel: str = "SMS") -> list[Sent]:
    return [Sent(channel=channel, at=NOW - minutes(one)) for one in ago]


@pytest.mark.parametrize(
    ("before", "opens"),
    [
        ((), None),
        ((4, 3), None),
        ((4, 3, 2), 1),
        ((5, 3, 2), None),  # the window is half open
        ((4.5, 4, 3, 2), 1),
        ((60, 50, 40), None),
    ],
)
def test_the_window_opens_when_the_third_last_leaves_it(before: tuple, opens: float | None) -> None:
    at = None if opens is None else NOW + minutes(opens)
    assert opens_at(THREE_IN_FIVE, "SMS", sent(*before), now=NOW) == at


def test_a_class_counts_its_channels_together_and_no_other() -> None:
    mixed = [*sent(1), *sent(2, channel="NTFY"), *sent(3, channel="APPRISE")]
    assert opens_at(THREE_IN_FIVE, "WEBPUSH", mixed, now=NOW) == NOW + minutes(2)
    assert opens_at(THREE_IN_FIVE, "EMAIL", mixed, now=NOW) is None
    assert opens_at(THREE_IN_FIVE, "SMS", sent(1, 2, 3, channel="EMAIL"), now=NOW) is None


def test_of_two_limits_the_longer_wait_counts() -> None:
    """GoAlert's figures for SMS: 5 in 15 minutes, 11 in an hour."""
    both = limits_of(["SMS 5/15", "SMS 11/60"])
    many = sent(*range(1, 12))
    assert opens_at(both, "SMS", many, now=NOW) == NOW + minutes(60 - 11)


@pytest.mark.parametrize(
    "word", ["FAX 3/5", "PHONE", "PHONE 3", "PHONE 0/5", "PHONE 3/x", "", "3/5"]
)
def test_a_limit_that_cannot_be_understood_is_a_sentence(word: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        limits_of([word])


@pytest.mark.parametrize("kind", list(MessageKind))
@pytest.mark.parametrize("is_first", [True, False])
def test_what_no_limit_holds_back(kind: MessageKind, is_first: bool) -> None:
    asked_for = kind in (MessageKind.VERIFICATION, MessageKind.TEST, MessageKind.EXERCISE)
    at_once = kind in (MessageKind.ALARM, MessageKind.NOTICE) and is_first
    assert is_never_held(kind, is_first=is_first) == (asked_for or at_once)


@given(ago=st.lists(st.floats(0, 30), max_size=12))
def test_whoever_waits_for_the_window_is_never_over_the_limit(ago: list[float]) -> None:
    """One message more at the moment given, and still at most three in any five minutes before."""
    before = sent(*ago)
    at = opens_at(THREE_IN_FIVE, "SMS", before, now=NOW) or NOW
    assert NOW <= at <= NOW + minutes(5)
    assert sum(one.at > at - minutes(5) for one in before) <= 2


def test_which_list_a_message_goes_into() -> None:
    assert is_alarm_list(item()) is True
    assert is_alarm_list(item(may_take=False)) is None  # it asks the party itself
    assert is_alarm_list(item(MessageKind.GOOD_NEWS)) is False
    assert is_alarm_list(item(MessageKind.GOOD_NEWS, is_for_kin=True)) is None
    assert is_alarm_list(item(MessageKind.VERIFICATION)) is None


def test_a_list_names_number_callsign_and_since_when_and_no_name_twice() -> None:
    assert line(item()) == "ALERT A-1042: Fox is not back; expected 18:00, 2 h ago."
    other = item(subject="A-1042 comes back to you: Fox", text="You took this alarm.")
    assert line(other) == "A-1042 comes back to you: Fox. You took this alarm."
    assert line(item(MessageKind.GOOD_NEWS, subject="BACK: Fox")) == "BACK: Fox"


def test_the_gravest_and_then_the_longest_come_first() -> None:
    help_, old, new = item(urgency=0), item(since_at=NOW - minutes(9)), item()
    assert in_order([new, old, help_]) == [help_, old, new]


@given(lines=st.lists(st.text(max_size=40), max_size=30), most=st.integers(-50, 500))
def test_as_many_lines_as_fit_are_named_and_one_at_least(lines: list[str], most: int) -> None:
    count = fitting(lines, most=most)
    assert min(1, len(lines)) <= count <= len(lines)
    if count > 1:
        assert sum(len(one) + 1 for one in lines[:count]) <= most


def test_only_in_a_flood_does_the_first_word_wait_and_ten_seconds_at_most() -> None:
    assert gathers_until(written_at=NOW, last_list_at=None, now=NOW) is None
    ahead = NOW + dt.timedelta(hours=1)  # written by a clock that was set back since
    assert gathers_until(written_at=ahead, last_list_at=NOW, now=NOW) is None
    assert gathers_until(written_at=NOW, last_list_at=NOW - FLOOD, now=NOW) is None
    lately = NOW - FLOOD / 2
    assert gathers_until(written_at=NOW, last_list_at=lately, now=NOW) == NOW + GATHER
    assert gathers_until(written_at=NOW - GATHER, last_list_at=lately, now=NOW) is None


def test_after_an_outage_the_first_word_waits_two_seconds_for_what_others_judge() -> None:
    def until(written_at: dt.datetime, last_list_at: dt.datetime | None = None) -> object:
        return gathers_until(
            written_at=written_at, last_list_at=last_list_at, after_an_outage=True, now=NOW
        )

    two = dt.timedelta(seconds=2)
    assert until(NOW) == NOW + two
    assert until(NOW - two) is None
    assert until(NOW, NOW - FLOOD) == NOW + two
    assert until(NOW, NOW - FLOOD / 2) == NOW + GATHER
