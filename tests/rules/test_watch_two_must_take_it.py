"""Where two must take it: one alone holds up no step, each acknowledgement runs out on its own."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeby.watch.rules import (
    EXPIRES_WITHIN,
    AlarmFacts,
    Hold,
    Lapse,
    Phase,
    Run,
    Taken,
    Wait,
    believable,
    decide_alarm,
    next_look,
    take,
)
from tests.rules.test_watch_for_ever import alarms, assert_comes_back
from tests.rules.watch_samples import HOLDER, after, alarm, minutes

ANN, BEN, CAT = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


def half(**values: Any) -> AlarmFacts:
    """Told at 60, the next step at 70; one of two has taken it."""
    facts = alarm(phase=Phase.ALERT, next_step=3, ran_at=minutes(60), wait_minutes=5)
    one = {"co_holder_id": ANN, "co_expires_at": minutes(82)}
    return replace(facts, **{**one, **values})


def both(**values: Any) -> AlarmFacts:
    return half(**{"holder_id": BEN, "expires_at": minutes(85), **values})


def test_one_alone_of_two_holds_up_no_step_and_is_spared_by_it() -> None:
    assert decide_alarm(half(), now=minutes(62)) == Wait(act_at=minutes(70))
    run = decide_alarm(half(), now=minutes(70))
    assert isinstance(run, Run)
    assert (run.index, run.spares) == (3, ANN)
    assert after(next_look(run, half(), now=minutes(70))) == 80


def test_two_hold_everything_until_the_first_of_them_runs_out() -> None:
    assert decide_alarm(both(), now=minutes(70)) == Wait(act_at=minutes(82))
    sooner = both(expires_at=minutes(81))
    assert decide_alarm(sooner, now=minutes(70)) == Wait(act_at=minutes(81))


@pytest.mark.parametrize(
    ("facts", "minute", "people", "goes_on_at"),
    [
        (both(), 82, (ANN,), 85),  # the other one runs out in the five minutes
        (both(expires_at=minutes(99)), 82, (ANN,), 87),
        (both(co_expires_at=minutes(99)), 85, (BEN,), 90),
        (both(expires_at=minutes(82)), 82, (BEN, ANN), 87),
        (half(), 82, (ANN,), 82),  # the step of 80 was not run: it is not put off by asking
        (half(next_step=4, ran_at=minutes(80), wait_minutes=10), 82, (ANN,), 87),
        (half(next_step=4, ran_at=minutes(80), wait_minutes=4), 82, (ANN,), 84),
    ],
)
def test_whoever_falls_silent_is_asked_and_the_steps_go_on(
    facts: AlarmFacts, minute: float, people: tuple[uuid.UUID, ...], goes_on_at: float
) -> None:
    lapse = decide_alarm(facts, now=minutes(minute))
    assert lapse == Lapse(phase=Phase.ALERT, act_at=minutes(goes_on_at), people=people)


def test_a_wait_for_the_next_step_ends_where_the_one_of_two_falls_silent() -> None:
    waits = half(ran_at=minutes(80), next_step=4, wait_minutes=10)
    assert decide_alarm(waits, now=minutes(81)) == Wait(act_at=minutes(82))


@pytest.mark.parametrize(
    ("facts", "minute", "spares"),
    [
        (both(expires_at=minutes(200)), 88, BEN),
        (both(co_expires_at=minutes(200)), 91, ANN),
        (both(), 91, None),
        (half(), 88, None),
        (half(co_expires_at=minutes(200)), 88, ANN),
    ],
)
def test_who_fell_silent_while_nobody_watched_is_told_with_the_others(
    facts: AlarmFacts, minute: float, spares: uuid.UUID | None
) -> None:
    run = decide_alarm(replace(facts, was_missed=True), now=minutes(minute))
    assert isinstance(run, Run)
    assert run.spares == spares


def test_who_fell_silent_just_before_the_watch_was_back_is_asked_first() -> None:
    lapse = decide_alarm(both(was_missed=True), now=minutes(84))
    assert lapse == Lapse(phase=Phase.ALERT, act_at=minutes(85), people=(ANN,))


@pytest.mark.parametrize("facts", [half(), both()])
def test_the_call_out_time_breaks_both(facts: AlarmFacts) -> None:
    before = replace(facts, phase=Phase.UNCERTAINTY, next_step=2, ran_at=minutes(50))
    run = decide_alarm(before, now=minutes(60))
    assert isinstance(run, Run)
    assert (run.phase, run.spares) == (Phase.ALERT, None)


def test_an_acknowledgement_of_the_second_that_lies_too_far_ahead_is_not_believed() -> None:
    far = half(co_expires_at=minutes(70) + EXPIRES_WITHIN + dt.timedelta(hours=1))
    assert believable(far, now=minutes(70)).co_expires_at == minutes(70) + EXPIRES_WITHIN


@settings(max_examples=150, deadline=None)
@given(facts=alarms, minute=st.integers(0, 900), repeats=st.integers(0, 3))
def test_one_alone_of_two_changes_nothing_of_what_an_untaken_alarm_does(
    facts: AlarmFacts, minute: int, repeats: int
) -> None:
    now = minutes(minute)
    facts = replace(facts, ran_at=minutes(minute - 4), next_step=repeats, wait_minutes=10)
    alone = replace(facts, co_holder_id=ANN, co_expires_at=now + dt.timedelta(days=30))
    free, found = decide_alarm(facts, now=now), decide_alarm(alone, now=now)
    if isinstance(found, Run):
        assert found.spares == (ANN if found.phase is facts.phase else None)
        found = replace(found, spares=None)
    assert found == free
    assert_comes_back(replace(alone, co_expires_at=now + dt.timedelta(minutes=20)), now)


# --- who has it after somebody takes it -----------------------------------------------------------


def taken(who: uuid.UUID, *holds: tuple[uuid.UUID, float], **values: Any) -> Taken:
    facts: dict[str, Any] = {"held_by": [], "two_must": True, "giver_id": None, "now": minutes(0)}
    return take(
        who,
        holds=[Hold(person_id=key, until=minutes(until)) for key, until in holds],
        fresh_at=minutes(100),
        **{**facts, **values},
    )


def told(found: Taken) -> tuple[Any, ...]:
    """Whether it counts, until when, with whom, and instead of whom."""
    other = found.other.person_id if found.other else None
    return found.is_taken, after(found.until), other, found.displaced


def test_whose_time_is_over_has_it_no_more_though_the_watch_has_not_looked_since() -> None:
    """Else whoever takes it then would be told that it is theirs until a moment that is past."""
    late: dict[str, Any] = {"now": minutes(90), "held_by": [str(ANN), str(BEN)]}
    assert told(taken(BEN, (ANN, 90), two_must=False, **late)) == (True, 100, None, (ANN,))
    assert told(taken(BEN, (ANN, 90.1), two_must=False, **late)) == (True, 90.1, None, (ANN,))
    assert told(taken(BEN, (ANN, 90), **late)) == (False, 100, None, (ANN,))
    assert told(taken(ANN, (ANN, 90), two_must=False, **late)) == (True, 100, None, ())


def test_a_second_person_makes_two_and_the_same_person_twice_does_not() -> None:
    assert told(taken(ANN)) == (False, 100, None, ())
    assert told(taken(ANN, (ANN, 90))) == (False, 100, None, ())
    assert told(taken(BEN, (ANN, 90))) == (True, 90, ANN, ())
    assert told(taken(BEN, (ANN, 90), (BEN, 95))) == (True, 90, ANN, ())
    assert taken(BEN, (ANN, 90), (BEN, 80)).own == Hold(person_id=BEN, until=minutes(100))


def test_a_third_takes_the_place_of_who_offered_it_or_of_who_would_run_out_first() -> None:
    assert told(taken(CAT, (ANN, 90), (BEN, 85))) == (True, 90, ANN, (BEN,))
    given = taken(CAT, (ANN, 90), (BEN, 85), giver_id=ANN)
    assert told(given) == (True, 85, BEN, (ANN,))
    assert told(taken(CAT, (ANN, 90), giver_id=ANN)) == (False, 100, None, (ANN,))
    assert told(taken(BEN, (ANN, 90), (BEN, 85), giver_id=ANN)) == (True, 90, ANN, ())


def test_passed_round_between_two_and_a_third_no_time_begins_anew() -> None:
    back = taken(BEN, (ANN, 99), (CAT, 88), held_by=[str(ANN), str(BEN), str(CAT)])
    assert back.displaced == (CAT,)
    assert back.own.until == minutes(88)
    assert taken(BEN, (ANN, 99), held_by=[str(ANN), str(BEN)]).own.until == minutes(100)


def test_where_one_is_enough_whoever_takes_it_has_it_alone() -> None:
    assert told(taken(HOLDER, two_must=False)) == (True, 100, None, ())
    assert told(taken(BEN, (ANN, 90), two_must=False)) == (True, 100, None, (ANN,))
    assert told(taken(BEN, (ANN, 90), (CAT, 80), two_must=False))[3] == (CAT, ANN)
