"""A blind period on the page "Is the watch awake?": how long, from when to when, what was lost."""

from __future__ import annotations

import datetime as dt

from homeby.findings import Level
from homeby.watch.rules.blind import blind

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
ADVICE = (
    "Whoever was missed in that time is told late. Find out why it stopped: was the machine "
    "off or asleep?"
)


def test_a_watch_that_was_never_blind_has_no_such_line() -> None:
    assert blind([], zone="UTC", now=NOW) == []


def test_a_blind_period_is_said_in_the_time_of_the_place() -> None:
    (found,) = blind([(NOW - 4 * HOUR, NOW - 1.5 * HOUR, 0)], zone="Europe/Zurich", now=NOW)
    assert (found.level, found.what) == (Level.AMBER, "blind period")
    assert found.sentence == "The watch was blind for 2 h 30 min, from 09:00 to 11:30."
    assert found.what_to_do == ADVICE


def test_reminders_that_were_lost_in_it_are_counted() -> None:
    (found,) = blind([(NOW - 20 * HOUR, NOW - HOUR, 3)], zone="UTC", now=NOW)
    assert found.sentence == (
        "The watch was blind for 19 h, from yesterday 16:00 to 11:00. "
        "Reminders that were too old to be sent: 3."
    )


def test_each_blind_period_is_said() -> None:
    periods = [(NOW - 9 * HOUR, NOW - 8 * HOUR, 0), (NOW - 2 * HOUR, NOW - HOUR, 1)]
    found = blind(periods, zone="UTC", now=NOW)
    assert [one.sentence.partition(",")[2] for one in found] == [
        " from 03:00 to 04:00.",
        " from 10:00 to 11:00. Reminders that were too old to be sent: 1.",
    ]
