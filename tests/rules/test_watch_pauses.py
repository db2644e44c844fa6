"""When a pause of the watch holds, begins and ends, and what may be asked for."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest

from homeby.watch.rules import PauseFacts, PauseState, Turn, holds, problems_with_pause, turn_of

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
ONE, TWO = uuid.uuid4(), uuid.uuid4()
PAUSED = PauseFacts(
    state=PauseState.PAUSED,
    asked_by_id=ONE,
    asked_at=NOON - HOUR,
    from_at=NOON,
    until_at=NOON + 2 * HOUR,
    with_notice=False,
    agreed_by_id=TWO,
)
NOTICE = replace(
    PAUSED,
    state=PauseState.NOTICE,
    asked_at=NOON - 24 * HOUR,
    with_notice=True,
    agreed_by_id=None,
)


@pytest.mark.parametrize(
    ("change", "hours", "held"),
    [
        ({}, 0, True),
        ({}, 1.99, True),
        ({}, 2, False),  # the end itself is no pause any more
        ({}, -1, False),  # a clock that was set back: nobody is silent until it catches up
        ({"state": PauseState.ASKED}, 1, False),
        ({"state": PauseState.OVER}, 1, False),
        ({"agreed_by_id": None}, 1, False),
        ({"agreed_by_id": ONE}, 1, False),  # the same person twice is one person
        ({"agreed_by_id": None, "with_notice": True}, 1, False),  # an hour is no day's notice
        ({"agreed_by_id": None, "with_notice": True, "asked_at": NOON - 24 * HOUR}, 1, True),
    ],
)
def test_a_pause_holds_between_its_instants_and_for_two(
    change: dict[str, Any], hours: float, held: bool
) -> None:
    assert holds(replace(PAUSED, **change), now=NOON + hours * HOUR) is held


@pytest.mark.parametrize(
    ("facts", "hours", "alarm", "turn"),
    [
        (PAUSED, 1, False, None),
        (PAUSED, 1, True, None),  # HELP in a pause does not end it
        (PAUSED, 2, False, Turn.END),
        (replace(PAUSED, agreed_by_id=None), 1, False, Turn.END),
        (NOTICE, -0.1, False, None),
        (NOTICE, 0, False, Turn.BEGIN),
        (NOTICE, 0, True, None),
        (NOTICE, 2, True, Turn.LAPSE),
        (replace(PAUSED, state=PauseState.ASKED), 1, False, None),
        (replace(PAUSED, state=PauseState.ASKED), 2, False, Turn.LAPSE),
    ],
)
def test_what_the_clock_asks_of_a_pause(
    facts: PauseFacts, hours: float, alarm: bool, turn: Turn | None
) -> None:
    assert turn_of(facts, is_alarm_open=alarm, now=NOON + hours * HOUR) is turn


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"until_at": NOON + 12 * HOUR}, []),
        ({"until_at": NOON + 12.1 * HOUR}, ["until"]),
        ({"until_at": NOON}, ["until"]),
        ({"with_notice": True}, ["until"]),
        ({"with_notice": True, "until_at": NOON + 36 * HOUR}, []),
        ({"with_notice": True, "until_at": NOON + 36.1 * HOUR}, ["until"]),
        ({"reason": " 1234 "}, ["reason"]),
        ({"reason": "x" * 301, "until_at": NOON}, ["reason", "until"]),
    ],
)
def test_what_may_be_asked_for(change: dict[str, Any], fields: list[str]) -> None:
    values: dict[str, Any] = {
        "reason": "Exercise",
        "until_at": NOON + HOUR,
        "with_notice": False,
        "hours_max": 12,
    }
    assert list(problems_with_pause(**(values | change), now=NOON)) == fields
