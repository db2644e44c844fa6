"""What a device knows of its clock beside what it showed at the tap (P16): the time of a tap is
found where the clock was moved between the tap and the sending, and nobody speaks of the future."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.logbook.rules import FUTURE_LIMIT
from homeby.missions.rules.intake import Steady, in_our_time

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
DAY = 1440 * MINUTE
DAYS = 3 * 1440
#: The tap was 30 minutes ago, and the station was heard an hour ago.
TAP, HEARD = -30, -60


def _found(
    *, tap_wrong: int, sent_wrong: int, known: int | None, since: int | None, heard: int | None
) -> int:
    """In minutes from now: what is made of a tap of 30 minutes ago, by a clock that was so many
    minutes wrong at the tap and at the sending; `known` is how wrong it was when the station was
    heard, `since` what the steady clock counted, `heard` the least that the time can have been."""
    steady = Steady(
        ahead=None if known is None else -known * MINUTE,
        not_before=None if heard is None else NOW + heard * MINUTE,
        since=None if since is None else since * MINUTE,
    )
    found = in_our_time(
        NOW + (TAP + tap_wrong) * MINUTE,
        sent_at=NOW + sent_wrong * MINUTE,
        now=NOW,
        steady=steady,
    )
    return (found - NOW) // MINUTE


@pytest.mark.parametrize("wrong", [-DAYS, DAYS, -20, 20, -100_000_000])
@pytest.mark.parametrize("since", [None, 30, 0])
def test_a_clock_that_was_moved_after_the_tap_is_seen_through(
    wrong: int, since: int | None
) -> None:
    """Wrong when the station was heard and at the tap, and right at the sending; the page lives
    (30), slept (0), or was closed (None)."""
    found = _found(tap_wrong=wrong, sent_wrong=0, known=wrong, since=since, heard=HEARD)
    assert found == TAP


@pytest.mark.parametrize("wrong", [-DAYS, DAYS, 0, 1, -1])
@pytest.mark.parametrize("since", [None, 30, 0])
def test_a_clock_that_nobody_moved_is_put_right_as_before(wrong: int, since: int | None) -> None:
    found = _found(tap_wrong=wrong, sent_wrong=wrong, known=wrong, since=since, heard=HEARD)
    assert found == TAP + (wrong if abs(wrong) < 2 else 0)


@pytest.mark.parametrize("wrong", [-DAYS, DAYS])
def test_a_clock_that_was_moved_before_the_tap(wrong: int) -> None:
    """Right when the station was heard. Where it stays so, the sending tells; where it was put
    right again, it can have been no earlier than what was surely so at the tap."""
    same = _found(tap_wrong=wrong, sent_wrong=wrong, known=0, since=30, heard=TAP)
    assert same == TAP
    closed = _found(tap_wrong=wrong, sent_wrong=wrong, known=0, since=None, heard=HEARD)
    assert closed == TAP
    again = _found(tap_wrong=wrong, sent_wrong=0, known=0, since=30, heard=TAP)
    assert again == TAP
    least = _found(tap_wrong=wrong, sent_wrong=0, known=0, since=None, heard=HEARD)
    assert least == HEARD


@given(
    claimed=st.datetimes(timezones=st.just(dt.UTC)),
    sent=st.datetimes(timezones=st.just(dt.UTC)),
    before=st.none() | st.datetimes(timezones=st.just(dt.UTC)),
    ahead=st.none() | st.timedeltas(),
    since=st.none() | st.timedeltas(min_value=dt.timedelta(), max_value=300 * 365 * DAY),
)
def test_whatever_a_device_says_it_moves_nothing_into_the_future(
    claimed: dt.datetime,
    sent: dt.datetime,
    before: dt.datetime | None,
    ahead: dt.timedelta | None,
    since: dt.timedelta | None,
) -> None:
    """At most the raw claim stands, which is bounded like any other; and nothing overflows."""
    steady = Steady(ahead=ahead, not_before=before, since=since)
    found = in_our_time(claimed, sent_at=sent, now=NOW, steady=steady)
    assert found == claimed or found <= NOW + FUTURE_LIMIT
