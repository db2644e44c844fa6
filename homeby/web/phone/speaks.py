"""What speaks against a plan that is understood, and carrying it out by somebody's word."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from homeby.logbook.rules import Tap
from homeby.missions import queries as missions
from homeby.missions.actions.plan import PlanFields
from homeby.people.rules import Viewer
from homeby.readiness.actions.decision_groups import MissionTogether, plan_together
from homeby.readiness.actions.plan_overrides import judge, plan_over
from homeby.readiness.queries.plan_advice import AgainstPlan, Planned
from homeby.readiness.rules.whose import Whose
from homeby.web import together
from homeby.web.phone.planning import Planning


def against(made: Planning, fields: PlanFields) -> AgainstPlan:
    """What the planner reads of it before it is kept."""
    assert fields.times is not None, "a plan that is understood has times"
    plan = Planned(
        party=fields.party,
        due_at=fields.times.due_at,
        sets_out_at=fields.times.sets_out_at,
        zone=fields.zone,
        kind=_code(made.door.viewer, fields),
        conditions=fields.conditions,
        mission_id=made.sheet.mission.pk if made.sheet else None,
    )
    return judge(plan, by=made.door.viewer, now=made.door.now)


def _code(viewer: Viewer, fields: PlanFields) -> str:
    found = {row.pk: row.code for row in missions.kinds(viewer, ended=True)}
    return found.get(fields.kind_id, "") if fields.kind_id is not None else ""


def carried_out(made: Planning, found: AgainstPlan, act: Callable[[], str], tap: Tap) -> str:
    """Keep the plan; where somebody rests then, with the word that goes past it. Raises Refused."""
    return plan_over(
        act,
        found=found,
        reason=made.form.cleaned_data.get("why", ""),
        by=made.door.viewer,
        now=made.door.now,
        tap=tap,
    )


def with_its_group(
    made: Planning, mission_id: uuid.UUID, fields: PlanFields, act: Callable[[], str], tap: Tap
) -> str:
    """Plan it with what it is decided together with, where the form asks that. Raises Refused."""
    wanted = together.chosen(made.form)
    if wanted is None or fields.times is None:
        return act()
    mission = MissionTogether(
        mission_id=mission_id,
        whose=Whose(fields.team_id, fields.unit_id),
        due_at=fields.times.due_at,
        together=wanted,
    )
    return plan_together(act, mission, by=made.door.viewer, now=made.door.now, tap=tap)
