"""When a backup is too old, and what is said of it."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.findings import Level
from homeby.watch.rules.backups import BACKUP, finding

NOW = dt.datetime(2026, 11, 27, 4, 0, tzinfo=dt.UTC)
WEEK = dt.timedelta(days=7)
SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("age", "level", "said"),
    [
        (None, Level.AMBER, "No backup of this station was ever made."),
        (dt.timedelta(hours=3), Level.GREEN, "The newest backup was made 3 h ago."),
        (WEEK, Level.GREEN, "The newest backup was made 7 d ago."),
        (WEEK + SECOND, Level.AMBER, "The newest backup was made 7 d ago."),
        (-SECOND, Level.GREEN, "The newest backup was made 0 min ago."),
    ],
)
def test_a_backup_is_missed_after_its_days(
    age: dt.timedelta | None, level: Level, said: str
) -> None:
    found = finding(None if age is None else NOW - age, days_max=7, now=NOW)
    assert (found.what, found.level) == (BACKUP, level)
    assert found.sentence == said
    assert ("homeby backup" in found.what_to_do) is (level is Level.AMBER)
