"""For how long a lease of the outbox holds, by whose clock; and when messages become a list."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.comms.rules import LEASE_SECONDS, SEND_SECONDS, Leases, become_a_list

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def test_a_lease_holds_for_half_a_minute_which_is_longer_than_any_send() -> None:
    assert Leases().term(now=NOW) == (NOW, NOW + 30 * SECOND)
    assert LEASE_SECONDS > SEND_SECONDS


def test_a_lease_counts_by_the_clock_that_all_watchkeepers_share() -> None:
    """One of them whose own clock is half a minute ahead takes over nothing that is under way."""
    shared = NOW - 25 * SECOND
    assert Leases(at=shared).term(now=NOW) == (shared, shared + 30 * SECOND)


def test_where_the_stations_time_runs_faster_a_lease_lasts_as_long_in_life() -> None:
    assert Leases(factor=60.0).term(now=NOW) == (NOW, NOW + 1800 * SECOND)


@pytest.mark.parametrize(
    ("count", "late", "listed"),
    [
        (1, 0, False),
        (3, 0, False),
        (4, 0, True),  # more than three
        (1, 1, False),
        (3, 1, False),
        (2, 2, True),  # after an outage: three in five minutes are all that one gets
        (4, 4, True),
    ],
)
def test_more_than_three_become_a_list_and_two_that_come_late(
    count: int, late: int, listed: bool
) -> None:
    assert become_a_list(count, late) is listed
