"""Break-glass: a reason is a sentence, it ends by its own time, two officers are always told."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.missions.rules.glass import (
    OPEN_FOR,
    GlassState,
    officers_told,
    problem_with_reason,
    problem_with_review,
    state_of,
)

NOW = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
A, B, C, D = (uuid.UUID(int=number) for number in range(1, 5))


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("", "Say why"),
        ("  \n", "Say why"),
        ("emergency", "One word"),
        ("two words", "One word"),
        ("x y z " * 51, "It has 306 characters"),
        ("She fell into the river.", ""),
        ("a b " + "c" * 296, ""),
    ],
)
def test_a_reason_is_a_sentence(text: str, begins: str) -> None:
    found = problem_with_reason(text)
    assert found.startswith(begins)
    assert bool(found) is bool(begins)


def test_a_review_is_a_sentence_too() -> None:
    assert problem_with_review(" ").startswith("Say in a sentence what you found")
    assert problem_with_review("ok").startswith("One word")
    assert problem_with_review("Needed, nothing follows.") == ""


@pytest.mark.parametrize(
    ("after", "reviewed", "state"),
    [
        (dt.timedelta(0), False, GlassState.OPEN),
        (OPEN_FOR - dt.timedelta(seconds=1), False, GlassState.OPEN),
        (OPEN_FOR, False, GlassState.WAITS),
        (dt.timedelta(days=400), False, GlassState.WAITS),
        (OPEN_FOR, True, GlassState.REVIEWED),
    ],
)
def test_it_closes_by_itself_and_waits_for_its_review(
    after: dt.timedelta, reviewed: bool, state: GlassState
) -> None:
    reviewed_at = NOW + after if reviewed else None
    assert state_of(until_at=NOW + OPEN_FOR, reviewed_at=reviewed_at, now=NOW + after) is state
    assert dt.timedelta(minutes=60) == OPEN_FOR


@pytest.mark.parametrize(
    ("on_watch", "keepers", "reachable", "without", "told"),
    [
        ([A], [A, B, C], {A, B, C}, {D}, [A, B]),
        ([A, B], [A, B, C], {A, B, C}, {D}, [A, B]),
        ([A], [A, B, C], {A, B, C}, {A}, [B, C]),
        ([A], [A, B, C, D], {B, C, D}, {D}, [A, B, C]),  # who holds it is told, reachable or not
        ([A, A], [B, B, C], {A, B, C}, set(), [A, B]),
        ([], [A], {A}, {A}, []),
        ([A], [A, B], {A}, {D}, [A]),
    ],
)
def test_two_who_can_be_reached_are_told_and_never_the_holder_or_the_party(
    on_watch: list[uuid.UUID],
    keepers: list[uuid.UUID],
    reachable: set[uuid.UUID],
    without: set[uuid.UUID],
    told: list[uuid.UUID],
) -> None:
    assert officers_told(on_watch, keepers, reachable=reachable, without=without) == told
