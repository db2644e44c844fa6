"""Promises 3 and P17: two people who hand an alarm to each other do not silence it; and no plan is
kept that nobody could follow."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.people.rules import STATION
from homeby.watch.actions import plans
from homeby.watch.models import EscalationPlan
from homeby.watch.rules import Anchor, DeadlineKind, Target
from tests.promises.acts import hand_over, take
from tests.rooms.pages import Pages, text_of
from tests.rooms.test_web_office_watch import OFFICER, typed_plan
from tests.world import World, step


def overdue(world: World) -> None:
    world.send_out("agent", "mate", due_minutes=60)
    world.fast_forward(minutes=121)


def minutes_left(world: World) -> float:
    """Until whoever has the open alarm has it no more."""
    expires_at = world.alarm().expires_at
    assert expires_at is not None
    return world.minutes(expires_at) - world.minutes(world.now)


def pass_to(world: World, giver: str, taker: str) -> str:
    hand_over(world, giver, taker)
    return take(world, taker)


def test_an_alarm_handed_round_in_a_ring_runs_out_and_its_steps_go_on(world: World) -> None:
    overdue(world)
    take(world, "head")
    pass_to(world, "head", "deputy")
    until = world.alarm().expires_at
    before = len(world.phone("admin")) + len(world.phone("guard"))
    for _ in range(3):
        world.fast_forward(minutes=5)
        said = pass_to(world, "deputy", "head")
        assert "its time does not begin anew" in said
        pass_to(world, "head", "deputy")
        assert world.alarm().expires_at == until
    world.fast_forward(minutes=6)
    assert world.alarm().holder_id is None
    comes_back = [m for m in world.phone("deputy") if "comes back to you" in m.outgoing.subject]
    assert len(comes_back) == 1
    told = len(world.phone("head"))
    world.fast_forward(minutes=40)  # nobody has it: the steps go on
    assert len(world.phone("head")) > told or len(world.phone("admin")) > before


def test_a_hand_over_to_somebody_new_begins_anew_and_so_does_a_renewal(world: World) -> None:
    overdue(world)
    take(world, "head")
    world.fast_forward(minutes=15)
    pass_to(world, "head", "deputy")
    assert minutes_left(world) == 20
    world.fast_forward(minutes=15)
    assert "does not begin anew" not in take(world, "deputy")
    assert minutes_left(world) == 20


def test_whoever_takes_it_after_it_ran_out_has_it_whole(world: World) -> None:
    overdue(world)
    take(world, "head")
    world.fast_forward(minutes=21)
    assert world.alarm().holder_id is None
    assert "does not begin anew" not in take(world, "head")
    assert world.alarm().held_by == [str(world.people["head"])]


def kept(world: World, *steps: Any) -> str:
    fields = plans.PlanFields(name="Odd", kind=DeadlineKind.RETURN, steps=steps)
    with pytest.raises(Refused) as refused:
        plans.set_plan(plan_id=None, fields=fields, by=STATION, now=world.now, tap=new_tap())
    return refused.value.problems["steps"]


def test_whoever_takes_it_after_its_time_has_it_whole_though_nobody_has_looked(
    world: World,
) -> None:
    """The watch may stand still just then: nobody is told that it is theirs until a past hour."""
    overdue(world)
    take(world, "head")
    pass_to(world, "head", "deputy")
    world.now += dt.timedelta(minutes=21)
    assert "does not begin anew" not in take(world, "head")
    assert minutes_left(world) == 20


def test_a_plan_nobody_could_follow_is_refused_in_a_sentence_and_quickly(world: World) -> None:
    at_call_out = step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER)
    assert kept(world) == "A plan needs at least one step."
    assert kept(world, at_call_out, step(Anchor.DUE, 5)).startswith("Step 2 tells nobody")
    named = kept(world, at_call_out, step(Anchor.DUE, 5, Target.NAMED))
    assert named == "Step 2 tells named people, but names none."
    begun = time.perf_counter()
    said = kept(world, *[step(Anchor.DUE, 5)] * 10_000)
    assert said == "A plan has at most 50 steps; this one has 10000."
    assert time.perf_counter() - begun < 1
    assert not EscalationPlan.objects.filter(name="Odd").exists()


def test_the_page_says_so_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = Pages(world, monkeypatch).as_("admin")
    page = "/office/plans/new/"
    for fields, sentence in (
        (typed_plan(), "A plan needs at least one step."),
        (typed_plan(*[OFFICER] * 60), "A plan has at most 50 steps; this one has 60."),
        (typed_plan(OFFICER, {**OFFICER, "tell": []}), "This step tells nobody; choose at least"),
        ({**typed_plan(OFFICER), "steps-TOTAL_FORMS": "10000"}, "this one has 10000."),
        (typed_plan(*[OFFICER] * 2000), "An escalation plan has at most 50 steps."),
    ):
        answer = admin.post(page, fields)
        assert answer.status_code in (400, 422)
        assert sentence in text_of(answer)
    assert not EscalationPlan.objects.filter(name="Night").exists()
