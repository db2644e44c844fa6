"""What a plan must have before it stands. Pure; a problem is a sentence, by field."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from homeby import instants
from homeby.missions.rules import CHECK_INS_MAX, LONGEST_DAYS, PARTY_MAX, Limits, PlanTimes
from homeby.sentences import gettext as _


@dataclass(frozen=True, kw_only=True)
class PlanCheck:
    """What a plan is judged by."""

    party: Sequence[uuid.UUID]
    leader_id: uuid.UUID | None
    what: str
    times: PlanTimes | None
    solo: bool
    buddy_id: uuid.UUID | None = None
    device: str = ""


def problems_with_plan(plan: PlanCheck, limits: Limits, *, now: dt.datetime) -> dict[str, str]:
    """Sentences by field about what a plan lacks; empty when it stands."""
    problems = {}
    if not plan.party:
        problems["party"] = _("Choose who goes; a party of one is a party.")
    elif len(plan.party) > PARTY_MAX:
        problems["party"] = _("A party has at most {most} people; plan several missions.").format(
            most=PARTY_MAX
        )
    if plan.leader_id is None:
        problems["leader"] = _("Choose a leader; alone, the person leads herself.")
    elif plan.leader_id not in plan.party:
        problems["leader"] = _("The leader must be one of the party.")
    if not plan.what.strip():
        problems["what"] = _("Say in a few words what the mission is.")
    if plan.times is not None:
        problems |= _time_problems(plan, plan.times, limits, now=now)
    return problems | _buddy_problems(plan)


def _buddy_problems(plan: PlanCheck) -> dict[str, str]:
    if plan.buddy_id is not None and plan.buddy_id in plan.party:
        return {"buddy": _("A buddy stays behind and checks; choose somebody who does not go.")}
    if plan.solo and not plan.device.strip() and plan.buddy_id is None:
        return {"device": _("Alone, carry a device or name a buddy who checks.")}
    return {}


def _time_problems(
    plan: PlanCheck, times: PlanTimes, limits: Limits, *, now: dt.datetime
) -> dict[str, str]:
    problems = {}
    if times.due_at <= now:
        problems["due"] = _("Expected back lies in the past; give a time still to come.")
    elif times.due_at > now + dt.timedelta(days=LONGEST_DAYS):
        problems["due"] = _(
            "Expected back lies more than {days} days ahead; check the year."
        ).format(days=LONGEST_DAYS)
    if times.sets_out_at is not None and times.sets_out_at >= times.due_at:
        problems["sets_out"] = _("They set out before they are expected back.")
    if times.call_out_at is not None:
        grace = (times.call_out_at - times.due_at).total_seconds() / 60
        if grace < 0:
            problems["call_out"] = _("The call-out time lies before expected back.")
        elif grace > limits.grace_minutes_max:
            problems["call_out"] = _(
                "Help would be called {asked} after expected back; this organisation allows {most}."
            ).format(
                asked=instants.span(60 * grace), most=instants.span(60 * limits.grace_minutes_max)
            )
    return problems | _check_in_problems(times, now=now)


def _check_in_problems(times: PlanTimes, *, now: dt.datetime) -> dict[str, str]:
    problems = {}
    if times.check_in_minutes is not None and not 5 <= times.check_in_minutes <= 24 * 60:
        problems["check_in"] = _("Check-ins are 5 minutes to 24 hours apart.")
    if len(times.check_ins) > CHECK_INS_MAX:
        problems["check_ins"] = _(
            "At most {most} check-in times; give an interval instead."
        ).format(most=CHECK_INS_MAX)
    elif any(not now < at < times.due_at for at in times.check_ins):
        problems["check_ins"] = _("Each check-in time lies between now and expected back.")
    return problems
