"""The watchkeeper's tick: judge what is due, one bounded batch at a time.

Decision, logbook entry, alarm and messages are one commit. A row that cannot be judged becomes an
alarm of its own ("could not be judged") and never stops the others (`RELIABILITY.md` 4).
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Value, When

from homeby.comms import queries as comms
from homeby.comms.actions.tell import tell
from homeby.comms.rules import usable
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book
from homeby.watch import queries, rules, texts
from homeby.watch.actions import recipients
from homeby.watch.actions.opening import new_alarm, open_alarm, scene_for
from homeby.watch.actions.stepping import Scene, about, alarm_order, remind, run_steps
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineKind, DeadlineState, Phase

log = logging.getLogger("homeby.watch")
BATCH = 500
LOOK_AGAIN = dt.timedelta(minutes=1)
_URGENCY = Case(
    When(phase=Phase.DISTRESS, then=Value(0)),
    When(phase=Phase.ALERT, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What a tick did. `more` says that a full batch was taken, so there may be more at once."""

    judged: int
    opened: int
    stepped: int
    more: bool


def tick(*, now: dt.datetime, causes: frozenset[str] = frozenset()) -> Ticked:
    """Judge one batch of alarms and one batch of deadlines that are due, most urgent first.

    `causes` names alarms whose messages have just failed or been handed: they are judged too, so
    that a step which reached nobody is followed at once.
    """
    alarms = _batch(_judge_alarms, _due_alarms(now, causes), now)
    deadlines = _batch(_judge_deadlines, _due_deadlines(now), now)
    return Ticked(
        judged=alarms.judged + deadlines.judged,
        opened=deadlines.opened,
        stepped=alarms.stepped,
        more=alarms.more or deadlines.more,
    )


def _due_alarms(now: dt.datetime, causes: frozenset[str]) -> list[uuid.UUID]:
    open_ones = Alarm.objects.filter(state=AlarmState.OPEN)
    moved = [uuid.UUID(cause.partition(":")[2]) for cause in causes if cause.startswith("alarm:")]
    due = open_ones.filter(act_at__lte=now) | open_ones.filter(pk__in=moved)
    return list(due.order_by(_URGENCY, "due_at").values_list("pk", flat=True)[:BATCH])


def _due_deadlines(now: dt.datetime) -> list[uuid.UUID]:
    due = Deadline.objects.filter(state=DeadlineState.OPEN, act_at__lte=now)
    return list(due.order_by("act_at", "pk").values_list("pk", flat=True)[:BATCH])


_Judge = Callable[[Book, list[uuid.UUID]], Ticked]


def _batch(judge: _Judge, keys: list[uuid.UUID], now: dt.datetime) -> Ticked:
    """Judge a batch in one commit; if the commit itself fails, one by one, so that the row which
    breaks it stands alone."""
    if not keys:
        return Ticked(judged=0, opened=0, stepped=0, more=False)
    more = len(keys) == BATCH
    try:
        with logbook.writing(now=now, by=None, device="watchkeeper", bulk=True) as book:
            return replace(judge(book, keys), more=more)
    except Exception:
        if len(keys) == 1:
            log.exception("could not write the judgement of %s", keys[0])
            return _last_resort(judge, keys[0], now)
        log.exception("a batch of %d could not be written; judging one by one", len(keys))
    done = [_batch(judge, [key], now) for key in keys]
    return Ticked(
        judged=sum(one.judged for one in done),
        opened=sum(one.opened for one in done),
        stepped=sum(one.stepped for one in done),
        more=more,
    )


def _last_resort(judge: _Judge, key: uuid.UUID, now: dt.datetime) -> Ticked:
    """A row that not even a commit of its own could judge: people are told as it is."""
    opened = False
    try:
        with logbook.writing(now=now, by=None, device="watchkeeper") as book:
            if judge is _judge_alarms:
                _keep_ringing(book, key)
            else:
                opened = _open_as_it_is(book, key, {})
    except Exception:
        log.exception("nothing could be done about %s; it is tried again", key)
        return Ticked(judged=0, opened=0, stepped=0, more=False)
    return Ticked(judged=1, opened=opened, stepped=0, more=False)


def _locked(rows: Any) -> Any:
    """Lock rows; on PostgreSQL another watchkeeper's rows are skipped, on SQLite the transaction
    is alone anyway."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


# --- alarms that are open ------------------------------------------------------------------------


def _judge_alarms(book: Book, keys: list[uuid.UUID]) -> Ticked:
    rows = Alarm.objects.filter(pk__in=keys, state=AlarmState.OPEN).select_related("subject")
    alarms = list(_locked(rows).order_by(_URGENCY, "due_at"))
    scene = scene_for(alarms, now=book.now)
    handings = comms.handings({about(a): f"{about(a)}/{a.round}/" for a in alarms})
    stepped = 0
    for alarm in alarms:
        mark = book.mark()
        try:
            stepped += _judge_alarm(book, alarm, handings.get(about(alarm)), scene)
        except Exception:
            log.exception("alarm %s could not be judged", alarm)
            book.back_to(mark)
            _keep_ringing(book, alarm.pk)
    return Ticked(judged=len(alarms), opened=0, stepped=stepped, more=False)


def _judge_alarm(book: Book, alarm: Alarm, handing: comms.Handing | None, scene: Scene) -> bool:
    facts = queries.alarm_facts(alarm, scene.plans[alarm.plan_id])
    if handing is not None:
        facts = replace(facts, handed_at=handing.first_handed_at, impossible=handing.impossible)
    decision = rules.decide_alarm(facts, now=scene.now)
    ref = alarm.subject.ref
    match decision:
        case rules.Wait(act_at=act_at):
            if act_at != alarm.act_at and alarm.act_at is not None and alarm.act_at <= scene.now:
                page = book.entry(rules.ALARM_WAITS, subject=ref, facts={"alarm": alarm.number})
                page.change(alarm, act_at=act_at)
            return False
        case rules.Lapse():
            _lapse(book, alarm, decision, scene)
            return True
        case rules.Run():
            page = book.entry(rules.ALARM_STEPPED, subject=ref)
            page.change(alarm, **run_steps(page, alarm, decision, facts, scene))
            return True


def _lapse(book: Book, alarm: Alarm, decision: rules.Lapse, scene: Scene) -> None:
    page = book.entry(
        rules.ALARM_LAPSED,
        subject=alarm.subject.ref,
        person=alarm.holder_id,
        facts={"alarm": alarm.number, "holder": alarm.holder_id},
    )
    holder = scene.roll.people.get(alarm.holder_id) if alarm.holder_id else None
    reached = 0
    if holder is not None:
        words = texts.lapse(alarm)
        order = alarm_order(alarm, holder, words, round_=alarm.round + 1, may_take=True)
        reached = tell(page, [order], now=scene.now)
    page.change(
        alarm,
        phase=decision.phase,
        holder_id=None,
        taken_at=None,
        expires_at=None,
        round=alarm.round + 1,
        repeats=0,
        ran_at=None,
        act_at=decision.act_at if reached else scene.now,  # an empty step waits for nothing
    )


# --- what cannot be judged -----------------------------------------------------------------------


def _keep_ringing(book: Book, key: uuid.UUID) -> None:
    """An alarm that cannot be judged is told as it is, every five minutes."""
    rows = Alarm.objects.filter(pk=key, state=AlarmState.OPEN).select_related("subject")
    alarm = _locked(rows).first()
    if alarm is None:  # it has ended, or another watchkeeper has it
        return
    page = book.entry(
        rules.ALARM_STEPPED,
        subject=alarm.subject.ref,
        facts={"alarm": alarm.number, "trouble": "could not be judged"},
    )
    page.change(alarm, **_tell_as_it_is(page, alarm))


def _open_as_it_is(book: Book, key: uuid.UUID, by_subject: dict[uuid.UUID, Alarm]) -> bool:
    """A deadline that cannot be judged counts as missed from its due time on. Before it only a
    reminder was due: it is tried again, for the trouble may be the database's and pass."""
    rows = Deadline.objects.filter(pk=key, state=DeadlineState.OPEN).select_related("subject")
    deadline = _locked(rows).first()
    if deadline is None:  # it was met, or another watchkeeper was quicker
        return False
    if deadline.due_at > book.now:
        again_at = min(deadline.due_at, book.now + LOOK_AGAIN)
        page = book.entry(rules.ALARM_WAITS, subject=deadline.subject.ref)
        page.change(deadline, act_at=again_at)
        return False
    here = Alarm.objects.filter(subject_id=deadline.subject_id, state=AlarmState.OPEN)
    alarm = by_subject.get(deadline.subject_id) or here.select_related("subject").first()
    is_new = alarm is None
    alarm = alarm or new_alarm(book, deadline, AlarmKind.NOT_JUDGED)
    page = book.entry(
        rules.ALARM_OPENED if is_new else rules.ALARM_JOINED,
        subject=deadline.subject.ref,
        facts={"alarm": alarm.number, "trouble": "could not be judged", "due_at": deadline.due_at},
    )
    page.change(deadline, state=DeadlineState.MISSED, act_at=None, ended_at=book.now)
    values = _tell_as_it_is(page, alarm)
    if is_new:
        for name, value in values.items():
            setattr(alarm, name, value)
        page.add(alarm)
        by_subject[deadline.subject_id] = alarm
    else:
        page.change(alarm, **values)
    return is_new


def _tell_as_it_is(page: logbook.Page, alarm: Alarm) -> dict[str, Any]:
    """Tell the officers, or else everybody with a role, with nothing that may be what is broken:
    no plan, no times, no place. Gives the alarm's new column values."""
    now = page.book.now
    roll = recipients.call_roll([], named=(), now=now)
    words = texts.as_it_is(alarm)
    for group in (roll.officers, roll.everybody):
        round_ = alarm.round + 1
        orders = [
            alarm_order(alarm, roll.people[key], words, round_=round_, may_take=True)
            for key in group
            if key in roll.people
        ]
        if any(usable(order, now=now) for order in orders):
            break
    tell(page, orders, now=now)
    act_at = now + dt.timedelta(minutes=5)
    if alarm.call_out_at > now:  # no wait reaches over the call-out time
        act_at = min(act_at, alarm.call_out_at)
    return {"round": round_, "ran_at": now, "act_at": act_at}


# --- deadlines that are open ---------------------------------------------------------------------


def _judge_deadlines(book: Book, keys: list[uuid.UUID]) -> Ticked:
    rows = Deadline.objects.filter(pk__in=keys, state=DeadlineState.OPEN).select_related("subject")
    deadlines = list(_locked(rows).order_by("due_at", "pk"))
    subjects = {deadline.subject_id for deadline in deadlines}
    open_alarms = Alarm.objects.filter(subject_id__in=subjects, state=AlarmState.OPEN)
    if connection.features.has_select_for_update_skip_locked:
        open_alarms = open_alarms.select_for_update(of=("self",))
    by_subject = {a.subject_id: a for a in open_alarms.select_related("subject")}
    scene = scene_for([*deadlines, *by_subject.values()], now=book.now)
    opened = 0
    for deadline in deadlines:
        mark = book.mark()
        try:
            opened += _judge_deadline(book, deadline, by_subject, scene)
        except Exception:
            log.exception("deadline %s could not be judged", deadline.pk)
            book.back_to(mark)
            opened += _open_as_it_is(book, deadline.pk, by_subject)
    return Ticked(judged=len(deadlines), opened=opened, stepped=0, more=False)


def _judge_deadline(
    book: Book, deadline: Deadline, by_subject: dict[uuid.UUID, Alarm], scene: Scene
) -> bool:
    times = rules.Times(due_at=deadline.due_at, call_out_at=deadline.call_out_at)
    facts = rules.DeadlineFacts(
        times=times, plan=scene.plans[deadline.plan_id], next_step=deadline.next_step
    )
    ref = deadline.subject.ref
    match rules.decide_deadline(facts, now=scene.now):
        case rules.Wait(act_at=act_at):
            if act_at != deadline.act_at:  # equal where another watchkeeper was quicker
                page = book.entry(rules.ALARM_WAITS, subject=ref)
                page.change(deadline, act_at=act_at)
            return False
        case rules.Remind(step=step, next_step=next_step, act_at=act_at):
            page = book.entry(rules.REMINDER_SENT, subject=ref)
            remind(page, deadline, step, scene)
            page.change(deadline, next_step=next_step, act_at=act_at)
            return False
        case rules.Open():
            overdue = deadline.kind == DeadlineKind.RETURN
            kind = AlarmKind.OVERDUE if overdue else AlarmKind.MISSED_CHECK_IN
            return open_alarm(book, deadline, by_subject, scene, kind)
