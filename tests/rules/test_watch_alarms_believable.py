"""An alarm's instants that lie further ahead than they can are not believed."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.watch import rules
from homeby.watch.rules import AlarmFacts, Anchor, Phase, Plan, Step, Target, Times

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
PLAN = Plan(
    id=uuid.uuid4(),
    name="Return",
    steps=(Step(anchor=Anchor.CALL_OUT, offset_minutes=0, targets=(Target.DUTY_OFFICER,)),),
)


def ahead(minutes: float) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


def facts(**values: object) -> AlarmFacts:
    known: dict[str, object] = {
        "times": Times(due_at=ahead(-120), call_out_at=ahead(-60)),
        "plan": PLAN,
        "phase": Phase.ALERT,
        "act_at": NOW,
        "next_step": 1,
        "ran_at": ahead(-5),
    }
    return AlarmFacts(**(known | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "minutes", "believed"),
    [
        ("ran_at", -500, -500),
        ("ran_at", 1, 1),  # two watchkeepers' clocks may be so far apart
        ("ran_at", 1.1, 0),
        ("ran_at", 1440, 0),
        ("hold_until", 20, 20),
        ("hold_until", 21, 21),
        ("hold_until", 22, 20),
        ("expires_at", 120, 120),
        ("expires_at", 1440, 120),
        ("handed_at", 0.5, 0.5),
        ("handed_at", 1440, None),
    ],
)
def test_how_far_ahead_an_instant_may_lie(
    name: str, minutes: float, believed: float | None
) -> None:
    given = facts(**{name: ahead(minutes)})
    found = getattr(rules.believable(given, now=NOW), name)
    assert found == (None if believed is None else ahead(believed))


@pytest.mark.parametrize(
    ("held", "ran", "minutes", "believed"),
    [
        (False, False, 5, 5),
        (False, False, 1440, 5),  # a lapsed holder has five minutes
        (True, False, 1440, 1440),  # whoever has it has it until it expires
        (False, True, 1440, 1440),  # the hour of the next step is an instant of its own
    ],
)
def test_how_far_ahead_the_next_act_may_lie(
    held: bool, ran: bool, minutes: float, believed: float
) -> None:
    given = facts(
        act_at=ahead(minutes),
        holder_id=uuid.uuid4() if held else None,
        ran_at=ahead(-5) if ran else None,
    )
    assert rules.believable(given, now=NOW).act_at == ahead(believed)


def test_nothing_ahead_nothing_changed() -> None:
    given = facts(hold_until=ahead(10), expires_at=ahead(90), handed_at=ahead(-4))
    assert rules.believable(given, now=NOW) == given
