"""A pause of the watch at the very second, and word for word what is wrong with one."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from homeby.watch.rules import PauseFacts, PauseState, begins_at, holds, problems_with_pause

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)
ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)
PAUSED = PauseFacts(
    state=PauseState.PAUSED,
    asked_by_id=ONE,
    asked_at=NOON,
    from_at=NOON,
    until_at=NOON + HOUR,
    with_notice=False,
    agreed_by_id=TWO,
)


def problems(
    *,
    until_at: dt.datetime = NOON + HOUR,
    reason: str = "Exercise",
    with_notice: bool = False,
) -> dict[str, str]:
    return problems_with_pause(
        reason=reason, until_at=until_at, with_notice=with_notice, hours_max=12, now=NOON
    )


def test_clocks_of_two_machines_may_be_a_minute_apart_when_a_pause_begins() -> None:
    assert holds(PAUSED, now=NOON - MINUTE)
    assert not holds(PAUSED, now=NOON - MINUTE - SECOND)
    assert holds(PAUSED, now=NOON + HOUR - SECOND)
    assert not holds(PAUSED, now=NOON + HOUR)


def test_a_day_s_notice_is_no_second_less() -> None:
    alone = replace(PAUSED, agreed_by_id=None, with_notice=True)
    assert holds(replace(alone, asked_at=NOON - 24 * HOUR), now=NOON)
    assert not holds(replace(alone, asked_at=NOON - 24 * HOUR + SECOND), now=NOON)


def test_a_pause_of_two_begins_now_and_that_of_one_alone_after_a_day() -> None:
    assert begins_at(with_notice=False, now=NOON) == NOON
    assert begins_at(with_notice=True, now=NOON) == NOON + 24 * HOUR


@pytest.mark.parametrize(
    ("reason", "is_one"),
    [
        ("storm", True),
        (" storm\n", True),
        ("fog.", False),
        ("     ", False),
        ("x" * 300, True),
        ("x" * 301, False),
    ],
)
def test_a_reason_has_five_characters_to_three_hundred(reason: str, is_one: bool) -> None:
    wrong = {
        "reason": "Give a reason in a few words, at most 300 characters; "
        "everybody who is out reads it."
    }
    assert problems(reason=reason) == ({} if is_one else wrong)


def test_a_pause_lasts_a_minute_at_least() -> None:
    past = {"until": "This time has passed. Say when the watch goes on."}
    assert problems(until_at=NOON + MINUTE) == {}
    assert problems(until_at=NOON + MINUTE - SECOND) == past
    assert problems(until_at=NOON - HOUR) == past


def test_a_pause_with_notice_ends_after_the_day_of_notice() -> None:
    too_soon = {
        "until": "With a day's notice it begins 24 hours from now; the end must lie behind that."
    }
    begins = NOON + 24 * HOUR
    assert problems(until_at=begins + MINUTE, with_notice=True) == {}
    assert problems(until_at=begins + MINUTE - SECOND, with_notice=True) == too_soon


@pytest.mark.parametrize("with_notice", [False, True])
def test_a_pause_lasts_as_long_as_the_station_allows_and_no_second_more(with_notice: bool) -> None:
    latest = NOON + (36 if with_notice else 12) * HOUR
    too_long = {"until": "A pause lasts at most 12 hours; choose an earlier end."}
    assert problems(until_at=latest, with_notice=with_notice) == {}
    assert problems(until_at=latest + SECOND, with_notice=with_notice) == too_long
