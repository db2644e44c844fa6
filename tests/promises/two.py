"""A plan of returns of which two must take the alarms, and who has taken one."""

from __future__ import annotations

import uuid

from homeby.logbook.rules import new_tap
from homeby.people.rules import STATION
from homeby.watch.actions import plans
from homeby.watch.models import EscalationPlan
from homeby.watch.rules import DeadlineKind, Step
from tests.world import RETURN_STEPS, World


def two_must(world: World, *steps: Step, two: bool = True) -> None:
    """From now on the plan of returns wants two, or one again."""
    fields = plans.PlanFields(
        name="Return",
        kind=DeadlineKind.RETURN,
        steps=steps or RETURN_STEPS,
        is_default=True,
        two_must_take=two,
    )
    plan_id = EscalationPlan.objects.get(name="Return").pk
    plans.set_plan(plan_id=plan_id, fields=fields, by=STATION, now=world.now, tap=new_tap())


def takers(world: World) -> list[uuid.UUID]:
    return world.alarm().takers


def ids(world: World, *who: str) -> list[uuid.UUID]:
    return [world.people[one] for one in who]
