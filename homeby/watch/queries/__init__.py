"""Reading the watch."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Min, Q

from homeby.database.asked import NOW, Asked, AskedOf
from homeby.logbook import queries as logbook
from homeby.logbook.rules import Line
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.watch import rules
from homeby.watch.models import Alarm as Alarm
from homeby.watch.models import (
    AlarmNumber,
    BillRow,
    ClockDispute,
    Deadline,
    Drill,
    Duress,
    DutyPhone,
    EscalationPlan,
    Pause,
    PlanStep,
    Subject,
    Watchkeeper,
)
from homeby.watch.queries.acting import is_nearer as is_nearer
from homeby.watch.queries.acting import next_act_at as next_act_at
from homeby.watch.queries.by_subject import alarm_counts as alarm_counts
from homeby.watch.queries.by_subject import alarm_refs as alarm_refs
from homeby.watch.queries.by_subject import check_ins_due as check_ins_due
from homeby.watch.queries.by_subject import newest_alarm as newest_alarm
from homeby.watch.queries.by_subject import only_repeats_are_left as only_repeats_are_left
from homeby.watch.queries.by_subject import open_alarms_of as open_alarms_of
from homeby.watch.queries.by_subject import ref_of as ref_of
from homeby.watch.queries.duress import refs_behind, visible_duress
from homeby.watch.queries.exercises import exercise, visible_drills, visible_phones
from homeby.watch.queries.kin import VISIBLE as _OF_KIN
from homeby.watch.queries.machines import FRESH_SECONDS as FRESH_SECONDS
from homeby.watch.queries.machines import age_of as age_of
from homeby.watch.queries.machines import canary_ended_at as canary_ended_at
from homeby.watch.queries.machines import is_fresh as is_fresh
from homeby.watch.queries.machines import looks as looks
from homeby.watch.queries.machines import open_disputes as open_disputes
from homeby.watch.queries.machines import settled_as as settled_as
from homeby.watch.queries.machines import watch_age_seconds as watch_age_seconds
from homeby.watch.queries.machines import zero_noted as zero_noted
from homeby.watch.queries.outages import VISIBLE as _OF_OUTAGES
from homeby.watch.queries.partners import VISIBLE as _VISIBLE_PARTNERS
from homeby.watch.queries.visible import may_stand_down as may_stand_down
from homeby.watch.queries.visible import may_take as may_take
from homeby.watch.queries.visible import refs_held as refs_held
from homeby.watch.queries.visible import visible_alarms as visible_alarms
from homeby.watch.queries.visible import visible_deadlines as visible_deadlines
from homeby.watch.queries.visible import visible_subjects as visible_subjects
from homeby.watch.rules import AlarmState, Anchor, DeadlineKind, DeadlineState, Step, Target, Watch
from homeby.watch.rules.unplaced import others


def _known(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
        rows = model._default_manager.all()
        return rows if known else rows.none()

    return visible


def visible_plans(viewer: Viewer | None) -> models.QuerySet[EscalationPlan]:
    """Whoever is known sees every plan but the station's own, which nobody chose or may change."""
    found: models.QuerySet[EscalationPlan] = _known(EscalationPlan)(viewer)
    return found.exclude(kind__in=rules.OWN_DEADLINES)


visible_bill = _known(BillRow)

VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    EscalationPlan: visible_plans,
    PlanStep: _known(PlanStep),
    BillRow: visible_bill,
    Subject: visible_subjects,
    Deadline: visible_deadlines,
    Alarm: visible_alarms,
    AlarmNumber: _known(AlarmNumber),
    Watchkeeper: _known(Watchkeeper),
    Drill: visible_drills,
    Duress: visible_duress,
    DutyPhone: visible_phones,
    ClockDispute: _known(ClockDispute),
    Pause: _known(Pause),
    **_VISIBLE_PARTNERS,
    **_OF_OUTAGES,
    **_OF_KIN,
}


def plan_facts(plan: EscalationPlan) -> rules.Plan:
    """A plan with its steps as the rules read it. One query."""
    return _plan_of(plan, list(plan.steps.all()))


def _plan_of(plan: EscalationPlan, found: list[PlanStep]) -> rules.Plan:
    steps = tuple(
        Step(
            anchor=Anchor(row.anchor),
            offset_minutes=row.offset_minutes,
            targets=tuple(Target(target) for target in row.targets),
            wait_minutes=row.wait_minutes,
            people=tuple(uuid.UUID(key) for key in row.people),
        )
        for row in sorted(found, key=lambda row: row.rank)
    )
    return rules.Plan(
        id=plan.pk,
        name=plan.name,
        steps=steps,
        repeat_minutes=plan.repeat_minutes,
        repeat_minutes_max=plan.repeat_minutes_max,
        two_must_take=plan.two_must_take,
    )


def plans(plan_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, rules.Plan]:
    """Plans by id. Two queries."""
    wanted = set(plan_ids)
    steps: dict[uuid.UUID, list[PlanStep]] = {}
    for step in _STEPS_OF.rows(wanted):
        steps.setdefault(step.plan_id, []).append(step)
    return {plan.pk: _plan_of(plan, steps.get(plan.pk, [])) for plan in _PLANS.rows(wanted)}


_PLANS = AskedOf(lambda keys: EscalationPlan.objects.filter(pk__in=keys))
_STEPS_OF = AskedOf(lambda keys: PlanStep.objects.filter(plan_id__in=keys))


def default_plan(kind: DeadlineKind) -> rules.Plan | None:
    """The organisation's plan for a kind of deadline, None before one is set. One query."""
    return plan_found(STEPS_FOR.rows([kind.value]))


def plan_found(found: Sequence[PlanStep]) -> rules.Plan | None:
    """The same, out of the answer to `STEPS_FOR` that was asked together with other things."""
    if not found:
        return None
    plan = found[0].plan
    return _plan_of(plan, [step for step in found if step.plan_id == plan.pk])


def _steps_for(kinds: Sequence[str]) -> models.QuerySet[PlanStep]:
    steps = PlanStep.objects.filter(plan__kind__in=kinds).select_related("plan")
    return steps.order_by("-plan__is_default", "plan__name", "rank")


#: The steps of the plans for kinds of deadline, those of the organisation's own choice first.
STEPS_FOR = AskedOf(_steps_for, of_texts=True)


def bill(*, now: dt.datetime) -> list[Watch]:
    """The watch bill around now, standing watches included. One query."""
    return [watch_of(row) for row in _BILL.rows(now=now)]


_BILL = Asked(
    lambda: BillRow.objects.filter(
        models.Q(to_at__isnull=True) | models.Q(to_at__gt=NOW), from_at__lte=NOW
    ).order_by("from_at", "pk")
)


def watch_of(row: BillRow) -> Watch:
    """A row of the watch bill as the rules read it."""
    return Watch(
        person_id=row.person_id,
        deputy_id=row.deputy_id,
        from_at=row.from_at,
        to_at=row.to_at,
        aside_at=row.aside_at,
        deputy_aside_at=row.deputy_aside_at,
    )


@dataclass(frozen=True, kw_only=True)
class WatchRow:
    """A row of the watch bill as the office shows it."""

    id: uuid.UUID
    watch: Watch

    def covers(self, now: dt.datetime) -> bool:
        """Whether it is this watch's hour."""
        to_at = self.watch.to_at
        return self.watch.from_at <= now and (to_at is None or now < to_at)


def bill_rows(viewer: Viewer | None, *, now: dt.datetime) -> list[WatchRow]:
    """The watches that have not ended, in the order of time. One query."""
    rows = visible_bill(viewer).filter(models.Q(to_at__isnull=True) | models.Q(to_at__gt=now))
    return [WatchRow(id=row.pk, watch=watch_of(row)) for row in rows.order_by("from_at", "pk")]


def holds_watch(viewer: Viewer, *, now: dt.datetime) -> bool:
    """Whether the viewer has a watch of the bill now, as its officer or as the deputy of one who is
    not fit. One query."""
    mine = [row for row in bill_rows(viewer, now=now) if row.watch.holder_id == viewer.person_id]
    return any(row.covers(now) for row in mine)


@dataclass(frozen=True, kw_only=True)
class PlanSheet:
    """An escalation plan, what it is used for, how many open deadlines and alarms follow it."""

    plan: rules.Plan
    kind: DeadlineKind
    is_default: bool
    open_count: int


def plan_sheets(viewer: Viewer | None, plan_id: uuid.UUID | None = None) -> list[PlanSheet]:
    """Every plan, or the one of this id, by name. Four queries."""
    rows = visible_plans(viewer).prefetch_related("steps").order_by("kind", "-is_default", "name")
    if plan_id is not None:
        rows = rows.filter(pk=plan_id)
    following: Counter[uuid.UUID] = Counter()
    following.update(
        Deadline.objects.filter(state=DeadlineState.OPEN).values_list("plan_id", flat=True)
    )
    following.update(Alarm.objects.filter(state=AlarmState.OPEN).values_list("plan_id", flat=True))
    return [
        PlanSheet(
            plan=plan_facts(row),
            kind=DeadlineKind(row.kind),
            is_default=row.is_default,
            open_count=following[row.pk],
        )
        for row in rows
    ]


def officers_now(*, now: dt.datetime) -> list[uuid.UUID]:
    """Who holds the watch by the bill."""
    return rules.officers(bill(now=now), now=now)


def open_alarms(viewer: Viewer | None) -> list[Alarm]:
    """Open alarms, most urgent first. One query while there is none, else three at most."""
    if not _ANY_OPEN.any():
        return []
    found = visible_alarms(viewer).filter(state=AlarmState.OPEN).select_related("subject")
    return sorted(
        found.distinct(),
        key=lambda a: rules.most_urgent_first(
            rules.Phase(a.phase), rules.AlarmKind(a.kind), a.due_at
        ),
    )


_ANY_OPEN = Asked(
    lambda: (
        Alarm.objects.filter(state=AlarmState.OPEN)
        .exclude(kind__in=rules.EXERCISES)
        .values_list("pk")[:1]
    )
)


def alarms_by_subject(viewer: Viewer | None) -> dict[str, Alarm]:
    """Open alarms by the reference of their subject."""
    return {alarm.subject.ref: alarm for alarm in open_alarms(viewer)}


def alarm(viewer: Viewer | None, alarm_id: uuid.UUID) -> Alarm | None:
    """One alarm, or exercise, with its subject, if the viewer may see it. One or two queries."""
    found = visible_alarms(viewer).filter(pk=alarm_id).select_related("subject")
    return found.distinct().first() or exercise(viewer, alarm_id)


def ended_alarms(viewer: Viewer | None, *, limit: int = 30) -> list[Alarm]:
    """The alarms that ended last. One query."""
    found = visible_alarms(viewer).filter(state=AlarmState.ENDED).select_related("subject")
    return list(found.distinct().order_by("-ended_at")[:limit])


def alarm_behind(message_about: str) -> Alarm | None:
    """The alarm a message is about; whoever holds the message's secret link may see this much."""
    room, _, key = message_about.partition(":")
    found = Alarm.objects.filter(pk=key) if room == "alarm" else Alarm.objects.none()
    found = found.exclude(kind=rules.AlarmKind.CANARY)
    return found.select_related("subject").first()


def alarms_behind(messages_about: Iterable[str]) -> list[Alarm]:
    """The alarms that messages are about, for whoever holds the secret link of a list; the most
    urgent first, those that are over last. One query."""
    keys = [about.partition(":")[2] for about in messages_about if about.startswith("alarm:")]
    found = Alarm.objects.filter(pk__in=keys).select_related("subject")
    return sorted(
        found,
        key=lambda a: (
            a.state != AlarmState.OPEN,
            rules.most_urgent_first(rules.Phase(a.phase), rules.AlarmKind(a.kind), a.due_at),
        ),
    )


def alarm_lines(viewer: Viewer | None, found: Alarm) -> list[Line]:
    """The logbook's lines about an alarm the viewer may see and about its subject, oldest first;
    what became of each message stands with the messages. At most two queries."""
    subjects = [*refs_behind(found), f"alarm:{found.pk}"]
    lines = logbook.mission_lines(subjects=subjects)
    refused = [
        line
        for line in logbook.lines(viewer, subjects=subjects[-1:])
        if line.kind == rules.CODE_REFUSED
    ]
    return sorted([*lines, *refused], key=lambda line: line.number)


def next_targets(found: Alarm) -> tuple[Target, ...]:
    """Whom the alarm's next step tells; the last one is repeated. Two queries."""
    plan = plans([found.plan_id])[found.plan_id]
    steps = rules.ladder(plan, rules.Times(due_at=found.due_at, call_out_at=found.call_out_at))
    if not steps:
        return ()
    return others(steps[min(found.next_step, len(steps) - 1)].targets, found.subject.ref)


def alarm_facts(alarm: Alarm, plan: rules.Plan) -> rules.AlarmFacts:
    """An alarm as the rules read it, without how its messages stand."""
    return rules.AlarmFacts(
        times=rules.Times(due_at=alarm.due_at, call_out_at=alarm.call_out_at),
        plan=plan,
        phase=rules.Phase(alarm.phase),
        act_at=alarm.act_at or alarm.opened_at,
        next_step=alarm.next_step,
        repeats=alarm.repeats,
        wait_minutes=alarm.wait_minutes,
        ran_at=alarm.ran_at,
        last_resort=alarm.last_resort,
        holder_id=alarm.holder_id,
        expires_at=alarm.expires_at,
        hold_until=alarm.hold_until,
        lapsed=alarm.lapsed,
        co_holder_id=alarm.co_holder_id,
        co_expires_at=alarm.co_expires_at,
        is_gentle=alarm.kind == rules.AlarmKind.CARE,
    )


_HELD = Asked(
    lambda: Alarm.objects.filter(
        Q(holder_id__isnull=False) | Q(co_holder_id__isnull=False), state=AlarmState.OPEN
    ).only("holder_id", "co_holder_id")
)


def held_by_nobody() -> set[uuid.UUID]:
    """The open alarms of which a holder has left. One query, three where somebody has an alarm."""
    found = [(one.pk, who) for one in _HELD.rows() for who in one.takers]
    here = people.recipients({who for _, who in found}) if found else {}
    return {key for key, who in found if who not in here}


def next_due_at(viewer: Viewer | None) -> dt.datetime | None:
    """When a party's next deadline is due; a partner's, or a word to kin's, is none. One query."""
    found: dt.datetime | None = _of_parties(viewer).aggregate(first=Min("due_at"))["first"]
    return found


def _of_parties(viewer: Viewer | None) -> models.QuerySet[Deadline]:
    waiting = visible_deadlines(viewer).filter(state=DeadlineState.OPEN)
    return waiting.exclude(kind__in=(DeadlineKind.PARTNER, DeadlineKind.KIN, *rules.OF_ACTS))


def status_figures(viewer: Viewer | None) -> dict[str, int]:
    """Counts for `homeby status`."""
    alarms = visible_alarms(viewer).filter(state=AlarmState.OPEN)
    return {"deadlines_open": _of_parties(viewer).count(), "alarms_open": alarms.count()}
