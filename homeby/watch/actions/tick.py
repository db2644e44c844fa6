"""The watchkeeper's tick: judge what is due, one bounded batch at a time.

Decision, logbook entry, alarm and messages are one commit. A row that cannot be judged becomes an
alarm of its own ("could not be judged") and never stops the others (`RELIABILITY.md` 4). Trouble of
the database itself is no fault of a row: it leaves the tick, and the watchkeeper looks again.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.db import connection
from django.db.models import QuerySet

from homeby.comms import queries as comms
from homeby.comms.actions.tell import tell
from homeby.database import trouble
from homeby.database.asked import AskedOf
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book
from homeby.people.texts import each_hears
from homeby.watch import queries, rules, texts
from homeby.watch.actions import due, kin_worry, outages, own_alarms, pausing
from homeby.watch.actions.opening import open_alarm, scene_for
from homeby.watch.actions.partners import judging
from homeby.watch.actions.stepping import Scene, about, alarm_order, remind, run_steps
from homeby.watch.actions.unjudged import keep_ringing, locked, open_as_it_is
from homeby.watch.models import UNTAKEN, Alarm, Deadline
from homeby.watch.rules import AlarmState, DeadlineKind, DeadlineState, Phase

log = logging.getLogger("homeby.watch")


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What a tick did. `more` says that a full batch was taken, so there may be more at once;
    `failed` names rows for which nothing could be done at all."""

    judged: int
    opened: int
    stepped: int
    more: bool
    failed: frozenset[uuid.UUID] = frozenset()


def tick(
    *,
    now: dt.datetime,
    skip: frozenset[uuid.UUID] = frozenset(),
    outage: rules.Outage | None = None,
) -> Ticked:
    """Judge one batch of alarms and one batch of deadlines that are due, most urgent first.

    Alarms whose step has reached nobody are due at once. While the watch is paused no deadline of a
    party is judged: it stays due. `skip` names rows left out this time: a batch of rows for which
    nothing can be done would stop all others. After an `outage` what was missed in it is judged by
    how it stands now: what is past its call-out time at once, all else when the doors have had
    their minute (promise P7). Raises what the database raises when it is locked, full or gone: what
    was not written then is still due.
    """
    if outage is None:
        alarms = _both(_batch(_judge_alarms, due.alarms(now, skip), now), _worries(now))
        keys = due.deadlines(now, skip, paused=pausing.follow(now=now))
        return _both(alarms, _batch(_judge_deadlines, keys, now))
    judge_alarms = partial(_judge_alarms, outage=outage)
    judge_deadlines = partial(_judge_deadlines, outage=outage)
    urgent = _batch(judge_alarms, due.alarms(now, skip, outage, Phase.DISTRESS), now)
    # Deadlines first: what is missed together is one alarm, and one message.
    keys = due.deadlines(now, skip, outage, paused=pausing.follow(now=now))
    deadlines = _batch(judge_deadlines, keys, now)
    alarms = _batch(judge_alarms, due.alarms(now, skip | urgent.failed, outage), now)
    return _both(_both(urgent, deadlines), _both(alarms, _worries(now)))


def _worries(now: dt.datetime) -> Ticked:
    return Ticked(judged=kin_worry.rise(now=now), opened=0, stepped=0, more=False)


def _both(one: Ticked, other: Ticked) -> Ticked:
    return Ticked(
        judged=one.judged + other.judged,
        opened=one.opened + other.opened,
        stepped=one.stepped + other.stepped,
        more=one.more or other.more,
        failed=one.failed | other.failed,
    )


_Judge = Callable[[Book, list[uuid.UUID]], Ticked]


def _batch(judge: _Judge, keys: list[uuid.UUID], now: dt.datetime) -> Ticked:
    """Judge a batch in one commit; if the commit itself fails, one by one, so that the row which
    breaks it stands alone."""
    if not keys:
        return Ticked(judged=0, opened=0, stepped=0, more=False)
    more = len(keys) == due.BATCH
    try:
        with logbook.writing(now=now, by=None, device="watchkeeper", bulk=True) as book:
            return replace(judge(book, keys), more=more)
    except Exception as error:
        _raise_trouble(error)
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
        failed=frozenset(key for one in done for key in one.failed),
    )


def _last_resort(judge: _Judge, key: uuid.UUID, now: dt.datetime) -> Ticked:
    """A row that not even a commit of its own could judge: people are told as it is."""
    opened = False
    try:
        with logbook.writing(now=now, by=None, device="watchkeeper") as book:
            if getattr(judge, "func", judge) is _judge_alarms:
                keep_ringing(book, key)
            else:
                opened = open_as_it_is(book, key, {})
    except Exception as error:
        _raise_trouble(error)
        log.exception("nothing could be done about %s; it is tried again", key)
        return Ticked(judged=0, opened=0, stepped=0, more=False, failed=frozenset({key}))
    return Ticked(judged=1, opened=opened, stepped=0, more=False)


def _raise_trouble(error: Exception) -> None:
    """Inside an `except`: let trouble of the database itself go on to the watchkeeper."""
    if trouble.is_of_all_rows(error=error):
        raise error


# --- alarms that are open ------------------------------------------------------------------------


_ALARMS = AskedOf(
    lambda keys: locked(
        Alarm.objects.filter(pk__in=keys, state=AlarmState.OPEN).select_related("subject")
    ).order_by(due.URGENCY, "due_at")
)


def _judge_alarms(book: Book, keys: list[uuid.UUID], outage: rules.Outage | None = None) -> Ticked:
    alarms: list[Alarm] = _ALARMS.rows(keys)
    scene = scene_for(alarms, now=book.now, outage=outage)
    handings = comms.handings({about(a): f"{about(a)}/{a.round}/" for a in alarms})
    judged = stepped = 0
    for alarm in alarms:
        mark = book.mark()
        try:
            own = scene.of(alarm.act_at)
            stepped += _judge_alarm(book, alarm, handings.get(about(alarm)), own)
        except Exception as error:
            _raise_trouble(error)
            log.exception("alarm %s could not be judged", alarm)
            book.back_to(mark)
            keep_ringing(book, alarm.pk)
        judged += len(book.pages) > mark.pages
    return Ticked(judged=judged, opened=0, stepped=stepped, more=False)


def _judge_alarm(book: Book, alarm: Alarm, handing: comms.Handing | None, scene: Scene) -> bool:
    own = own_alarms.judge(book, alarm, handing)
    if own is not None:
        return own
    facts = queries.alarm_facts(alarm, scene.plans[alarm.plan_id])
    facts = replace(facts, was_missed=scene.outage is not None)
    if handing is not None:
        facts = replace(facts, handed_at=handing.first_handed_at, impossible=handing.impossible)
    facts = rules.believable(facts, now=scene.now)
    if alarm.holder_id is not None and alarm.holder_id not in scene.roll.people:
        facts = replace(facts, expires_at=scene.now)  # who has left holds nothing
    if alarm.co_holder_id is not None and alarm.co_holder_id not in scene.roll.people:
        facts = replace(facts, co_expires_at=scene.now)
    decision = rules.decide_alarm(facts, now=scene.now)
    ref = alarm.subject.ref
    match decision:
        case rules.Wait(act_at=act_at):
            _wait(book, alarm, facts, act_at)
            return False
        case rules.Lapse():
            _lapse(book, alarm, decision, scene)
            return True
        case rules.Run():
            page = book.entry(rules.ALARM_STEPPED, subject=ref)
            page.change(alarm, **run_steps(page, alarm, decision, facts, scene))
            return True


def _wait(book: Book, alarm: Alarm, facts: rules.AlarmFacts, act_at: dt.datetime) -> None:
    """Look again at `act_at`; instants that were not believed are put right. Nothing is written
    where nothing changes, or where another watchkeeper was quicker."""
    instants = ("ran_at", "hold_until", "expires_at", "co_expires_at")
    believed = {name: getattr(facts, name) for name in instants}
    values = {name: at for name, at in believed.items() if at != getattr(alarm, name)}
    was = alarm.act_at or book.now
    if act_at < was or (was <= book.now and act_at != was):
        values["act_at"] = act_at
    if values:
        page = book.entry(
            rules.ALARM_WAITS, subject=alarm.subject.ref, facts={"alarm": alarm.number}
        )
        page.change(alarm, **values)


def _lapse(book: Book, alarm: Alarm, decision: rules.Lapse, scene: Scene) -> None:
    """Ask whoever it has run out for; where two had it, the other one keeps it, alone."""
    first = decision.people[0]
    page = book.entry(
        rules.ALARM_LAPSED,
        subject=alarm.subject.ref,
        person=first,
        facts={"alarm": alarm.number, "holder": first},
    )
    words, round_ = each_hears(partial(texts.lapse, alarm)), alarm.round + 1
    asked = [scene.roll.people[key] for key in decision.people if key in scene.roll.people]
    orders = [alarm_order(alarm, one, words(one), round_=round_, may_take=True) for one in asked]
    reached = tell(page, orders, now=scene.now)
    holds = ((alarm.co_holder_id, alarm.co_expires_at), (alarm.holder_id, alarm.expires_at))
    left = [hold for hold in holds if hold[0] not in (None, *decision.people)]
    co_holder_id, co_expires_at = left[0] if left else (None, None)
    page.change(
        alarm,
        phase=decision.phase,
        **UNTAKEN | {"co_holder_id": co_holder_id, "co_expires_at": co_expires_at},
        lapsed=True,
        round=alarm.round + 1,
        repeats=0,
        ran_at=None,
        act_at=decision.act_at if reached else scene.now,  # an empty step waits for nothing
    )


# --- deadlines that are open ---------------------------------------------------------------------


def _alarms_of(subject_ids: Sequence[uuid.UUID]) -> QuerySet[Alarm]:
    """The open alarms of these subjects, waited for and locked."""
    open_ones = Alarm.objects.filter(subject_id__in=subject_ids, state=AlarmState.OPEN)
    if connection.features.has_select_for_update_skip_locked:
        open_ones = open_ones.select_for_update(of=("self",))
    return open_ones.select_related("subject").order_by("pk")


_OF_SUBJECTS = AskedOf(_alarms_of)
_DEADLINES = AskedOf(
    lambda keys: locked(
        Deadline.objects.filter(pk__in=keys, state=DeadlineState.OPEN).select_related("subject")
    ).order_by("due_at", "pk")
)


def _judge_deadlines(
    book: Book, keys: list[uuid.UUID], outage: rules.Outage | None = None
) -> Ticked:
    deadlines: list[Deadline] = _DEADLINES.rows(keys)
    subjects = {deadline.subject_id for deadline in deadlines}
    by_subject = {alarm.subject_id: alarm for alarm in _OF_SUBJECTS.rows(subjects)}
    scene = scene_for([*deadlines, *by_subject.values()], now=book.now, outage=outage)
    opened = 0
    for together in outages.together(deadlines, outage, now=book.now):
        mark = book.mark()
        try:
            opened += _judge_deadline(book, together, by_subject, scene)
        except Exception as error:
            _raise_trouble(error)
            log.exception("deadline %s could not be judged", together[0].pk)
            book.back_to(mark)
            opened += sum(open_as_it_is(book, one.pk, by_subject) for one in together)
    outages.count_dropped(book, outage)
    return Ticked(judged=len(deadlines), opened=opened, stepped=0, more=False)


def _judge_deadline(
    book: Book, together: Sequence[Deadline], by_subject: dict[uuid.UUID, Alarm], scene: Scene
) -> bool:
    """One deadline, or those of a subject that were missed together."""
    deadline, *others = together
    scene = scene.of(deadline.act_at)
    times = rules.Times(due_at=deadline.due_at, call_out_at=deadline.call_out_at)
    facts = rules.DeadlineFacts(
        times=times,
        plan=scene.plans[deadline.plan_id],
        next_step=deadline.next_step,
    )
    ref = deadline.subject.ref
    match rules.decide_deadline(facts, now=scene.now):
        case rules.Wait(act_at=act_at):
            if act_at != deadline.act_at:  # equal where another watchkeeper was quicker
                page = book.entry(rules.ALARM_WAITS, subject=ref)
                page.change(deadline, act_at=act_at)
            return False
        case rules.Remind(step=step, next_step=next_step, act_at=act_at, dropped=dropped):
            page = book.entry(rules.REMINDER_SENT, subject=ref)
            remind(page, deadline, step, scene)
            outages.dropped(page, dropped)
            page.change(deadline, next_step=next_step, act_at=act_at)
            return False
        case rules.Drop(dropped=dropped, next_step=next_step, act_at=act_at):
            page = book.entry(rules.REMINDER_DROPPED, subject=ref)
            outages.dropped(page, dropped)
            page.change(deadline, next_step=next_step, act_at=act_at)
            return False
        case rules.Open() if deadline.kind in rules.MISS_NOBODY:
            return own_alarms.fall_overdue(book, deadline, by_subject, scene)
        case rules.Open() if deadline.kind == DeadlineKind.PARTNER:
            return judging.fall_due(book, deadline, by_subject, scene)
        case rules.Open():
            return open_alarm(book, deadline, by_subject, scene, others)
