"""Opening an alarm for a missed deadline, or letting it join the one that is open."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from homeby.comms.actions.tell import tell
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book
from homeby.people.texts import each_hears
from homeby.watch import queries, rules, texts
from homeby.watch.actions import recipients
from homeby.watch.actions.stepping import Scene, about, alarm_order, run_steps
from homeby.watch.models import Alarm, AlarmNumber, Deadline, Subject
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineKind, DeadlineState, Phase

_ALARM_OF = {
    DeadlineKind.RETURN: AlarmKind.OVERDUE,
    DeadlineKind.CHECK_IN: AlarmKind.MISSED_CHECK_IN,
    DeadlineKind.PARTNER: AlarmKind.PARTNER,
    DeadlineKind.DUTY: AlarmKind.DUTY,
    DeadlineKind.CARE: AlarmKind.CARE,
}


def scene_for(
    rows: Iterable[Alarm | Deadline], *, now: dt.datetime, outage: rules.Outage | None = None
) -> Scene:
    """Plans and people for a batch, each read once."""
    rows = list(rows)
    plans = queries.plans({row.plan_id for row in rows})
    named = {key for plan in plans.values() for step in plan.steps for key in step.people}
    named |= {key for row in rows if isinstance(row, Alarm) for key in row.takers}
    roll = recipients.call_roll([row.subject for row in rows], named=named, now=now)
    return Scene(now=now, plans=plans, roll=roll, outage=outage)


def open_alarm(
    book: Book,
    deadline: Deadline,
    by_subject: dict[uuid.UUID, Alarm],
    scene: Scene,
    others: Sequence[Deadline] = (),
) -> bool:
    """Open an alarm for a missed deadline, or let it join the one that is open. `others` of that
    subject were missed in the same outage: one alarm, one message."""
    if deadline.subject_id in by_subject:
        for one in (deadline, *others):
            _join(book, one, by_subject[deadline.subject_id], scene)
        return False
    kind = _ALARM_OF[DeadlineKind(deadline.kind)]
    alarm = new_alarm(book, deadline, kind)
    alarm.call_out_at = min(one.call_out_at for one in (deadline, *others))
    page = book.entry(
        rules.ALARM_OPENED,
        subject=deadline.subject.ref,
        facts={"kind": kind, "due_at": deadline.due_at},
    )
    page.change(deadline, state=DeadlineState.MISSED, act_at=None, ended_at=scene.now)
    begin(page, alarm, scene)
    by_subject[deadline.subject_id] = alarm
    for one in others:
        _note_joined(book, one, alarm)
    return True


def _note_joined(book: Book, deadline: Deadline, alarm: Alarm) -> logbook.Page:
    page = book.entry(
        rules.ALARM_JOINED,
        subject=deadline.subject.ref,
        facts={"alarm": alarm.number, "kind": deadline.kind, "due_at": deadline.due_at},
    )
    page.change(deadline, state=DeadlineState.MISSED, act_at=None, ended_at=book.now)
    return page


def new_alarm(book: Book, deadline: Deadline, kind: AlarmKind) -> Alarm:
    return Alarm(
        id=uuid.uuid4(),
        number=take_number(book, exercise=kind in rules.EXERCISES),
        subject=deadline.subject,
        plan_id=deadline.plan_id,
        kind=kind,
        phase=Phase.UNCERTAINTY,
        state=AlarmState.OPEN,
        due_at=deadline.due_at,
        call_out_at=deadline.call_out_at,
        opened_at=book.now,
        act_at=book.now,
    )


def open_in_distress(
    book: Book,
    subject: Subject,
    kind: AlarmKind,
    *,
    plan_id: uuid.UUID,
    rings_at: dt.datetime | None = None,
    **facts: object,
) -> Alarm:
    """Open an alarm that no deadline has brought: it begins in DISTRESS, and due now, and its first
    step runs at once, or at `rings_at`. `facts` stand in its entry."""
    now = book.now
    alarm = Alarm(
        id=uuid.uuid4(),
        number=take_number(book),
        subject=subject,
        plan_id=plan_id,
        kind=kind,
        phase=Phase.DISTRESS,
        state=AlarmState.OPEN,
        due_at=now,
        call_out_at=now,
        opened_at=now,
        act_at=now,
    )
    page = book.entry(rules.ALARM_OPENED, subject=subject.ref, facts={"kind": kind, **facts})
    if rings_at is not None and rings_at > now:
        alarm.act_at = rings_at
        page.add(alarm)
        return alarm
    begin(page, alarm, scene_for([alarm], now=now))
    return alarm


def begin(page: logbook.Page, alarm: Alarm, scene: Scene) -> None:
    """Run what a new alarm asks for at once, and write the alarm."""
    facts = queries.alarm_facts(alarm, scene.plans[alarm.plan_id])
    facts = replace(facts, was_missed=scene.outage is not None)
    first = rules.decide_alarm(facts, now=scene.now)
    if isinstance(first, rules.Run):
        for name, value in run_steps(page, alarm, first, facts, scene).items():
            setattr(alarm, name, value)
    else:
        alarm.act_at = first.act_at
    page.add(alarm)


def _join(book: Book, deadline: Deadline, alarm: Alarm, scene: Scene) -> None:
    """A further missed deadline of the same subject: the worry grows, it does not start again. A
    missed return gives a missed check-in its own due time; the earlier call-out time counts. HELP
    stays HELP."""
    page = _note_joined(book, deadline, alarm)
    grows = deadline.kind == DeadlineKind.RETURN and alarm.kind != AlarmKind.HELP
    plan = scene.plans[alarm.plan_id]
    was = rules.Times(due_at=alarm.due_at, call_out_at=alarm.call_out_at)
    times = rules.Times(
        due_at=deadline.due_at if grows else alarm.due_at,
        call_out_at=min(alarm.call_out_at, deadline.call_out_at),
    )
    _tell_joined(page, deadline, alarm, scene)
    assert alarm.act_at is not None, "an open alarm acts"
    page.change(
        alarm,
        kind=AlarmKind.OVERDUE if grows else alarm.kind,
        due_at=times.due_at,
        call_out_at=times.call_out_at,
        next_step=rules.carry_on(
            rules.ladder(plan, was), alarm.next_step, rules.ladder(plan, times)
        ),
        act_at=_acts_at(alarm, times, scene),
    )


def _is_held(alarm: Alarm, scene: Scene) -> bool:
    until = alarm.taken_until
    return alarm.holder_id is not None and until is not None and until > scene.now


def _told_by_its_step(alarm: Alarm, scene: Scene) -> bool:
    """Whether the one message after an outage says enough: nobody holds the alarm, so its present
    step runs, or has run since."""
    return scene.outage is not None and not _is_held(alarm, scene)


def _acts_at(alarm: Alarm, times: rules.Times, scene: Scene) -> dt.datetime:
    """When an alarm acts that a deadline has joined: no later than at its call-out time; at its
    present step if the deadline was missed while nobody watched, and nobody has been told since."""
    assert alarm.act_at is not None, "an open alarm acts"
    at = min(alarm.act_at, max(times.call_out_at, scene.now))
    if scene.outage is None or not _told_by_its_step(alarm, scene):
        return at
    told = alarm.ran_at is not None and alarm.ran_at >= scene.outage.to_at
    return at if told else min(at, scene.outage.to_at)


def _hear_of_it(alarm: Alarm, scene: Scene) -> list[uuid.UUID]:
    """Who hears of a further missed deadline. Where its step tells of it, that one of two whom it
    spares."""
    if _told_by_its_step(alarm, scene):
        holds = ((alarm.co_holder_id, alarm.co_expires_at), (alarm.holder_id, alarm.expires_at))
        return [who for who, until in holds if who and until and until > scene.now]
    return (
        alarm.takers
        if alarm.holder_id
        else [*alarm.takers, *scene.roll.watching_over(alarm.subject)]
    )


def _tell_joined(page: logbook.Page, deadline: Deadline, alarm: Alarm, scene: Scene) -> None:
    """Whoever has the alarm, or who holds the watch, hears of a further missed deadline."""
    words = each_hears(partial(texts.joined, alarm, deadline, now=scene.now))
    hear = [key for key in dict.fromkeys(_hear_of_it(alarm, scene)) if key in scene.roll.people]
    tell(
        page,
        [
            replace(
                alarm_order(alarm, one, words(one), round_=alarm.round, may_take=True),
                key=f"{about(alarm)}/joined/{deadline.pk}/{one.person_id}",
                cause="",
            )
            for one in (scene.roll.people[key] for key in hear)
        ],
        now=scene.now,
    )


def take_number(book: Book, *, exercise: bool = False) -> int:
    """The next alarm number; those of alarms about people have no gaps, exercises are counted by
    themselves. The counter's row is locked until the book's transaction ends; how far it came is
    written when the book closes."""
    key, first = (2, rules.EXERCISE_NUMBERS + 1) if exercise else (1, 1000)
    counter = book.scratch(f"alarm numbers {key}", lambda: _counter(book, key, first))
    counter.next_number += 1
    return counter.next_number - 1


def _counter(book: Book, key: int, first: int) -> AlarmNumber:
    counter = AlarmNumber.objects.select_for_update().filter(pk=key).first()
    if counter is None:
        AlarmNumber.objects.get_or_create(pk=key, defaults={"next_number": first})
        counter = AlarmNumber.objects.select_for_update().get(pk=key)
    book.at_close.append(lambda: counter.save(update_fields=["next_number"]))
    return counter
