"""Whatever happens to its messages and whoever takes it and falls silent: an open alarm goes on."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from homeby.watch.rules import (
    AlarmFacts,
    Lapse,
    Phase,
    Plan,
    Run,
    Step,
    Target,
    Wait,
    decide_alarm,
    hold_after_heard,
    ladder,
    problems_with_plan,
)
from tests.rules.watch_samples import (
    CALL_OUT,
    DUE,
    HOLDER,
    STEPS,
    after,
    after_step,
    alarm,
    minutes,
)

DAY = 24 * 60
TAKEN_MINUTES = 20
CO_HOLDER = uuid.uuid4()

plans = st.builds(
    lambda steps, repeat, slower: Plan(
        id=HOLDER,
        name="any",
        steps=tuple(steps) if not problems_with_plan(steps) else (*steps[:5], CALL_OUT),
        repeat_minutes=repeat,
        repeat_minutes_max=repeat + slower,
    ),
    STEPS,
    st.integers(1, 240),
    st.integers(0, 240),
)
alarms = st.builds(
    lambda plan, grace, phase: alarm(plan=plan, grace=grace, phase=phase),
    plans,
    st.integers(0, 600),
    st.sampled_from([Phase.UNCERTAINTY, Phase.DISTRESS]),
)

HANDED = {"handed_at": DUE}
outcomes = st.sampled_from(["handed", "handed late", "impossible", "nothing known"])


def with_outcome(facts: AlarmFacts, what: str, now: dt.datetime) -> AlarmFacts:
    """What became of the messages of the step that ran now."""
    match what:
        case "handed":
            return replace(facts, handed_at=now)
        case "handed late":
            return replace(facts, handed_at=now + dt.timedelta(minutes=3))
        case "impossible":
            return replace(facts, impossible=True)
    return facts


def next_act(decision: Wait | Lapse, now: dt.datetime) -> dt.datetime:
    """Every decision but to run names a moment to come."""
    assert decision.act_at > now or (isinstance(decision, Lapse) and decision.act_at == now)
    return decision.act_at


@settings(max_examples=150, deadline=None)
@given(facts=alarms, data=st.data())
def test_with_nobody_answering_a_day_has_some_steps_and_not_too_many(
    facts: AlarmFacts, data: st.DataObject
) -> None:
    steps, now, runs = len(ladder(facts.plan, facts.times)), DUE, []
    for _ in range(5 * (DAY + 60)):
        decision = decide_alarm(facts, now=now)
        if isinstance(decision, Run):
            runs.append(now)
            rises = decision.phase is not facts.phase
            assert decision.index >= facts.next_step - rises or decision.repeat
            facts = after_step(facts, decision, now=now)
            assert facts.act_at >= now
            facts = with_outcome(facts, data.draw(outcomes), now)
            now = now if facts.impossible else facts.act_at
        else:
            assert isinstance(decision, Wait)
            now = next_act(decision, now)
        if now > facts.times.call_out_at + dt.timedelta(days=1):
            break
    in_the_day = [at for at in runs if at >= facts.times.call_out_at]
    assert in_the_day, "somebody is told"
    assert in_the_day[0] == facts.times.call_out_at or facts.phase is Phase.DISTRESS
    assert len(in_the_day) <= steps + 2 + 2 * DAY / facts.plan.repeat_minutes, "each and everybody"


def judged(facts: AlarmFacts, now: dt.datetime) -> AlarmFacts:
    """The alarm after one look, as the tick writes it."""
    decision = decide_alarm(facts, now=now)
    if isinstance(decision, Run):
        return after_step(facts, decision, now=now)
    at = next_act(decision, now)
    if isinstance(decision, Lapse):
        free = replace(facts, holder_id=None, expires_at=None, ran_at=None, repeats=0)
        if facts.co_holder_id in decision.people:
            free = replace(free, co_holder_id=facts.holder_id, co_expires_at=facts.expires_at)
        if facts.holder_id in decision.people and free.co_holder_id == facts.holder_id:
            free = replace(free, co_holder_id=None, co_expires_at=None)
        return replace(free, phase=decision.phase, act_at=at)
    return facts


@settings(max_examples=150, deadline=None)
@given(facts=alarms, data=st.data())
def test_whoever_takes_it_is_heard_or_falls_silent_it_always_comes_back(
    facts: AlarmFacts, data: st.DataObject
) -> None:
    """People take it, the party is heard, in any order; from then on nobody answers any more."""
    now, held_step = DUE, -1
    for _ in range(data.draw(st.integers(1, 30))):
        facts = judged(facts, now)
        what = data.draw(st.sampled_from(["taken", "by one", "heard", "later", "much later"]))
        if what == "taken":
            until = now + dt.timedelta(minutes=TAKEN_MINUTES)
            facts = replace(facts, holder_id=HOLDER, expires_at=until)
        if what == "by one":  # the other of two, or the first
            until = now + dt.timedelta(minutes=TAKEN_MINUTES)
            facts = replace(facts, co_holder_id=CO_HOLDER, co_expires_at=until)
        if what == "heard":
            held = hold_after_heard(facts, held_step=held_step, now=now)
            facts = replace(facts, hold_until=held or facts.hold_until)
            held_step = facts.next_step + facts.repeats
        now += dt.timedelta(minutes={"later": 7, "much later": 180}.get(what, 0))
    assert_comes_back(facts, now)


def assert_comes_back(facts: AlarmFacts, now: dt.datetime) -> None:
    """Left alone, people are told again before long, and no decision is ever to do nothing."""
    begun = now
    for _ in range(100):
        decision = decide_alarm(facts, now=now)
        if isinstance(decision, Run):
            assert decision.targets
            break
        facts, now = judged(facts, now), next_act(decision, now)
    else:
        raise AssertionError("an open alarm without a next step")
    longest = max(
        [240.0, float(facts.plan.repeat_minutes_max)]
        + [after(facts.times.call_out_at) + 7 * DAY]
        + [one.offset_minutes for one in facts.plan.steps]
    )
    assert (now - begun).total_seconds() / 60 <= 2 * longest + 60 + 7 * DAY


def test_an_alarm_that_is_asked_twice_in_one_instant_answers_the_same() -> None:
    facts = alarm()
    assert decide_alarm(facts, now=minutes(3)) == decide_alarm(facts, now=minutes(3))


def test_the_sample_step_is_one_that_a_plan_needs() -> None:
    assert isinstance(CALL_OUT, Step)
    assert Target.DUTY_OFFICER in CALL_OUT.targets
