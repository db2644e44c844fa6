"""Opening an alarm for a missed deadline, or letting it join the one that is open."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace

from homeby.comms.actions.tell import tell
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book
from homeby.watch import queries, rules, texts
from homeby.watch.actions import recipients
from homeby.watch.actions.stepping import Scene, about, alarm_order, run_steps
from homeby.watch.models import Alarm, AlarmNumber, Deadline
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineKind, DeadlineState, Phase


def scene_for(rows: Iterable[Alarm | Deadline], *, now: dt.datetime) -> Scene:
    """Plans and people for a batch, each read once."""
    rows = list(rows)
    plans = queries.plans({row.plan_id for row in rows})
    named = {key for plan in plans.values() for step in plan.steps for key in step.people}
    named |= {row.holder_id for row in rows if isinstance(row, Alarm) and row.holder_id}
    roll = recipients.call_roll([row.subject for row in rows], named=named, now=now)
    return Scene(now=now, plans=plans, roll=roll)


def open_alarm(
    book: Book,
    deadline: Deadline,
    by_subject: dict[uuid.UUID, Alarm],
    scene: Scene,
    kind: AlarmKind,
) -> bool:
    """Open an alarm for a missed deadline, or let it join the one that is open."""
    if deadline.subject_id in by_subject:
        _join(book, deadline, by_subject[deadline.subject_id], scene)
        return False
    alarm = new_alarm(book, deadline, kind)
    page = book.entry(
        rules.ALARM_OPENED,
        subject=deadline.subject.ref,
        facts={"kind": kind, "due_at": deadline.due_at},
    )
    page.change(deadline, state=DeadlineState.MISSED, act_at=None, ended_at=scene.now)
    begin(page, alarm, scene)
    by_subject[deadline.subject_id] = alarm
    return True


def new_alarm(book: Book, deadline: Deadline, kind: AlarmKind) -> Alarm:
    return Alarm(
        id=uuid.uuid4(),
        number=_numbers(book, kind)(),
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


def _numbers(book: Book, kind: AlarmKind) -> Callable[[], int]:
    """Those of alarms about people have no gaps; exercises are counted by themselves."""
    if kind in rules.EXERCISES:
        return book.scratch("exercise numbers", lambda: take_numbers(exercises=True))
    return book.scratch("alarm numbers", take_numbers)


def begin(page: logbook.Page, alarm: Alarm, scene: Scene) -> None:
    """Run what a new alarm asks for at once, and write the alarm."""
    facts = queries.alarm_facts(alarm, scene.plans[alarm.plan_id])
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
    page = book.entry(
        rules.ALARM_JOINED,
        subject=deadline.subject.ref,
        facts={"alarm": alarm.number, "kind": deadline.kind, "due_at": deadline.due_at},
    )
    page.change(deadline, state=DeadlineState.MISSED, act_at=None, ended_at=scene.now)
    grows = deadline.kind == DeadlineKind.RETURN and alarm.kind != AlarmKind.HELP
    plan = scene.plans[alarm.plan_id]
    was = rules.Times(due_at=alarm.due_at, call_out_at=alarm.call_out_at)
    times = rules.Times(
        due_at=deadline.due_at if grows else alarm.due_at,
        call_out_at=min(alarm.call_out_at, deadline.call_out_at),
    )
    officers = [alarm.holder_id] if alarm.holder_id else list(scene.roll.officers)
    words = texts.joined(alarm, deadline, now=scene.now)
    tell(
        page,
        [
            replace(
                alarm_order(
                    alarm, scene.roll.people[key], words, round_=alarm.round, may_take=True
                ),
                key=f"{about(alarm)}/joined/{deadline.pk}/{key}",
                cause="",
            )
            for key in officers
            if key in scene.roll.people
        ],
        now=scene.now,
    )
    assert alarm.act_at is not None, "an open alarm acts"
    page.change(
        alarm,
        kind=AlarmKind.OVERDUE if grows else alarm.kind,
        due_at=times.due_at,
        call_out_at=times.call_out_at,
        next_step=rules.carry_on(
            rules.ladder(plan, was), alarm.next_step, rules.ladder(plan, times)
        ),
        act_at=min(alarm.act_at, max(times.call_out_at, scene.now)),
    )


def take_numbers(*, exercises: bool = False) -> Callable[[], int]:
    """Hands out alarm numbers for one transaction; the counter's row is locked until it ends."""
    counter = _counter(2, rules.EXERCISE_NUMBERS + 1) if exercises else _counter(1, 1000)

    def take() -> int:
        number = counter.next_number
        counter.next_number += 1
        AlarmNumber.objects.filter(pk=counter.pk).update(next_number=counter.next_number)
        return number

    return take


def _counter(key: int, first: int) -> AlarmNumber:
    AlarmNumber.objects.get_or_create(pk=key, defaults={"next_number": first})
    return AlarmNumber.objects.select_for_update().get(pk=key)
