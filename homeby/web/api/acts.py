"""Acts by programs: the same actions as the pages. Each is told its first answer when repeated."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import Field

from homeby.missions import queries as missions
from homeby.missions.actions import gate, plan
from homeby.missions.actions.unmatched import stand_help_down
from homeby.missions.queries import paged
from homeby.missions.rules import Conditions, How, Link, PlanTimes
from homeby.people import queries as people
from homeby.people.queries import paged as persons
from homeby.people.rules import Right, Viewer
from homeby.readiness.actions.decision_groups import MissionTogether, plan_together
from homeby.readiness.actions.plan_overrides import plan_judged
from homeby.readiness.actions.units_handed import hand_down_first
from homeby.readiness.queries.plan_advice import Planned
from homeby.readiness.queries.special_units import plannable
from homeby.readiness.rules.decision_groups import NAME_MAX, Together
from homeby.readiness.rules.whose import Whose
from homeby.watch import queries as watch
from homeby.watch.actions import alarms
from homeby.watch.rules.unplaced import is_unplaced
from homeby.web.api.caller import Caller, Token, caller_of
from homeby.web.api.fields import ActBody, Answer, Instant
from homeby.web.api.limits import Pace
from homeby.web.api.problems import Problem, ProblemBody, not_found
from homeby.web.api.reading import router as router  # one: a list and its act share an address

_PROBLEMS = (400, 401, 403, 404, 405, 409, 413, 415, 422, 500, 503)

Text = Annotated[str, Field(max_length=300)]
LongText = Annotated[str, Field(max_length=2000)]
People = Annotated[list[uuid.UUID], Field(min_length=1, max_length=200)]


def may_act(right: Right, pace: Pace) -> dict[str, Any]:
    """The token that an act needs, at which pace, and every answer it can give."""
    limited = (429,) if pace is not Pace.NEVER_LIMITED else ()
    return {
        "auth": Token(right, pace),
        "response": {200: Answer, frozenset((*_PROBLEMS, *limited)): ProblemBody},
    }


class CheckInBody(ActBody):
    """ "We are fine"."""

    link: Link = Link.OWN_DEVICE
    note: Annotated[str, Field(max_length=500)] = ""


class HelpBody(ActBody):
    """HELP."""

    why: Annotated[str, Field(max_length=500)] = ""


class SignInBody(ActBody):
    """Who is back. Several together only with `heads`, counted against the names."""

    people: People
    mission_id: uuid.UUID | None = None
    gate_id: uuid.UUID | None = None
    how: How = How.DEVICE
    heads: Annotated[int, Field(ge=0, le=1000)] | None = None


class SignOutBody(ActBody):
    """Who leaves. `anyway` goes on where the answer said what speaks against it; limits of a minor
    hold, and `has_left` says that they have left already: that is always recorded, and told."""

    people: People
    gate_id: uuid.UUID | None = None
    how: How = How.DEVICE
    anyway: bool = False
    has_left: bool = False


class PlanBody(ActBody):
    """A mission to plan; its id is `entry_id`. Without `call_out_at` the organisation's grace
    decides."""

    what: Annotated[str, Field(min_length=1, max_length=300)]
    party: People
    leader_id: uuid.UUID
    zone: Annotated[str, Field(max_length=64)] = Field(
        description="The zone in which people read these times, such as Europe/Vienna."
    )
    sets_out_at: Instant | None = Field(
        None, description="When they are to set out; what else they have is judged from then on."
    )
    due_at: Instant = Field(description="Expected back.")
    call_out_at: Instant | None = None
    check_in_minutes: Annotated[int, Field(ge=1, le=10_000)] | None = None
    place: Text = ""
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    team_id: uuid.UUID | None = None
    unit_id: uuid.UUID | None = Field(
        None, description="The special unit it is for, in place of a team; one that you stand in."
    )
    kind: Annotated[str, Field(max_length=40)] = Field(
        "", description="The code of its kind, such as SEARCH; empty: an ordinary mission."
    )
    group_name: Annotated[str, Field(max_length=NAME_MAX)] = Field(
        "",
        description="With what it is decided, such as an expedition: the open group of this name "
        "and team, else a new one. Empty: by itself.",
    )
    buddy_id: uuid.UUID | None = None
    is_solo: bool = False
    conditions: Conditions = Conditions.NORMAL
    vehicle: Text = ""
    kit: LongText = ""
    communications: Text = ""
    device: Text = ""
    why: LongText = Field(
        "", description="Why all the same, where somebody rests then or is not asked before."
    )


class HandOverBody(ActBody):
    """To whom an alarm is offered."""

    to: uuid.UUID


class StandDownBody(ActBody):
    """Why an alarm ends, and when the watch asks again if somebody is still out."""

    reason: Annotated[str, Field(min_length=3, max_length=500)]
    again_at: Instant | None = None


@router.post(
    "/missions/{uuid:mission_id}/check-in",
    summary="Check in",
    **may_act(Right.GATE, Pace.NEVER_LIMITED),
)
def check_in(request: HttpRequest, mission_id: uuid.UUID, body: CheckInBody) -> Any:
    """ "We are fine" while out. Recorded first, judged after; never moves the expected return."""
    caller = caller_of(request)
    tap = caller.tap(body.entry_id, body.happened_at)
    answer = gate.check_in(
        mission_id=mission_id,
        link=body.link,
        note=body.note,
        by=caller.viewer,
        now=caller.now,
        tap=tap,
    )
    return {"entry_id": tap.entry_id, "answer": answer}


@router.post(
    "/missions/{uuid:mission_id}/help",
    summary="Ask for HELP",
    **may_act(Right.GATE, Pace.NEVER_LIMITED),
)
def ask_for_help(request: HttpRequest, mission_id: uuid.UUID, body: HelpBody) -> Any:
    """An alarm in DISTRESS, and everybody due is told at once."""
    caller = caller_of(request)
    tap = caller.tap(body.entry_id, body.happened_at)
    answer = gate.ask_for_help(
        mission_id=mission_id, why=body.why, by=caller.viewer, now=caller.now, tap=tap
    )
    return {"entry_id": tap.entry_id, "answer": answer}


@router.post("/sign-in", summary="Sign in", **may_act(Right.GATE, Pace.NEVER_LIMITED))
def sign_in(request: HttpRequest, body: SignInBody) -> Any:
    """Sign people in, each for themselves. A gate that is not known stands in nobody's way home:
    it is left out."""
    caller = caller_of(request)
    tap = caller.tap(body.entry_id, body.happened_at)
    known = body.gate_id in _gates(caller.viewer)
    answer = gate.sign_in(
        person_ids=body.people,
        at=gate.AtGate(gate_id=body.gate_id if known else None, how=body.how),
        mission_id=body.mission_id,
        heads=body.heads,
        by=caller.viewer,
        now=caller.now,
        tap=tap,
    )
    return {"entry_id": tap.entry_id, "answer": answer}


def _gates(viewer: Viewer) -> set[uuid.UUID]:
    return {row.pk for row in missions.gates(viewer, ended=True)}


@router.post("/missions", summary="Plan a mission", **may_act(Right.PLAN, Pace.ACT))
def plan_mission(request: HttpRequest, body: PlanBody) -> Any:
    """Plan a mission, as on the page; whoever is of the party or keeps watch may. Where somebody
    rests then, or is not asked before, the answer says so, and `why` plans it all the same."""
    caller = caller_of(request)
    tap = caller.tap(body.entry_id, body.happened_at)
    _mind_ids(caller, body)
    same = ("what", "zone", "place", "latitude", "longitude", "team_id", "unit_id", "buddy_id")
    more = ("conditions", "vehicle", "kit", "communications", "device", "leader_id", "is_solo")
    fields = plan.PlanFields(
        party=tuple(dict.fromkeys([body.leader_id, *body.party])),
        times=PlanTimes(
            sets_out_at=body.sets_out_at,
            due_at=body.due_at,
            call_out_at=body.call_out_at,
            check_in_minutes=body.check_in_minutes,
        ),
        sets_out_typed=body.sets_out_at.isoformat() if body.sets_out_at else "",
        due_typed=body.due_at.isoformat(),
        call_out_typed=body.call_out_at.isoformat() if body.call_out_at else "",
        kind_id=_kind(caller.viewer, body.kind),
        **{name: getattr(body, name) for name in (*same, *more)},
    )

    def act() -> str:
        hand_down_first(fields.unit_id, by=caller.viewer, now=caller.now)
        return plan_together(plan_it, group, by=caller.viewer, now=caller.now, tap=tap)

    def plan_it() -> str:
        return plan.plan(fields=fields, by=caller.viewer, now=caller.now, tap=tap)

    group = MissionTogether(
        mission_id=tap.entry_id,
        whose=Whose(fields.team_id, fields.unit_id),
        due_at=body.due_at,
        together=Together(name=body.group_name),
    )
    answer = plan_judged(
        act,
        plan=Planned(
            party=fields.party,
            due_at=body.due_at,
            sets_out_at=body.sets_out_at,
            zone=body.zone,
            kind=body.kind,
            conditions=body.conditions,
            mission_id=tap.entry_id,
        ),
        reason=body.why,
        by=caller.viewer,
        now=caller.now,
        tap=tap,
    )
    return {"entry_id": tap.entry_id, "answer": answer}


def _kind(viewer: Viewer, code: str) -> uuid.UUID | None:
    """The kind of this code. Raises Problem."""
    if not code:
        return None
    found = {row.code: row.pk for row in missions.kinds(viewer)}
    if code not in found:
        sentence = _("There is no such kind of mission; these there are: %s.") % ", ".join(
            sorted(found)
        )
        raise Problem(422, "WRONG_FIELDS", sentence, fields=[("body.kind", sentence)])
    return found[code]


def _mind_ids(caller: Caller, body: PlanBody) -> None:
    """Nobody is planned in whom the page would not offer. Raises Problem."""
    wanted = {body.leader_id, *body.party} | ({body.buddy_id} if body.buddy_id else set())
    strange = persons.unseen(caller.viewer, wanted)
    sentence = _("This is nobody whom you may choose.")
    fields = [
        (f"body.{name}", sentence)
        for name, keys in (
            ("leader_id", [body.leader_id]),
            ("party", body.party),
            ("buddy_id", [body.buddy_id]),
        )
        if strange.intersection(keys)
    ]
    if body.team_id and body.team_id not in dict(people.team_choices(caller.viewer)):
        fields.append(("body.team_id", _("There is no such team.")))
    if body.unit_id and body.unit_id not in dict(plannable(caller.viewer)):
        fields.append(("body.unit_id", _("There is no such special unit that you stand in.")))
    if fields:
        raise Problem(422, "WRONG_FIELDS", fields[0][1], fields=fields)


@router.post(
    "/missions/{uuid:mission_id}/sign-out", summary="Sign out", **may_act(Right.GATE, Pace.ACT)
)
def sign_out(request: HttpRequest, mission_id: uuid.UUID, body: SignOutBody) -> Any:
    """Sign people of a planned mission out. The answer is the promise: who is told when."""
    caller = caller_of(request)
    tap = caller.tap(body.entry_id, body.happened_at)
    if paged.mission_facts(caller.viewer, mission_id, now=caller.now) is None:
        raise not_found()
    if body.gate_id is not None and body.gate_id not in _gates(caller.viewer):
        sentence = _("There is no such gate.")
        raise Problem(422, "WRONG_FIELDS", sentence, fields=[("body.gate_id", sentence)])
    answer = gate.sign_out(
        mission_id=mission_id,
        person_ids=body.people,
        at=gate.AtGate(gate_id=body.gate_id, how=body.how, has_left=body.has_left),
        anyway=body.anyway,
        by=caller.viewer,
        now=caller.now,
        tap=tap,
    )
    return {"entry_id": tap.entry_id, "answer": answer}


def _mind_alarm(caller: Caller, alarm_id: uuid.UUID) -> Any:
    found = watch.alarm(caller.viewer, alarm_id)
    if found is None:
        raise not_found()
    return found


@router.post(
    "/alarms/{uuid:alarm_id}/take", summary="Take an alarm", **may_act(Right.ALARMS, Pace.ACT)
)
def take(request: HttpRequest, alarm_id: uuid.UUID, body: ActBody) -> Any:
    """ "I have it", or renew it. It lapses by itself and ends nothing."""
    caller = caller_of(request)
    tap = caller.tap(body.entry_id, body.happened_at)
    _mind_alarm(caller, alarm_id)
    answer = alarms.acknowledge(alarm_id=alarm_id, by=caller.viewer, now=caller.now, tap=tap)
    return {"entry_id": tap.entry_id, "answer": answer}


@router.post(
    "/alarms/{uuid:alarm_id}/hand-over",
    summary="Hand an alarm over",
    **may_act(Right.ALARMS, Pace.ACT),
)
def hand_over(request: HttpRequest, alarm_id: uuid.UUID, body: HandOverBody) -> Any:
    """Offer it to somebody else; until they take it, it stays."""
    caller = caller_of(request)
    tap = caller.tap(body.entry_id, body.happened_at)
    _mind_alarm(caller, alarm_id)
    answer = alarms.hand_over(
        alarm_id=alarm_id, to=body.to, by=caller.viewer, now=caller.now, tap=tap
    )
    return {"entry_id": tap.entry_id, "answer": answer}


@router.post(
    "/alarms/{uuid:alarm_id}/stand-down",
    summary="Stand an alarm down",
    **may_act(Right.ALARMS, Pace.ACT),
)
def stand_down(request: HttpRequest, alarm_id: uuid.UUID, body: StandDownBody) -> Any:
    """End it with a reason, which everybody who was told will read."""
    caller = caller_of(request)
    tap = caller.tap(body.entry_id, body.happened_at)
    found = _mind_alarm(caller, alarm_id)
    who: dict[str, Any] = {"by": caller.viewer, "now": caller.now, "tap": tap}
    if is_unplaced(found.subject.ref):
        answer = stand_help_down(alarm_id=alarm_id, reason=body.reason, **who)
    else:
        answer = alarms.stand_down(
            alarm_id=alarm_id, reason=body.reason, again_at=body.again_at, **who
        )
    return {"entry_id": tap.entry_id, "answer": answer}
