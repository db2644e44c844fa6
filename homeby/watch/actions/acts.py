"""An act that somebody must do by its hour: a shift begins, who was hurt is looked at again. What
the rooms above ask for, inside their own open book; else those whom the subject names are told.

One deadline a subject, `recheck:<id>` or `duty:<id>`, about one person. It is met by an act, moved
by an act, and an alarm that it opened is ended by people only. Rows are locked as in `subjects`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook.actions import Book, Page
from homeby.people.rules import Role
from homeby.watch import queries, rules
from homeby.watch.actions import plans, subjects
from homeby.watch.actions.meeting import met, open_deadlines
from homeby.watch.models import Alarm, EscalationPlan, Subject
from homeby.watch.rules import (
    AlarmState,
    Anchor,
    DeadlineKind,
    DeadlineState,
    Ending,
    Step,
    Target,
    Times,
)

#: No act is waited for longer than that: what lies further ahead belongs into a calendar.
LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class ActDue:
    """What is waited for. `wanted` is a sentence as it stands in the catalog (mark it with
    `gettext_noop`), which may hold `%(who)s`; `title` is the callsign of whom it is about;
    `responsible` are roles and people, who hear of it at `due_at`; `grace` later whoever holds the
    watch does too, and with it, where `asks_kin`, kin whom she allowed to be asked. `is_gentle`: an
    act of care, which never rises and sounds no siren."""

    ref: str
    person_id: uuid.UUID
    title: str
    wanted: str
    due_at: dt.datetime
    responsible: Collection[Role | uuid.UUID]
    zone: str
    grace: dt.timedelta = dt.timedelta(minutes=30)
    is_gentle: bool = False
    asks_kin: bool = False
    team_id: uuid.UUID | None = None
    place: str = ""

    @property
    def kind(self) -> DeadlineKind:
        """The kind of its deadline."""
        return DeadlineKind.CARE if self.is_gentle else DeadlineKind.DUTY


def await_act(page: Page, act: ActDue, *, by: uuid.UUID | None, why: str = "") -> None:
    """Wait for an act from now on; with a `ref` that is waited for already, it is moved. An alarm
    that was open about it is stood down by whoever moves it, for the reason `why`; it goes on where
    that is nobody with us (`by` None, one of her kin)."""
    now = page.book.now
    assert act.due_at - now <= LONGEST, "an act lies within a year"
    assert act.grace >= dt.timedelta(0), "the watch hears of it after its hour"
    facts = subjects.SubjectFacts(
        title=act.title,
        place=act.place,
        zone=act.zone,
        party=[str(act.person_id)],
        leader_id=None,
        team_id=act.team_id,
        due_at=act.due_at,
        wanted=act.wanted,
        responsible=[*map(str, act.responsible), *([str(Target.KIN)] if act.asks_kin else [])],
        is_gentle=act.is_gentle,
    )
    subject = subjects.describe(page, act.ref, facts)
    waiting = list(open_deadlines(act.ref))
    if by is not None:
        why = why or _("Its hour moved.")
        _end_alarms(page.book, act.ref, Ending.STOOD_DOWN, by=by, reason=why)
    times = Times(due_at=act.due_at, call_out_at=act.due_at + act.grace)
    expectation = subjects.Expectation(kind=act.kind, times=times, plan=_plan_for(page, act.kind))
    subjects.expect(page, subject, expectation, now=now, open_ones=waiting)


def is_awaited(ref: str, *, by_at: dt.datetime) -> bool:
    """Whether the act is waited for already by this instant, or has an open alarm."""
    lock_ref(ref)
    if any(row.due_at <= by_at for row in open_deadlines(ref)):
        return True
    return Alarm.objects.filter(subject__ref=ref, state=AlarmState.OPEN).exists()


def name_responsible(page: Page, ref: str, responsible: Collection[Role | uuid.UUID]) -> None:
    """Others are to do it by now: roles that are held then, people who are there then. An alarm
    about it goes to them from its next step on."""
    wanted = [str(one) for one in responsible]
    for row in Subject.objects.select_for_update(no_key=True).filter(ref=ref):
        page.change(row, responsible=wanted)


def act_done(book: Book, ref: str, *, by: uuid.UUID, how: str) -> bool:
    """The act was done, by a person: its deadline is met, an alarm about it ends, and everybody who
    was told hears `how`. Says whether it was waited for."""
    lock_ref(ref)
    waiting = list(open_deadlines(ref))
    met(book, ref, waiting)
    return _end_alarms(book, ref, Ending.DONE, by=by, reason=how) or bool(waiting)


def drop_act(page: Page, ref: str, *, by: uuid.UUID, why: str) -> None:
    """The act is waited for no more, because a person says so; an alarm about it is stood down."""
    lock_ref(ref)
    for row in open_deadlines(ref):
        page.change(row, state=DeadlineState.CANCELLED, act_at=None, ended_at=page.book.now)
    _end_alarms(page.book, ref, Ending.STOOD_DOWN, by=by, reason=why)


def lock_ref(ref: str) -> None:
    """Wait for whoever changes what the watch knows of it, and have others wait."""
    list(Subject.objects.select_for_update(no_key=True).filter(ref=ref).values_list("pk"))


def _end_alarms(book: Book, ref: str, ending: Ending, *, by: uuid.UUID, reason: str) -> bool:
    rows = Alarm.objects.select_for_update(of=("self",)).select_related("subject")
    found = list(rows.filter(subject__ref=ref, state=AlarmState.OPEN))
    for alarm in found:
        subjects.end(book, alarm, ending=ending, by=by, reason=reason)
    return bool(found)


_STEPS = {
    DeadlineKind.DUTY: (
        Step(anchor=Anchor.DUE, offset_minutes=-30, targets=(Target.PARTY,)),
        Step(anchor=Anchor.DUE, offset_minutes=0, targets=(Target.PARTY, Target.RESPONSIBLE)),
        Step(
            anchor=Anchor.CALL_OUT,
            offset_minutes=0,
            targets=(Target.RESPONSIBLE, Target.DUTY_OFFICER),
        ),
        Step(anchor=Anchor.CALL_OUT, offset_minutes=15, targets=(Target.EVERY_LEADER,)),
    ),
    DeadlineKind.CARE: (
        Step(anchor=Anchor.DUE, offset_minutes=-15, targets=(Target.PARTY,)),
        Step(anchor=Anchor.DUE, offset_minutes=0, targets=(Target.PARTY, Target.RESPONSIBLE)),
        Step(
            anchor=Anchor.CALL_OUT,
            offset_minutes=0,
            targets=(Target.RESPONSIBLE, Target.DUTY_OFFICER),
        ),
    ),
}
_PAUSES = {DeadlineKind.DUTY: (10, 60), DeadlineKind.CARE: (30, 240)}


def _plan_for(page: Page, kind: DeadlineKind) -> rules.Plan:
    """The organisation's plan for acts; the first act brings it, and the office may change it. Of
    two first acts at once one waits here for the other."""
    found = queries.default_plan(kind)
    if found is None:
        list(EscalationPlan.objects.select_for_update(no_key=True).order_by("pk"))
        found = queries.default_plan(kind)
    if found is not None:
        return found
    name = _("An act that is due") if kind is DeadlineKind.DUTY else _("Looking after somebody")
    if EscalationPlan.objects.filter(name=name).exists():
        name = f"{name} ({kind.lower()})"
    first, most = _PAUSES[kind]
    fields = plans.PlanFields(
        name=name,
        kind=kind,
        steps=_STEPS[kind],
        is_default=True,
        repeat_minutes=first,
        repeat_minutes_max=most,
    )
    return queries.plan_facts(plans.add_plan(page, fields))
