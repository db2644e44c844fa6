"""A partner station's deadline: the next good minute message. Silence is a missed deadline like any
other, judged by the watchkeeper; it opens an alarm that only a person ends."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.logbook.actions import Book, Page
from homeby.watch import queries
from homeby.watch.actions import subjects
from homeby.watch.actions.opening import open_alarm
from homeby.watch.actions.partners import marks
from homeby.watch.actions.stepping import Scene
from homeby.watch.models import Alarm, Deadline, Partner, PartnerMark
from homeby.watch.models import Subject as Subject
from homeby.watch.rules import AlarmKind, DeadlineKind, DeadlineState, Times
from homeby.watch.rules import partners as rules


def fall_due(
    book: Book, deadline: Deadline, by_subject: dict[uuid.UUID, Alarm], scene: Scene
) -> bool:
    """The deadline has come: it moves on if a good minute message was heard meanwhile, else it is
    missed. Says whether an alarm was opened."""
    mark = PartnerMark.objects.filter(partner_id=deadline.subject.ref.partition(":")[2]).first()
    due_at = None
    if mark is not None:
        heard = rules.Heard(well_at=mark.well_at, troubles=tuple(mark.troubles))
        due_at = rules.next_due_at(heard, now=scene.now)
    if due_at is None:
        return open_alarm(book, deadline, by_subject, scene)
    page = book.entry(rules.PARTNER_AWAITED, subject=deadline.subject.ref)
    page.change(deadline, due_at=due_at, call_out_at=due_at + rules.CALL_OUT_AFTER, act_at=due_at)
    return False


def await_message(page: Page, partner: Partner, *, due_at: dt.datetime) -> None:
    """Expect the next good minute message by `due_at`."""
    subject = subjects.known(rules.ref_of(partner.pk))
    plan = queries.plans([partner.plan_id])[partner.plan_id]
    times = Times(due_at=due_at, call_out_at=due_at + rules.CALL_OUT_AFTER)
    expectation = subjects.Expectation(kind=DeadlineKind.PARTNER, times=times, plan=plan)
    subjects.expect(page, subject, expectation, now=page.book.now)


def ask_again(page: Page, alarm: Alarm, *, again_at: dt.datetime | None) -> None:
    """A person has ended an alarm about a partner station: while the partnership lasts, the watch
    asks again in an hour, or at the time given (at most a day ahead). Whoever ends an alarm about
    another history of its logbook accepts that history: what it says next is taken as new."""
    if alarm.kind != AlarmKind.PARTNER:
        return
    key = alarm.subject.ref.partition(":")[2]
    partner = Partner.objects.filter(pk=key, ended_at=None).first()
    waiting = Deadline.objects.filter(subject=alarm.subject, state=DeadlineState.OPEN)
    if partner is None:
        return
    if {rules.Trouble.LOGBOOK, rules.Trouble.SPLIT} & set(marks.locked(partner).troubles):
        marks.let_go_of_checkpoint(partner)
    if waiting.exists():
        return
    now = page.book.now
    due_at = again_at if again_at is not None and again_at > now else now + rules.ASK_AGAIN
    await_message(page, partner, due_at=min(due_at, now + rules.ASK_AGAIN_AT_MOST))
