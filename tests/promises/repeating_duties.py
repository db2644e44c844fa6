"""One way to do each act on duties, for the tests that do it twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from homeby.logbook.rules import new_tap
from homeby.people.rules import hash_of
from homeby.readiness.actions import (
    decision_groups,
    duties,
    duty_asking,
    duty_crew,
    duty_minors,
    duty_planners,
    duty_swaps,
    own_times,
    pair_wishes,
    plan_overrides,
)
from homeby.readiness.actions.breaking_rest import Given
from homeby.readiness.actions.decision_groups import MissionTogether
from homeby.readiness.actions.duties import DutyFields, FrameFields
from homeby.readiness.actions.duty_asking import Said
from homeby.readiness.actions.duty_crew import PickFields
from homeby.readiness.actions.duty_swaps import OfferFields
from homeby.readiness.models import Duty, OwnTime
from homeby.readiness.rules.decision_groups import Together
from homeby.readiness.rules.duty_planning import Attended, DutyAnswer, DutyType, StoodDown
from homeby.readiness.rules.overrides import Lifted
from homeby.readiness.rules.own_times import OwnTimeKind
from homeby.readiness.rules.whose import Whose
from tests.promises.limited import choose_limits, is_minor
from tests.promises.planning_duties import a_shift_of, ask, away, in_team, offer, planned
from tests.promises.repeating_people import Act, call
from tests.world import ZONE, World

HOUR = dt.timedelta(hours=1)


def _planned(world: World, **more: Any) -> uuid.UUID:
    return planned(world, team_id=None, **more).pk


def _asked(world: World) -> uuid.UUID:
    duty = planned(world, team_id=None, seats="1")
    ask(world, duty, "agent")
    return duty.pk


def _handed(world: World) -> uuid.UUID:
    key = _planned(world)
    duty_planners.hand_over(duty_id=key, to_id=world.people["deputy"], by=world.as_("head"),
                            now=world.now, tap=new_tap())  # fmt: skip
    return key


def _for_a_minor(world: World) -> uuid.UUID:
    is_minor(world, "mate")
    choose_limits(world)
    return _planned(world, hours=14, lasts=4)


def _begun(world: World) -> uuid.UUID:
    key = a_shift_of(world, "agent")
    world.now = Duty.objects.get(pk=key).starts_at
    return key


def _offered(world: World) -> uuid.UUID:
    duty = Duty.objects.get(pk=a_shift_of(world, "head"))
    return offer(world, duty, "head", "mate")


def _mate(world: World) -> uuid.UUID:
    in_team(world, "agent", "mate")
    return world.people["mate"]


def _wished(world: World) -> uuid.UUID:
    tap, other = new_tap(), _mate(world)
    pair_wishes.wish(other_id=other, by=world.as_("agent"), now=world.now, tap=tap)
    return tap.entry_id


def _leave(world: World) -> uuid.UUID:
    away(world, "agent", hours=1, lasts=2)
    return OwnTime.objects.get().pk


def _frame(world: World, hours: float) -> FrameFields:
    begins = world.now + hours * HOUR
    return FrameFields(starts_at=begins, ends_at=begins + HOUR)


def _fields(world: World) -> DutyFields:
    frame = _frame(world, 24)
    return DutyFields(
        kind=DutyType.TRAINING, what="Ropes", starts_at=frame.starts_at, ends_at=frame.ends_at,
        zone=ZONE, weeks=2,
    )  # fmt: skip


def _together(world: World) -> MissionTogether:
    return MissionTogether(
        mission_id=world.plan("agent").pk, whose=Whose(), due_at=world.now + HOUR,
        together=Together(name="Expedition"),
    )  # fmt: skip


DUTIES: dict[str, Callable[[World], Act]] = {
    "readiness.duties.plan": lambda w: call(w, duties.plan, by="head", fields=_fields(w)),
    "readiness.duties.move": lambda w: call(
        w, duties.move, by="head", duty_id=_asked(w), fields=_frame(w, 30)
    ),
    "readiness.decision_groups.group_mission": lambda w: call(
        w, decision_groups.group_mission, by="head", mission=_together(w)
    ),
    "readiness.decision_groups.leave_group": lambda w: call(
        w, decision_groups.leave_group, by="head",
        duty_id=_planned(w, together=Together(name="Expedition")),
    ),
    "readiness.decision_groups.join_group": lambda w: call(
        w, decision_groups.join_group, by="head", duty_id=_planned(w),
        together=Together(name="Expedition"),
    ),
    "readiness.duties.call_off": lambda w: call(
        w, duties.call_off, by="head", duty_id=_asked(w), why="Storm"
    ),
    "readiness.duty_asking.ask": lambda w: call(
        w, duty_asking.ask, by="head", duty_id=_planned(w), person_ids=[w.people["agent"]]
    ),
    "readiness.duty_asking.answer": lambda w: call(
        w, duty_asking.answer, by="agent", duty_id=_asked(w), said=Said(answer=DutyAnswer.YES)
    ),
    "readiness.duty_asking.sign_up": lambda w: call(
        w, duty_asking.sign_up, by="agent", duty_id=_planned(w, is_open=True)
    ),
    "readiness.duty_crew.pick": lambda w: call(
        w, duty_crew.pick, by="head", duty_id=_asked(w),
        fields=PickFields(person_ids=[w.people["agent"]]),
    ),
    "readiness.plan_overrides.keep_override": lambda w: call(
        w, plan_overrides.keep_override, by="head", person_id=w.people["agent"],
        word=Given(
            reason="Needed.", lifts=Lifted(rest=True, health=False), span=(w.now, w.now + HOUR)
        ),
    ),
    "readiness.duty_planners.take_over": lambda w: call(
        w, duty_planners.take_over, by="deputy", duty_id=_planned(w)
    ),
    "readiness.duty_planners.hand_over": lambda w: call(
        w, duty_planners.hand_over, by="head", duty_id=_planned(w), to_id=w.people["deputy"]
    ),
    "readiness.duty_planners.say_have_it": lambda w: call(
        w, duty_planners.say_have_it, by="deputy", duty_id=_handed(w)
    ),
    "readiness.duty_minors.approve_minor": lambda w: call(
        w, duty_minors.approve_minor, by="deputy", duty_id=_for_a_minor(w),
        person_id=w.people["mate"], reason="Her mother goes along.",
    ),
    "readiness.duty_crew.stand_down": lambda w: call(
        w, duty_crew.stand_down, by="head", duty_id=a_shift_of(w, "agent"),
        person_id=w.people["agent"], why=StoodDown.NOT_BEFORE,
    ),
    "readiness.duty_crew.attend": lambda w: call(
        w, duty_crew.attend, by="agent", duty_id=_begun(w), how=Attended.CAME
    ),
    "readiness.duty_swaps.offer": lambda w: call(
        w, duty_swaps.offer, by="head", duty_id=a_shift_of(w, "head"),
        fields=OfferFields(to_id=w.people["mate"]),
    ),
    "readiness.duty_swaps.settle": lambda w: call(
        w, duty_swaps.settle, by="mate", swap_id=_offered(w), takes=True
    ),
    "readiness.pair_wishes.wish": lambda w: call(
        w, pair_wishes.wish, by="agent", other_id=_mate(w)
    ),
    "readiness.pair_wishes.take_back": lambda w: call(
        w, pair_wishes.take_back, by="agent", wish_id=_wished(w)
    ),
    "readiness.own_times.enter_time": lambda w: call(
        w, own_times.enter_time, by="agent", kind=OwnTimeKind.LEAVE,
        starts_at=w.now + HOUR, ends_at=w.now + 2 * HOUR,
    ),
    "readiness.own_times.end_time": lambda w: call(
        w, own_times.end_time, by="agent", time_id=_leave(w)
    ),
    "readiness.own_times.set_feed": lambda w: call(
        w, own_times.set_feed, by="agent", address="https://calendar.example/x.ics"
    ),
    "readiness.own_times.set_link": lambda w: call(
        w, own_times.set_link, by="agent", key_hash=hash_of("x"), shows_all=False
    ),
}  # fmt: skip
