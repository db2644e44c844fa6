"""Plans, times and alarms in a few words, for the rule tests of the watch."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from homeby.watch.rules import (
    AlarmFacts,
    Anchor,
    Phase,
    Plan,
    Run,
    Step,
    Target,
    Times,
    ladder,
    next_look,
)

DUE = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
HOLDER = uuid.uuid4()


def minutes(number: float) -> dt.datetime:
    """So many minutes after the due time."""
    return DUE + dt.timedelta(minutes=number)


def after(at: dt.datetime) -> float:
    """How many minutes after the due time an instant is."""
    return (at - DUE).total_seconds() / 60


def step(anchor: Anchor, offset: int, *targets: Target, wait: int = 5) -> Step:
    """A step in a few words."""
    return Step(anchor=anchor, offset_minutes=offset, targets=targets, wait_minutes=wait)


PARTY = step(Anchor.DUE, 0, Target.PARTY)
OFFICER = step(Anchor.DUE, 5, Target.DUTY_OFFICER)
CALL_OUT = step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER, Target.LEADER)
DEPUTY = step(Anchor.CALL_OUT, 10, Target.DEPUTY, Target.KIN)
LEADERS = step(Anchor.CALL_OUT, 20, Target.EVERY_LEADER)
REMINDER = step(Anchor.DUE, -15, Target.PARTY)
USUAL = (REMINDER, PARTY, OFFICER, CALL_OUT, DEPUTY, LEADERS)


_OFFSETS = st.integers(-7 * 24 * 60, 7 * 24 * 60)
_TARGETS = st.lists(st.sampled_from([t for t in Target if t is not Target.NAMED]), min_size=1)
#: Any steps, safe or not.
STEPS = st.lists(
    st.builds(
        Step,
        anchor=st.sampled_from(Anchor),
        offset_minutes=_OFFSETS,
        targets=_TARGETS.map(tuple),
        wait_minutes=st.integers(0, 240),
    ),
    min_size=1,
    max_size=12,
)


def plan(*steps: Step, repeat: int = 10, most: int = 60) -> Plan:
    """A plan of these steps, or the usual one."""
    return Plan(
        id=uuid.uuid4(),
        name="plan",
        steps=steps or USUAL,
        repeat_minutes=repeat,
        repeat_minutes_max=most,
    )


def times(grace: float = 60) -> Times:
    """Due at `DUE`, call-out after the grace."""
    return Times(due_at=DUE, call_out_at=minutes(grace))


def alarm(*, grace: float = 60, **values: Any) -> AlarmFacts:
    """An alarm that has just opened, but for what is said otherwise."""
    facts = AlarmFacts(times=times(grace), plan=plan(), phase=Phase.UNCERTAINTY, act_at=DUE)
    return replace(facts, **values)


def after_step(facts: AlarmFacts, run: Run, *, now: dt.datetime, **outcome: Any) -> AlarmFacts:
    """The alarm once a step has run, as the tick writes it, and what became of its messages."""
    ran = replace(
        facts,
        phase=run.phase,
        next_step=run.following,
        lapsed=False,
        repeats=run.repeat,
        wait_minutes=run.wait_minutes,
        ran_at=now,
        handed_at=None,
        impossible=False,
        last_resort=run.following >= len(ladder(facts.plan, facts.times))
        and run.previous_reached_nobody,
        holder_id=None,
        expires_at=None,
        hold_until=None,
        co_holder_id=run.spares,
        co_expires_at=facts.co_expires_at if run.spares else None,
        act_at=next_look(run, facts, now=now),
    )
    return replace(ran, **outcome)
