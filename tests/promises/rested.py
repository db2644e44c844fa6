"""Release, rest and injuries in one line each, as tests call them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from homeby.logbook.rules import Tap, new_tap
from homeby.missions.models import Mission
from homeby.missions.rules import Hurt
from homeby.readiness.actions import injuries, releasing
from homeby.readiness.actions.injuries import Look
from homeby.readiness.actions.releasing import ReleaseFields
from homeby.readiness.models import Duty, Injury
from tests.world import World

ARM: Mapping[str, str] = {"part": "ARM", "bleeding": "STOPPED", "movement": "AS_EVER",
                          "cause": "lucky shot nobody expected", "aid": "HERSELF"}  # fmt: skip


def release(
    world: World, what: Mission | Duty, who: str = "agent", *, by: str = "head", **more: Any
) -> str:
    """Release somebody who is back, or whose shift is over; not hurt and fit where the test says
    nothing else."""
    fields = replace(ReleaseFields(is_fit=True, hurt=Hurt.NO), **more)
    return releasing.release(
        from_id=what.pk,
        person_id=world.people[who],
        fields=fields,
        by=world.as_(by),
        now=world.now,
        tap=new_tap(),
    )


def hurt(
    world: World, who: str = "agent", *, by: str = "agent", tap: Tap | None = None, **facts: str
) -> str:
    """Somebody says that somebody is hurt; at the arm where the test says nothing else."""
    return injuries.tell(
        person_id=world.people[who],
        facts={**ARM, **facts},
        by=world.as_(by),
        now=world.now,
        tap=tap or new_tap(),
    )


def look_again(
    world: World,
    by: str = "medic",
    *,
    who: str = "agent",
    said: str = "Clean, no fever.",
    **more: Any,
) -> str:
    """A medic looks again, and clears it where the test says nothing else."""
    look = Look(said=said, **({"clears": True} | more))
    return injuries.look_again(
        injury_id=injury_of(world, who), look=look, by=world.as_(by), now=world.now, tap=new_tap()
    )


def injury_of(world: World, who: str = "agent") -> uuid.UUID:
    """The newest injury of somebody."""
    found = Injury.objects.filter(person_id=world.people[who]).latest("told_at")
    return found.pk
