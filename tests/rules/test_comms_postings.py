"""Which kinds a webhook may have, and when a posting is tried again."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.comms.rules import postings
from homeby.station.reference import declared_kinds

NOW = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("age_minutes", "tries", "wanted"),
    [
        (0, 1, dt.timedelta(seconds=5)),
        (0, 4, dt.timedelta(seconds=120)),
        (60, 19, dt.timedelta(seconds=120)),
        (600, 20, dt.timedelta(minutes=15)),
        (3 * 24 * 60, 500, dt.timedelta(minutes=15)),
        (3 * 24 * 60 + 1, 500, None),
    ],
)
def test_when_it_is_tried_again(age_minutes: int, tries: int, wanted: dt.timedelta | None) -> None:
    created_at = NOW - dt.timedelta(minutes=age_minutes)
    found = postings.again_at(created_at=created_at, tries=tries, now=NOW, jitter=0.0)
    assert found == (NOW + wanted if wanted else None)


def test_what_posting_itself_writes_cannot_be_chosen() -> None:
    declared_kinds()
    offered = {kind.name for kind in postings.offered()}
    assert {"MISSION_SIGNED_OUT", "ALARM_OPENED"} <= offered
    assert not [name for name in offered if name.startswith(("MESSAGE", "WEBHOOK", "CHANNEL"))]
