"""When the canary is due again, and which channel classes it goes through tonight."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.comms.rules import MessageKind, canary_addresses, gives_up
from homeby.watch.rules import classes_due, next_round

DUE = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)


def at(hour: int, minute: int = 0, *, day: int = 20) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("now", "following"),
    [
        (at(7), at(8, 10)),  # an old clock: the due time never goes back
        (at(8), at(8, 10)),
        (at(8, 9), at(8, 10)),
        (at(8, 10), at(8, 20)),
        (at(16, 4), at(16, 10)),  # eight hours down are one round, not forty-eight
    ],
)
def test_the_next_round_lies_ahead_and_keeps_its_minute(
    now: dt.datetime, following: dt.datetime
) -> None:
    assert next_round(DUE, now=now) == following


@pytest.mark.parametrize(
    ("tried", "now", "due"),
    [
        ({}, at(12), ["EMAIL"]),  # never tried: at once
        ({"EMAIL": at(11)}, at(12), []),
        ({"EMAIL": at(1)}, at(1, 59), []),  # in Zurich it is 02:59
        ({"EMAIL": at(1)}, at(2), ["EMAIL"]),
        ({"EMAIL": at(2)}, at(23), []),
        ({"EMAIL": at(2, day=19)}, at(12), ["EMAIL"]),  # a night without the station
    ],
)
def test_each_class_once_a_night(
    tried: dict[str, dt.datetime], now: dt.datetime, due: list[str]
) -> None:
    assert classes_due(["EMAIL"], tried=tried, now=now, zone="Europe/Zurich") == due


def test_the_night_begins_at_three_to_the_second() -> None:
    now = at(12, 30).replace(second=30, microsecond=500)
    for tried in (at(2), at(2).replace(second=10), at(2).replace(microsecond=100)):
        assert classes_due(["EMAIL"], tried={"EMAIL": tried}, now=now, zone="Europe/Zurich") == []


def test_before_three_the_night_is_the_one_before() -> None:
    """At 02:59 in Zurich: tried at 02:00 the day before, an hour before that night began."""
    tried = {"EMAIL": at(1, day=19)}
    assert classes_due(["EMAIL"], tried=tried, now=at(1, 59), zone="Europe/Zurich") == ["EMAIL"]


def test_an_unknown_zone_still_has_its_night() -> None:
    assert classes_due(["EMAIL"], tried={"EMAIL": at(2)}, now=at(4), zone="Mars") == ["EMAIL"]


def test_an_hour_told_twice_is_one_night() -> None:
    """25 October 2026: 02:00 to 03:00 comes twice in Zurich; 03:00 is 02:00Z, once."""
    night = dt.datetime(2026, 10, 25, 2, 0, tzinfo=dt.UTC)
    before = {"EMAIL": night - dt.timedelta(minutes=1)}
    early = night - dt.timedelta(seconds=1)
    assert classes_due(["EMAIL"], tried=before, now=early, zone="Europe/Zurich") == []
    assert classes_due(["EMAIL"], tried=before, now=night, zone="Europe/Zurich") == ["EMAIL"]


def test_addresses_are_read_with_their_class() -> None:
    lines = ("email=night@example.org", " Webhook = https://a.example/x=y", "sms=", "nonsense")
    assert canary_addresses(lines) == {
        "EMAIL": "night@example.org",
        "WEBHOOK": "https://a.example/x=y",
    }


def test_a_canary_that_is_not_taken_is_given_up_before_the_next() -> None:
    kind = MessageKind.CANARY
    assert not gives_up(kind=kind, created_at=DUE, tries=1, now=DUE + dt.timedelta(minutes=9))
    assert gives_up(
        kind=kind, created_at=DUE, tries=1, now=DUE + dt.timedelta(minutes=9, seconds=1)
    )


def test_a_try_of_a_clock_that_was_set_back_since_is_none() -> None:
    ahead = {"EMAIL": at(4) + dt.timedelta(days=1)}
    assert classes_due(["EMAIL"], tried=ahead, now=at(4), zone="UTC") == ["EMAIL"]
