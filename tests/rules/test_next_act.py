"""The one big button: what it offers, by how it stands and what the hour is."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.missions.rules import MemberState
from homeby.missions.rules.next_act import fine_until, next_act
from homeby.people.rules import Act

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "until", "expected"),
    [
        (MemberState.PLANNED, None, Act.SIGN_OUT),
        (MemberState.PLANNED, LATER, Act.SIGN_OUT),
        (MemberState.OUT, None, Act.SIGN_IN),
        (MemberState.OUT, LATER, Act.CHECK_IN),
        (MemberState.OUT, NOW, Act.SIGN_IN),
        (MemberState.BACK, LATER, None),
        (MemberState.STAYED, None, None),
    ],
)
def test_the_next_act(state: str, until: dt.datetime | None, expected: Act | None) -> None:
    assert next_act(state, fine_until=until, now=NOW) == expected


def test_a_check_in_comes_first_only_where_one_is_asked_for() -> None:
    assert fine_until(check_in_at=None, due_at=LATER) is None
    assert fine_until(check_in_at=NOW, due_at=LATER) == LATER
