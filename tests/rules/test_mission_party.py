"""Who of a party is out, when a mission is back, and how heads are counted against names."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.missions.rules import (
    MemberState,
    MissionState,
    headcount_problem,
    needs_approval,
    state_of,
)

BACK, OUT, PLANNED, STAYED = (MemberState(s) for s in ("BACK", "OUT", "PLANNED", "STAYED"))
HEAD, FOX = uuid.uuid4(), uuid.uuid4()


@pytest.mark.parametrize(
    ("party", "state"),
    [
        ([PLANNED], MissionState.PLANNED),
        ([PLANNED, STAYED], MissionState.PLANNED),
        ([OUT], MissionState.OUT),
        ([OUT, PLANNED], MissionState.OUT),
        ([OUT, BACK, BACK], MissionState.OUT),
        ([BACK], MissionState.BACK),
        ([BACK, STAYED], MissionState.BACK),
        ([BACK, PLANNED], MissionState.BACK),
        ([STAYED, STAYED], MissionState.CANCELLED),
    ],
)
def test_the_state_follows_from_the_party(party: list[MemberState], state: MissionState) -> None:
    assert state_of(party) is state


@given(party=st.lists(st.sampled_from(MemberState), min_size=1, max_size=12))
def test_a_mission_is_back_only_when_nobody_is_missing(party: list[MemberState]) -> None:
    assert (state_of(party) is MissionState.OUT) == (OUT in party)


@given(heads=st.integers(0, 300), named=st.integers(0, 300))
def test_heads_and_names_agree_or_both_numbers_are_said(heads: int, named: int) -> None:
    problem = headcount_problem(heads=heads, named=named, out=max(named, 1))
    if heads == named:
        assert problem is None
    else:
        assert str(heads) in str(problem)
        assert str(named) in str(problem)


@pytest.mark.parametrize(
    ("solo", "approved", "planned", "needs"),
    [
        (False, None, HEAD, False),
        (True, None, HEAD, True),
        (True, HEAD, HEAD, True),  # one's own approval is none
        (True, HEAD, FOX, False),
        (True, HEAD, None, False),
    ],
)
def test_alone_a_second_person_approves(
    solo: bool, approved: uuid.UUID | None, planned: uuid.UUID | None, needs: bool
) -> None:
    assert needs_approval(solo=solo, approved_by=approved, planned_by=planned) is needs
