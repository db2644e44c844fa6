"""One way to do each act, for the tests that do it twice: what must be there first is made by the
function of that name, which gives the act that is still to be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from homeby.comms.models import ListMessage
from homeby.logbook import actions as logbook
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.missions.actions import (
    assignment,
    correct,
    debrief,
    extend,
    gate,
    heard,
    history,
    places,
    plan,
    report,
    take_back,
    unmatched,
)
from homeby.missions.models import Mission, PartyMember, Unmatched
from homeby.missions.rules import Hurt, MemberState, MissionState, PlanTimes, Word
from homeby.people.rules import STATION
from homeby.watch.actions import alarms, bill, lists, plans
from homeby.watch.models import BillRow
from homeby.watch.rules import DeadlineKind, Watch
from tests.promises.acts import ask_more_time, pass_time, take
from tests.promises.pauses import PAUSES
from tests.promises.repeating_exercises import EXERCISES
from tests.promises.repeating_kin import KIN
from tests.promises.repeating_log_ins import LOG_INS
from tests.promises.repeating_people import PEOPLE, Act, call, moved_by_zones
from tests.promises.repeating_places import PLACES
from tests.promises.repeating_private import PRIVATE
from tests.promises.repeating_programs import PROGRAMS
from tests.world import RETURN_STEPS, ZONE, World


def _out(world: World) -> Mission:
    return world.send_out("agent", due_minutes=60)


def _back(world: World) -> Mission:
    mission = _out(world)
    world.sign_in("agent")
    return mission


def _alarm(world: World) -> Mission:
    mission = _out(world)
    pass_time(world, minutes=122)
    return mission


def _overdue(world: World) -> Any:
    _alarm(world)
    return world.alarm().pk


def _unconfirmed(world: World) -> Mission:
    tap = new_tap()
    with logbook.writing(now=world.now, by=None) as book:
        page = book.entry("MISSION_IMPORTED", subject=f"mission:{tap.entry_id}", tap=tap)
        mission = plan.add_mission(
            page, tap.entry_id, _fields(world), by=STATION, state=MissionState.UNCONFIRMED
        )
        for member in PartyMember.objects.filter(mission=mission):
            page.change(member, state=MemberState.OUT, out_at=world.now)
    world.now += dt.timedelta(minutes=5)
    return mission


def _fields(world: World, **more: Any) -> plan.PlanFields:
    agent = world.people["agent"]
    due_at = world.now + dt.timedelta(hours=2)
    values: dict[str, Any] = {
        "party": (agent,),
        "leader_id": agent,
        "device": "radio",
        "what": "Walk",
        "zone": ZONE,
        "times": PlanTimes(due_at=due_at),
    }
    return plan.PlanFields(**(values | more))


def _at(world: World) -> gate.AtGate:
    return gate.AtGate(gate_id=world.gate_id)


def _heard(world: World) -> Act:
    _out(world)
    said = heard.Said(word=Word.BACK, callsign="fox", at=_at(world))
    return call(world, heard.heard, by="outsider", said=said)


def _trouble(world: World) -> Mission:
    mission, reason = _back(world), new_tap()
    places.add_reason(
        code="injury", label="Injury", is_trouble=True, by=STATION, now=world.now, tap=reason
    )
    fields = report.ReportFields(hurt=Hurt.YES, reason_id=reason.entry_id)
    call(world, report.first_report, by="agent", mission_id=mission.pk,
         person_id=world.people["agent"], fields=fields)(new_tap())  # fmt: skip
    return mission


def _message(world: World) -> tuple[str, str]:
    _alarm(world)
    last = world.phone("head")[-1]
    return last.outgoing.link.rsplit("/", 1)[-1], last.code


def _by_code(world: World) -> Act:
    token, code = _message(world)
    return lambda tap: alarms.acknowledge_by_code(token=token, code=code, now=world.now, tap=tap)


def _list_token(world: World) -> str:
    for number in range(4):
        world.add(f"walker{number}")
        world.send_out(f"walker{number}", due_minutes=30)
    world.fast_forward(minutes=35)
    return ListMessage.objects.get().token


def _list_by_code(world: World) -> Act:
    token = _list_token(world)
    code = ListMessage.objects.get().code
    return lambda tap: lists.acknowledge_list_by_code(
        token=token, code=code, now=world.now, tap=tap
    )


def _first_line(world: World, mission: Mission) -> int:
    return Entry.objects.filter(subject=mission.ref).earliest("number").number


def _held(world: World) -> Any:
    key = _overdue(world)
    take(world, "head")
    return key


def _settle(world: World) -> Act:
    world.sign_in("outsider")
    key = Unmatched.objects.get().pk
    return call(
        world, unmatched.settle_unmatched, by="head", unmatched_id=key, how="Was in the car."
    )


def _correct(world: World) -> Act:
    mission = _out(world)
    number = _first_line(world, mission)
    return call(
        world, correct.correct, by="head", mission_id=mission.pk, number=number, text="It was Owl."
    )


def _watch(world: World) -> Watch:
    return Watch(
        person_id=world.people["head"],
        deputy_id=world.people["deputy"],
        from_at=world.now,
        to_at=world.now + dt.timedelta(hours=1),
    )


_PLAN = plans.PlanFields(name="New", kind=DeadlineKind.RETURN, steps=RETURN_STEPS)
_REPORT = report.ReportFields(hurt=Hurt.WILL_NOT_SAY, urgent="Ice on the bridge")


ACTS: dict[str, Callable[[World], Act]] = (
    PEOPLE | PLACES | PAUSES | EXERCISES | KIN | PROGRAMS | PRIVATE | LOG_INS
) | {
    "watch.alarms.acknowledge": lambda w: call(
        w, alarms.acknowledge, by="head", alarm_id=_overdue(w)
    ),
    "watch.alarms.acknowledge_by_code": _by_code,
    "watch.lists.acknowledge_list": lambda w: call(
        w, lists.acknowledge_list, by="head", token=_list_token(w)
    ),
    "watch.lists.acknowledge_list_by_code": _list_by_code,
    "missions.rezone.move_by_zones": lambda w: moved_by_zones(w),
    "watch.alarms.hand_over": lambda w: call(
        w, alarms.hand_over, by="head", alarm_id=_held(w), to=w.people["mate"]
    ),
    "watch.alarms.raise_to_distress": lambda w: call(
        w, alarms.raise_to_distress, by="head", alarm_id=_held(w), why="Smoke seen."
    ),
    "watch.alarms.stand_down": lambda w: call(
        w, alarms.stand_down, by="head", alarm_id=_held(w), reason="Seen."
    ),
    "watch.plans.set_plan": lambda w: call(w, plans.set_plan, plan_id=None, fields=_PLAN),
    "watch.bill.plan_watch": lambda w: call(w, bill.plan_watch, watch=_watch(w)),
    "watch.bill.remove_watch": lambda w: call(
        w, bill.remove_watch, row_id=BillRow.objects.get().pk
    ),
    "watch.bill.not_fit": lambda w: call(w, bill.not_fit, by="head"),
    "missions.extend.ask": lambda w: call(
        w,
        extend.ask,
        by="agent",
        mission_id=_out(w).pk,
        wanted=extend.Wanted(due_at=w.now + dt.timedelta(hours=3)),
    ),
    "missions.extend.decide": lambda w: call(
        w,
        extend.decide,
        by="head",
        extension_id=ask_more_time(w, _out(w), minutes=180).pk,
        grant=True,
    ),
    "missions.report.first_report": lambda w: call(
        w,
        report.first_report,
        by="agent",
        mission_id=_back(w).pk,
        person_id=w.people["agent"],
        fields=_REPORT,
    ),
    "missions.report.clear_trouble": lambda w: call(
        w, report.clear_trouble, by="head", mission_id=_trouble(w).pk, note="Treated."
    ),
    "missions.debrief.debrief_given": lambda w: call(
        w,
        debrief.debrief_given,
        by="agent",
        mission_id=_back(w).pk,
        person_id=w.people["agent"],
    ),
    "missions.heard.heard": _heard,
    "missions.history.confirm": lambda w: call(
        w,
        history.confirm,
        by="head",
        mission_id=_unconfirmed(w).pk,
        due_at=w.now + dt.timedelta(hours=1),
        call_out_at=None,
    ),
    "missions.history.close": lambda w: call(
        w, history.close, by="head", mission_id=_unconfirmed(w).pk, back_at=w.now
    ),
    "missions.correct.correct": _correct,
    "missions.gate.sign_out": lambda w: call(
        w,
        gate.sign_out,
        by="guard",
        mission_id=w.plan("agent").pk,
        person_ids=[w.people["agent"]],
        at=_at(w),
    ),
    "missions.gate.check_in": lambda w: call(w, gate.check_in, by="agent", mission_id=_out(w).pk),
    "missions.gate.ask_for_help": lambda w: call(
        w, gate.ask_for_help, by="agent", mission_id=_out(w).pk
    ),
    "missions.gate.sign_in": lambda w: call(
        w, gate.sign_in, by="guard", person_ids=[_out(w).leader_id], at=_at(w)
    ),
    "missions.unmatched.settle_unmatched": _settle,
    "missions.plan.plan": lambda w: call(w, plan.plan, by="agent", fields=_fields(w)),
    "missions.plan.change_plan": lambda w: call(
        w,
        plan.change_plan,
        by="agent",
        mission_id=w.plan("agent").pk,
        fields=_fields(w, what="Longer walk"),
    ),
    "missions.plan.approve": lambda w: call(
        w, plan.approve, by="deputy", mission_id=w.plan("agent", is_solo=True, device="r").pk
    ),
    "missions.assignment.answer": lambda w: call(
        w,
        assignment.answer,
        by="agent",
        mission_id=w.plan("agent", assigned_by_id=w.people["head"]).pk,
        accept=False,
    ),
    "missions.plan.cancel": lambda w: call(
        w, plan.cancel, by="agent", mission_id=w.plan("agent").pk
    ),
    "missions.unmatched.note": lambda w: call(
        w, unmatched.note, by="guard", kind="MISSION_SIGNED_IN", who="A man with a dog"
    ),
    "missions.take_back.take_back_sign_in": lambda w: call(
        w,
        take_back.take_back_sign_in,
        by="guard",
        mission_id=_back(w).pk,
        person_id=w.people["agent"],
    ),
}
