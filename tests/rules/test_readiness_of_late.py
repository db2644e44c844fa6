"""How much there was in the last thirty days, in a sentence."""

from __future__ import annotations

import datetime as dt

from homeby.readiness.rules.recent_load import of_late, said_of_late

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def test_two_at_a_time_count_once_and_only_what_lies_in_the_thirty_days() -> None:
    spans = [
        (NOW - 31 * DAY, NOW - 29 * DAY),  # a day of it
        (NOW - 5 * DAY, NOW - 5 * DAY + 8 * HOUR),
        (NOW - 5 * DAY + 4 * HOUR, NOW - 5 * DAY + 10 * HOUR),  # beside it
        (NOW - 2 * HOUR, NOW + 3 * HOUR),  # goes on
        (NOW - 40 * DAY, NOW - 30 * DAY),  # over
        (NOW, NOW + HOUR),  # to come
    ]
    assert of_late(spans, now=NOW) == (4, 36 * HOUR)
    assert said_of_late(spans, now=NOW) == (
        "In the last 30 days: missions and duties 4, together 36 h."
    )
    assert said_of_late([], now=NOW) == "No mission and no duty in the last 30 days."
