"""A drill: an exercise party falls overdue, and the real steps tell the real people on the real
channels, marked EXERCISE before anything else.

Deadline, tick, alarm, steps, acknowledgement, outbox and channels are those of people. What differs
stands here: how it begins, that it yields to what is in earnest, and that its time is limited.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from homeby import instants
from homeby.comms import queries as comms
from homeby.comms.actions.tell import tell
from homeby.comms.rules import MessageKind, Order
from homeby.logbook import actions as logbook
from homeby.logbook import queries as records
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.actions.organisation import require
from homeby.people.queries.apart import read_as
from homeby.people.rules import Role, Viewer
from homeby.people.texts import Words, each_hears, each_reads, named, said_anew
from homeby.watch import queries, rules, texts
from homeby.watch.actions import exercises, subjects
from homeby.watch.actions.opening import begin as begin_alarm
from homeby.watch.actions.opening import new_alarm
from homeby.watch.actions.stepping import Scene, about, marked
from homeby.watch.models import Alarm, Deadline, Drill, EscalationPlan, PlanStep
from homeby.watch.queries import exercises as drilled
from homeby.watch.queries import pauses
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineKind, DeadlineState, Phase


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants of a drill: which plan (by its name; "": the one for a return), how many
    steps (None: all), how long, and whether the other duty officers know beforehand."""

    plan: str = ""
    steps: int | None = None
    within_minutes: int = rules.MINUTES_USUAL
    announced: bool = False


@logbook.once
def begin(*, wish: Wish, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Begin a drill now. Refused while help is called for somebody, while another one is on, and to
    whoever is neither duty officer nor administrator; and in a pause, in which its party would not
    be missed."""
    require(by, Role.DUTY_OFFICER, Role.ADMINISTRATOR)
    if problems := rules.problem_with_drill(steps=wish.steps, within_minutes=wish.within_minutes):
        raise Refused(**problems)
    if records.is_quarantined():
        raise Refused(_("This is a copy of a station: it sends nothing, drills neither."))
    if pauses.paused_until(now=now) is not None:
        raise Refused(_("The watch is paused. Begin the drill when it goes on."))
    zone, times = _times(wish, now)
    plan, left_out = _plan(wish, times)
    ends_at = now + dt.timedelta(minutes=wish.within_minutes)
    answer = _("EXERCISE: the drill begins; it ends at %s at the latest.") % instants.wall(
        ends_at, zone, now
    )
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.DRILL_BEGAN,
            subject=rules.DRILL_REF,
            person=by.person_id,
            facts={"plan": plan.name, "steps": len(plan.steps), "announced": wish.announced},
            tap=tap,
            answer=answer,
        )
        facts = subjects.SubjectFacts(
            title=_("Exercise party"), place="", zone=zone, party=[], leader_id=None, team_id=None
        )
        subject = subjects.describe(page, rules.DRILL_REF, facts)
        _refuse_beside_others(subject)
        drill = Drill(
            id=tap.entry_id,
            plan=_own_plan(page, plan, tap.entry_id),
            followed=plan.name,
            left_out=[str(target) for target in left_out],
            began_at=now,
            ends_at=ends_at,
            began_by_id=by.person_id,
        )
        page.add(drill)
        page.add(_deadline(subject, drill, times))
        if wish.announced:
            _announce(page, drill, by=by, zone=zone)
    return answer


def _times(wish: Wish, now: dt.datetime) -> tuple[str, rules.Times]:
    organisation = people.organisation()
    if organisation is None:
        raise Refused(_("Found the organisation first: homeby init."))
    times = rules.drill_times(
        began_at=now,
        within_minutes=wish.within_minutes,
        grace_minutes=organisation.grace_minutes,
    )
    return organisation.zone, times


def _plan(wish: Wish, times: rules.Times) -> tuple[rules.Plan, tuple[rules.Target, ...]]:
    """The steps to run. Refused where the plan is unknown or tells nobody who exists."""
    known, name = drilled.plans_to_drill(), wish.plan.strip()
    if name in known:
        chosen = queries.plans([known[name]]).get(known[name])
    else:
        chosen = None if name else queries.default_plan(DeadlineKind.RETURN)
    if chosen is None:
        names = ", ".join(known) or _("none")
        raise Refused(plan=_("There is no plan of that name. There are: %s.") % names)
    plan, left_out = rules.drill_plan(chosen, times, steps=wish.steps)
    if not plan.steps:
        raise Refused(plan=_("This plan tells nobody but the party and its own people."))
    return plan, left_out


def _refuse_beside_others(subject: subjects.Subject) -> None:
    """Inside the transaction that has locked the exercise party."""
    for row in exercises.in_earnest():
        if rules.forbids_drill(Phase(row.phase), AlarmKind(row.kind)):
            raise Refused(
                _("%(name)s is open in %(phase)s: no drill while help is called for somebody.")
                % {"name": texts.alarm_name(row), "phase": texts.phase_word(row.phase)}
            )
    on = Alarm.objects.filter(subject=subject, state=AlarmState.OPEN).exists()
    if on or Deadline.objects.filter(subject=subject, state=DeadlineState.OPEN).exists():
        raise Refused(_("A drill is on already. End it, or wait until it is over."))


def _own_plan(page: Page, plan: rules.Plan, key: uuid.UUID) -> EscalationPlan:
    """The steps of this drill, kept apart: whoever edits the plan meanwhile disturbs nothing."""
    row = EscalationPlan(
        id=uuid.uuid4(),
        name=f"Drill {key}",
        kind=DeadlineKind.EXERCISE,
        repeat_minutes=plan.repeat_minutes,
        repeat_minutes_max=plan.repeat_minutes_max,
        two_must_take=plan.two_must_take,
    )
    page.add(row)
    for rank, step in enumerate(plan.steps):
        page.add(
            PlanStep(
                id=uuid.uuid4(),
                plan=row,
                rank=rank,
                anchor=step.anchor,
                offset_minutes=step.offset_minutes,
                targets=[str(target) for target in step.targets],
                people=[str(one) for one in step.people],
                wait_minutes=step.wait_minutes,
            )
        )
    return row


def _deadline(subject: subjects.Subject, drill: Drill, times: rules.Times) -> Deadline:
    return Deadline(
        id=uuid.uuid4(),
        subject=subject,
        kind=DeadlineKind.EXERCISE,
        plan=drill.plan,
        due_at=times.due_at,
        call_out_at=times.call_out_at,
        state=DeadlineState.OPEN,
        act_at=times.due_at,
    )


def _announce(page: Page, drill: Drill, *, by: Viewer, zone: str) -> None:
    now = page.book.now
    officers = set(people.holders(Role.DUTY_OFFICER, now=now)) - {by.person_id}

    def words(names: Mapping[uuid.UUID, str]) -> Words:
        at = instants.wall(drill.ends_at, zone, now)
        return texts.drill_announced(plan=drill.followed, who=named(by, names), at=at)

    said = each_reads(read_as([by.person_id]).to, words)
    orders = []
    for one in people.recipients(officers).values():
        head, text = texts.marked(AlarmKind.EXERCISE, said(one), one)
        orders.append(
            Order(
                key=f"drill:{drill.pk}/announced/{one.person_id}",
                about=f"drill:{drill.pk}",
                recipient=one,
                kind=MessageKind.EXERCISE,
                subject=head,
                text=text,
            )
        )
    tell(page, orders, now=now)


def fall_overdue(
    book: Book, deadline: Deadline, by_subject: dict[uuid.UUID, Alarm], scene: Scene
) -> bool:
    """The exercise party is overdue: its alarm opens, unless something in earnest came first, or
    its time was over before anybody looked."""
    drill = Drill.objects.get(plan_id=deadline.plan_id)
    if book.now >= drill.ends_at or exercises.yields(book, began_at=drill.began_at):
        page = book.entry(rules.DRILL_ENDED, subject=rules.DRILL_REF, facts={"began": False})
        cancelled = DeadlineState.CANCELLED
        page.change(deadline, state=cancelled, act_at=None, ended_at=book.now)
        return False
    alarm = new_alarm(book, deadline, AlarmKind.EXERCISE)
    page = book.entry(
        rules.ALARM_OPENED, subject=rules.DRILL_REF, facts={"kind": AlarmKind.EXERCISE}
    )
    page.change(deadline, state=DeadlineState.MISSED, act_at=None, ended_at=book.now)
    page.change(drill, alarm_id=alarm.pk)
    begin_alarm(page, alarm, scene)
    by_subject[deadline.subject_id] = alarm
    return True


def end_if_over(book: Book, alarm: Alarm) -> bool:
    """End a drill whose time is over, or that something in earnest stops; whoever heard of it hears
    that. Asked at each look of the watch while a drill is on. Says whether it ended."""
    drill = Drill.objects.filter(alarm_id=alarm.pk).first()
    if drill is not None and exercises.yields(book, began_at=drill.began_at):
        why = said_anew(
            lambda: _("Stopped: an alarm in earnest is open. What comes now is no exercise.")
        )
    elif drill is None or book.now >= drill.ends_at:
        why = said_anew(lambda: _("The time of this drill is over. Thank you."))
    else:
        return False
    if not exercises.may_end(book):
        return False
    told = people.recipients(comms.people_told([about(alarm)]))
    page = book.entry(
        rules.DRILL_ENDED, subject=rules.DRILL_REF, facts={"alarm": alarm.number, "why": str(why)}
    )
    exercises.end(page, alarm, why=str(why))
    words = each_hears(partial(texts.exercise_over, alarm, why=why))
    orders = [
        Order(
            key=f"{about(alarm)}/over/{one.person_id}",
            about=about(alarm),
            recipient=one,
            kind=MessageKind.EXERCISE,
            subject=words(one)[0],
            text=words(one)[1],
        )
        for one in told.values()
    ]
    tell(page, [marked(alarm, order) for order in orders], now=book.now)
    return True
