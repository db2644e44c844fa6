"""What missions (and later shifts) ask of the watch: expect somebody, move a time, note that they
were heard, that they are back, or that they ask for help. Always inside the caller's open book.

Rows are locked in one order: subject, deadlines, alarm, messages. The watch takes them so, too: it
locks deadlines, then alarms, and its new alarm refers to the subject. A reference waits for `FOR
UPDATE` of what it refers to, and not for `FOR NO KEY UPDATE`, so subjects are locked the second way
and never as the other side of a join; else a tap and the watch would wait for each other.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial

from homeby.comms import queries as comms
from homeby.comms.actions.tell import cancel_queued, tell
from homeby.comms.rules import Order
from homeby.database import bell
from homeby.database.made import made
from homeby.logbook.actions import Book, Page
from homeby.people.queries.apart import read_as
from homeby.people.texts import Words, each_hears, each_reads
from homeby.watch import queries, rules, texts, texts_acts
from homeby.watch.actions import kin_news
from homeby.watch.actions.meeting import met, open_deadlines
from homeby.watch.actions.news import news_orders
from homeby.watch.actions.notices import keepers
from homeby.watch.actions.opening import open_in_distress
from homeby.watch.actions.stepping import about
from homeby.watch.models import UNTAKEN, Alarm, Deadline
from homeby.watch.models import Subject as Subject
from homeby.watch.rules import (
    AlarmKind,
    AlarmState,
    DeadlineKind,
    DeadlineState,
    Ending,
    Phase,
    Times,
)

ASK_AGAIN = dt.timedelta(hours=1)
ASK_AGAIN_AT_MOST = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class SubjectFacts:
    """What the watch is told of a subject: texts and ids only."""

    title: str
    place: str
    zone: str
    party: list[str]
    leader_id: uuid.UUID | None
    team_id: uuid.UUID | None
    team_title: str = ""
    due_at: dt.datetime | None = None
    buddy_id: uuid.UUID | None = None
    wanted: str = ""
    said: str = ""
    responsible: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    is_gentle: bool = False


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """By when we must have heard, and by which plan people are told if not."""

    kind: DeadlineKind
    times: Times
    plan: rules.Plan


def describe(page: Page, ref: str, facts: SubjectFacts) -> Subject:
    """Tell the watch about a subject, or tell it anew."""
    row = Subject.objects.select_for_update(no_key=True).filter(ref=ref).first()
    if row is None:
        row = Subject(id=uuid.uuid4(), ref=ref, **asdict(facts))
        page.add(row)
        return row
    changed = {k: v for k, v in asdict(facts).items() if getattr(row, k) != v}
    if changed:
        page.change(row, **changed)
    return row


def expect(
    page: Page,
    subject: Subject,
    expectation: Expectation,
    *,
    now: dt.datetime,
    open_ones: Iterable[Deadline] | None = None,
) -> Deadline:
    """Open a deadline, in place of the open ones of its kind (locked, where they are at hand)."""
    if open_ones is None:
        rows = Deadline.objects.select_for_update().filter(subject=subject, kind=expectation.kind)
        open_ones = rows.filter(state=DeadlineState.OPEN)
    for old in open_ones:
        page.change(old, state=DeadlineState.CANCELLED, act_at=None, ended_at=now)
    plan = expectation.plan
    next_step, act_at = rules.first_act(plan, expectation.times, now=now)
    if queries.is_nearer(act_at, now=now):
        bell.ring()
    row = made(
        Deadline,
        id=uuid.uuid4(),
        subject_id=subject.pk,
        kind=expectation.kind,
        plan_id=plan.id,
        due_at=expectation.times.due_at,
        call_out_at=expectation.times.call_out_at,
        state=DeadlineState.OPEN,
        next_step=next_step,
        act_at=act_at,
        ended_at=None,
    )
    page.add(row)
    return row


def lock_behind(alarm_id: uuid.UUID) -> None:
    """Lock the subject of an alarm, before the alarm: for an act that goes by who is still out, or
    expects somebody anew. Whoever signs in meanwhile is waited for, and seen."""
    rows = Subject.objects.select_for_update(no_key=True, of=("self",))
    rows.filter(alarms__pk=alarm_id).first()


def heard(
    book: Book, ref: str, *, heard_at: dt.datetime, now: dt.datetime, by: Page | None = None
) -> bool:
    """A check-in, live or late: the open check-in deadline is met if it was made for an earlier
    moment; an open alarm notes it and holds its next step for 20 min, once a step. It ends nothing.
    `by` is the entry that tells of it. Says whether an alarm was open."""
    rows = list(open_deadlines(ref))  # all of them: the watch may be opening an alarm for one
    met(book, ref, [row for row in rows if row.kind == DeadlineKind.CHECK_IN], by=by)
    alarm = (
        Alarm.objects.select_for_update(of=("self",))
        .select_related("subject")
        .filter(subject__ref=ref, state=AlarmState.OPEN)
        .first()
    )
    if alarm is None:
        return False
    if alarm.heard_at is not None and heard_at <= alarm.heard_at:
        return True
    page = book.entry(
        rules.ALARM_HEARD, subject=ref, facts={"alarm": alarm.number, "heard_at": heard_at}
    )
    facts = queries.alarm_facts(alarm, queries.plans([alarm.plan_id])[alarm.plan_id])
    until = rules.hold_after_heard(facts, held_step=alarm.held_step, now=now)
    if until is None:
        page.change(alarm, heard_at=heard_at)
    else:
        assert alarm.act_at is not None, "an open alarm acts"
        page.change(
            alarm,
            heard_at=heard_at,
            hold_until=until,
            held_step=alarm.next_step + alarm.repeats,
            act_at=max(alarm.act_at, until),
        )
    return True


def settle(book: Book, ref: str, *, party: Collection[uuid.UUID], by: uuid.UUID, how: str) -> None:
    """Everyone the subject concerns (`party`) is signed in by a person: deadlines are met, the
    alarm ends, and everybody who was told by it hears the good news. Whoever was told by an earlier
    alarm, which ended while they were still out, hears it by `tell_the_rest`."""
    met(book, ref, open_deadlines(ref).exclude(kind=DeadlineKind.KIN))
    for alarm in (
        Alarm.objects.select_for_update(of=("self",))
        .select_related("subject")
        .filter(subject__ref=ref, state=AlarmState.OPEN)
    ):
        end(book, alarm, ending=Ending.SIGNED_IN, by=by, reason=how, party=party)


def tell_the_rest(page: Page, ref: str, *, party: Collection[uuid.UUID], how: str) -> None:
    """The good news for everybody who was told by an alarm that a person stood down while somebody
    was still out, and who has not heard since that they are back. One message a person."""
    earlier = Alarm.objects.filter(subject__ref=ref, state=AlarmState.ENDED).select_related(
        "subject"
    )
    now, heard = page.book.now, set[uuid.UUID]()
    for alarm in earlier.order_by("-number"):
        told = comms.people_told([about(alarm)]) - heard
        heard |= told
        if alarm.ending == Ending.STOOD_DOWN:
            words = each_hears(partial(texts.good_news, alarm, how=how, now=now))
            orders = news_orders(alarm, told, words, back=True, part="back", party=party)
            orders = kin_news.at_the_end(alarm.subject, orders, back=True, now=now)
            known = comms.keys_written(order.key for order in orders)
            tell(page, [order for order in orders if order.key not in known], now=now)


def drop(page: Page, ref: str, *, kind: DeadlineKind, now: dt.datetime) -> None:
    """A deadline of this kind is expected no more."""
    for row in open_deadlines(ref).filter(kind=kind):
        page.change(row, state=DeadlineState.CANCELLED, act_at=None, ended_at=now)


def end(
    book: Book,
    alarm: Alarm,
    *,
    ending: Ending,
    by: uuid.UUID,
    reason: str,
    party: Collection[uuid.UUID] = (),
) -> None:
    """End an alarm by a human act, take back what is queued, tell everybody who was told."""
    now, ref = book.now, about(alarm)
    cancel_queued(book, about=ref, why=str(ending))
    page = book.entry(
        rules.ALARM_ENDED,
        subject=alarm.subject.ref,
        person=by,
        facts={"alarm": alarm.number, "ending": ending, "reason": str(reason)},
    )
    page.change(
        alarm,
        state=AlarmState.ENDED,
        act_at=None,
        ended_at=now,
        ended_by_id=by,
        ending=ending,
        end_reason=str(reason)[:1000],
        **UNTAKEN,
        offered_to_id=None,
        offered_by_id=None,
    )
    orders = _end_orders(page, alarm, ending=ending, by=by, reason=reason, party=party)
    tell(page, orders, now=now)


def reopen(page: Page, ref: str) -> None:
    """The sign-in that ended an alarm was a mistake: the alarm is open again, with its kind and
    phase, and its next step runs at once. What else it asked for (HELP) was never answered."""
    rows = Alarm.objects.select_for_update(of=("self",)).filter(subject__ref=ref)
    alarm = rows.order_by("-opened_at", "-number").first()
    if alarm is None or alarm.ending != Ending.SIGNED_IN:
        return
    if queries.is_nearer(page.book.now, now=page.book.now):
        bell.ring()
    page.change(
        alarm,
        state=AlarmState.OPEN,
        act_at=page.book.now,
        ended_at=None,
        ended_by_id=None,
        ending="",
        end_reason="",
        hold_until=None,
        repeats=0,
        ran_at=None,
    )


def _missed_check_in_of(alarm: Alarm) -> bool:
    """Whether a missed check-in opened this alarm or joined it, and nobody was heard since."""
    missed = Deadline.objects.filter(
        subject=alarm.subject,
        kind=DeadlineKind.CHECK_IN,
        state=DeadlineState.MISSED,
        ended_at__gte=alarm.opened_at,
    )
    if alarm.heard_at is not None:
        missed = missed.filter(due_at__gt=alarm.heard_at)
    return missed.exists()


def stand_down_for(book: Book, ref: str, *, by: uuid.UUID, reason: str, heard: bool) -> None:
    """End the open alarm about the return of a subject, because a person moved that return. A
    missed check-in is not answered by it unless the party was `heard`, and DISTRESS never."""
    for alarm in (
        Alarm.objects.select_for_update(of=("self",))
        .select_related("subject")
        .filter(subject__ref=ref, state=AlarmState.OPEN)
        .filter(kind__in=(AlarmKind.OVERDUE, AlarmKind.NOT_JUDGED))
        .exclude(phase=Phase.DISTRESS)
    ):
        if _missed_check_in_of(alarm) and not heard:
            continue
        end(book, alarm, ending=Ending.STOOD_DOWN, by=by, reason=reason)


def known(ref: str) -> Subject:
    """The subject of this reference; whoever is out has one."""
    return Subject.objects.get(ref=ref)


def ask_again(page: Page, alarm: Alarm, *, again_at: dt.datetime | None) -> None:
    """After a stand-down with somebody still out: a new deadline, an hour from now or at the time
    given (at most a day ahead), with the grace of the old one. A missed check-in asks for another
    check-in if one fits in before the return."""
    subject, now = alarm.subject, page.book.now
    waiting = Deadline.objects.filter(subject=subject, state=DeadlineState.OPEN)
    expected = dict(waiting.values_list("kind", "due_at"))
    kind, back_at = DeadlineKind.RETURN, expected.get(DeadlineKind.RETURN)
    if back_at is not None and _missed_check_in_of(alarm):
        kind = DeadlineKind.CHECK_IN
    if not subject.party or subject.wanted or kind in expected or alarm.kind == AlarmKind.DURESS:
        return
    due_at = again_at if again_at is not None and again_at > now else now + ASK_AGAIN
    due_at = min(due_at, now + ASK_AGAIN_AT_MOST)
    grace = max(alarm.call_out_at - alarm.due_at, dt.timedelta(0))
    times = Times(due_at=due_at, call_out_at=due_at + min(grace, ASK_AGAIN))
    if kind is DeadlineKind.CHECK_IN and back_at is not None and due_at >= back_at:
        return
    plan = queries.default_plan(kind) or queries.plans([alarm.plan_id])[alarm.plan_id]
    expect(page, subject, Expectation(kind=kind, times=times, plan=plan), now=now)


def _end_orders(
    page: Page,
    alarm: Alarm,
    *,
    ending: Ending,
    by: uuid.UUID,
    reason: str,
    party: Collection[uuid.UUID],
) -> list[Order]:
    """The news of this end: an alarm that was open again after a mistaken sign-in ends anew."""
    told = comms.people_told([about(alarm)])
    if alarm.kind == AlarmKind.DURESS:  # whoever heard of it before it was silent reads no more
        told &= set(keepers(now=page.book.now)) - {uuid.UUID(key) for key in alarm.subject.party}
    back = ending is Ending.SIGNED_IN

    def ended(names: Mapping[uuid.UUID, str]) -> Words:
        if ending is Ending.DONE:
            return texts_acts.done(alarm, how=reason, who=names.get(by, ""))
        return texts.stood_down(alarm, reason=reason, who=names.get(by, ""))

    good = each_hears(partial(texts.good_news, alarm, how=reason, now=page.book.now))
    words = good if back else each_reads(read_as([by]).to, ended)
    part = f"end/{page.entry.entry_id}"
    orders = news_orders(alarm, told, words, back=back, part=part, party=party)
    return kin_news.at_the_end(alarm.subject, orders, back=back, now=page.book.now)


def call_for_help(
    book: Book,
    subject: Subject,
    *,
    plan_id: uuid.UUID,
    why: str,
) -> Alarm:
    """HELP from the party: the alarm opens or rises in DISTRESS and its next step runs at once."""
    list(open_deadlines(subject.ref))  # the watch may be opening an alarm for one
    alarm = (
        Alarm.objects.select_for_update(of=("self",))
        .select_related("subject")
        .filter(subject=subject, state=AlarmState.OPEN)
        .first()
    )
    if alarm is not None:
        raise_alarm(book, alarm, why=why, kind=AlarmKind.HELP)
        return alarm
    return open_in_distress(book, subject, AlarmKind.HELP, plan_id=plan_id, why=why)


def raise_alarm(book: Book, alarm: Alarm, *, why: str, kind: AlarmKind) -> None:
    """An open alarm rises to DISTRESS and its next step runs at once: HELP, a duress PIN, or a
    person says so (then its `kind` stays what it was)."""
    if queries.is_nearer(book.now, now=book.now):
        bell.ring()
    page = book.entry(
        rules.ALARM_RAISED, subject=alarm.subject.ref, facts={"alarm": alarm.number, "why": why}
    )
    page.change(
        alarm,
        phase=Phase.DISTRESS,
        kind=kind,
        **UNTAKEN,
        hold_until=None,
        repeats=0,
        ran_at=None,
        act_at=book.now,
    )
