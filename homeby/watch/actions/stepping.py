"""Running the steps of an alarm: messages into the outbox, the alarm's next act. Used by the tick
and by people's acts; always inside an open book."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from homeby.comms.actions.tell import replace_older, tell
from homeby.comms.rules import MessageKind, Order, usable
from homeby.logbook.actions import Page
from homeby.people.queries.apart import read_as
from homeby.people.rules import Recipient
from homeby.people.texts import Words, each_hears, each_reads, say_to, spoken_to
from homeby.watch import rules, texts, texts_acts, texts_outage
from homeby.watch.actions import kin_news, recipients
from homeby.watch.models import UNTAKEN, Alarm, Deadline, Subject
from homeby.watch.rules import Target
from homeby.watch.rules.duress import silenced
from homeby.watch.rules.unplaced import spared


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What every decision of one batch shares."""

    now: dt.datetime
    plans: dict[Any, rules.Plan]
    roll: recipients.Roll
    outage: rules.Outage | None = None

    def of(self, act_at: dt.datetime | None) -> Scene:
        """The same for what was due at `act_at`: without the outage where that did not fall into
        it."""
        if self.outage is None or self.outage.missed(act_at):
            return self
        return replace(self, outage=None)


def about(alarm: Alarm) -> str:
    """The reference by which the outbox and the logbook know an alarm."""
    return f"alarm:{alarm.pk}"


def new_code() -> str:
    """Six digits that let one person take one alarm from one message."""
    return f"{secrets.randbelow(1_000_000):06d}"


def alarm_order(
    alarm: Alarm,
    recipient: Recipient,
    words: tuple[str, str],
    *,
    round_: int,
    kind: MessageKind = MessageKind.ALARM,
    may_take: bool = False,
) -> Order:
    """One message about an alarm to one person in one round."""
    order = Order(
        key=f"{about(alarm)}/{round_}/{recipient.person_id}",
        about=about(alarm),
        cause=about(alarm) if kind is MessageKind.ALARM else "",
        recipient=recipient,
        kind=kind,
        subject=words[0],
        text=words[1],
        in_danger=kind is MessageKind.ALARM,
        code=new_code() if may_take else "",
        is_first=True,
        urgency=rules.most_urgent_first(
            rules.Phase(alarm.phase), rules.AlarmKind(alarm.kind), alarm.due_at
        )[0],
        since_at=alarm.due_at,
    )
    return marked(alarm, order)


def marked(alarm: Alarm, order: Order) -> Order:
    """The order as it is for an alarm about people; for an exercise it is marked before all else,
    and goes after everything that is in earnest."""
    if alarm.kind not in rules.EXERCISES:
        return order
    words = texts.marked(alarm.kind, (order.subject, order.text), order.recipient)
    return replace(order, kind=MessageKind.EXERCISE, subject=words[0], text=words[1])


def _orders(
    alarm: Alarm, run: rules.Run, round_: int, scene: Scene, called: list[uuid.UUID]
) -> list[Order]:
    """The messages of a step: to its targets, and to those `called` in any case."""
    subject, roll, now = alarm.subject, scene.roll, scene.now
    party = set(subject.party)
    others = [target for target in run.targets if target is not Target.PARTY]
    watchers = recipients.resolve(others, subject, run.people, roll)
    if _rings_all(alarm, run):
        watchers += recipients.resolve(others, subject, run.people, roll.of_everybody())
        watchers = list(dict.fromkeys(watchers))
    watchers = [one for one in watchers if str(one.person_id) not in party]
    known = {one.person_id for one in watchers}
    watchers += [roll.people[k] for k in called if k in roll.people and k not in known]
    watchers = [one for one in watchers if one.person_id != run.spares or run.spares in called]
    orders = []
    if Target.PARTY in run.targets and run.is_first:
        watching = {one.person_id for one in watchers}
        orders = _to_party_and_buddy(alarm, round_, scene, without=watching)
    said = _step_words(alarm, run, now=now)
    for one in watchers:
        orders.append(alarm_order(alarm, one, said(one), round_=round_, may_take=True))
    if Target.KIN in run.targets and run.is_first:
        for kin, words in kin_news.first_words(alarm, recipients.kin_of(subject, roll), now=now):
            orders.append(alarm_order(alarm, kin, words, round_=round_))
    for kin in recipients.looking_in(subject, run.targets, roll) if run.is_first else ():
        words = say_to(kin, texts_acts.look_in)
        orders.append(alarm_order(alarm, kin, words, round_=round_))
    return orders


def _step_words(alarm: Alarm, run: rules.Run, *, now: dt.datetime) -> Callable[[Recipient], Words]:
    """What each reads of a step, and who has taken it alone of two."""
    if run.spares is None:
        return each_hears(partial(texts.step, alarm, run, taker="", now=now))
    taker = run.spares

    def words(names: Mapping[uuid.UUID, str]) -> Words:
        return texts.step(alarm, run, taker=names.get(taker, ""), now=now)

    return each_reads(read_as([taker]).to, words)


def _to_party_and_buddy(
    alarm: Alarm, round_: int, scene: Scene, *, without: set[uuid.UUID]
) -> list[Order]:
    """The party is asked, and with it the buddy who checks on them; a buddy who also keeps the
    watch hears it as such. Whoever is kept away from one of the party since is no buddy: the next
    step rings somebody else."""
    subject, roll = alarm.subject, scene.roll
    words = each_hears(partial(texts.to_party, alarm, now=scene.now))
    found = recipients.resolve((Target.PARTY,), subject, (), roll)
    orders = [alarm_order(alarm, one, words(one), round_=round_) for one in found]
    asked = {one.person_id for one in found} | without
    asked |= {uuid.UUID(key) for key in roll.away_from(subject.spoken_of)}
    if subject.buddy_id in roll.people and subject.buddy_id not in asked:
        buddy = roll.people[subject.buddy_id]
        asks = say_to(buddy, partial(texts.to_buddy, alarm, now=scene.now))
        orders.append(alarm_order(alarm, buddy, asks, round_=round_))
    return orders


def run_steps(
    page: Page, alarm: Alarm, run: rules.Run, facts: rules.AlarmFacts, scene: Scene
) -> dict[str, Any]:
    """Queue the messages of a step; a step that reaches nobody is followed by the next at once.
    Gives the alarm's new column values. The loop is bounded by the number of steps."""
    told: list[dict[str, Any]] = []
    round_, rises = alarm.round, run.rises
    # Whose acknowledgement this ends hears of it; the one of two, if nobody else is reached.
    called = [key for key in alarm.takers if key != run.spares or facts.impossible]
    facts = replace(
        facts,
        holder_id=None,  # a step that runs has ended the acknowledgement
        expires_at=None,
        hold_until=None,
        co_holder_id=run.spares,
        co_expires_at=facts.holds[run.spares] if run.spares else None,
    )
    last = len(rules.ladder(facts.plan, facts.times)) - 1
    while True:
        run, round_ = spared(silenced(run, alarm.kind), alarm.subject.ref), round_ + 1
        alarm.phase = run.phase
        news = not run.repeat or run.phase is not facts.phase or run.previous_reached_nobody
        orders = [replace(one, is_first=news) for one in _orders(alarm, run, round_, scene, called)]
        reached = _queue(page, alarm, orders, scene)
        told.append(_told(run, round_, orders, reached))
        watchers = any(order.code for order in reached)
        if run.index >= last and (run.previous_reached_nobody or not watchers):
            told[-1]["last_resort"] = _last_resort(page, alarm, run, round_, orders, scene)
        if watchers or run.index >= last or (reached and set(run.targets) == {Target.PARTY}):
            break
        facts = replace(
            facts,
            phase=run.phase,
            next_step=run.following,
            lapsed=False,
            ran_at=scene.now,
            impossible=True,
        )
        following = rules.decide_alarm(facts, now=scene.now)
        assert isinstance(following, rules.Run), "an impossible step is followed at once"
        run = following
        assert len(told) <= rules.STEPS_MAX, "a ladder has a last step"
    page.state(alarm=alarm.number, phase=run.phase, steps=told)
    return {
        "phase": run.phase,
        "next_step": run.following,
        "lapsed": False,
        "repeats": run.repeat,
        "last_resort": "last_resort" in told[-1],
        "round": round_,
        "wait_minutes": run.wait_minutes,
        "ran_at": scene.now,
        "hold_until": None,
        **({"held_step": -1} if rises else {}),  # it may be held again, as another step
        **UNTAKEN,
        "co_holder_id": facts.co_holder_id,
        "co_expires_at": facts.co_expires_at,
        "act_at": rules.next_look(run, facts, now=scene.now),
    }


def _told(run: rules.Run, round_: int, orders: list[Order], reached: list[Order]) -> dict[str, Any]:
    """What the logbook keeps of a step."""
    return {
        "step": run.index + 1,
        "round": round_,
        "targets": list(run.targets),
        "told": [order.recipient.person_id for order in orders],
        "reached": len(reached),
        "repeat": run.repeat,
        "skipped": run.skipped,
    }


def _rings_all(alarm: Alarm, run: rules.Run) -> bool:
    """Never for a silent alarm: whoever forces her may be the one whom it goes round."""
    return run.rings_all and alarm.kind != rules.AlarmKind.DURESS


def _last_resort(
    page: Page, alarm: Alarm, run: rules.Run, round_: int, told: list[Order], scene: Scene
) -> list[uuid.UUID]:
    """The last step reaches nobody who could act: everybody with a role is told."""
    known = {str(order.recipient.person_id) for order in told} | set(alarm.subject.party)
    known.add(str(run.spares))
    words = _step_words(alarm, run, now=scene.now)
    away = () if _rings_all(alarm, run) else scene.roll.away_from(alarm.subject.spoken_of)
    unknown = [key for key in scene.roll.everybody if str(key) not in known]
    people = [scene.roll.people[key] for key in unknown if key in scene.roll.people]
    others = [one for one in people if str(one.person_id) not in away]
    # Whoever is kept away is spared only by somebody who can be rung: an alarm is never lost.
    if any(one.reaches_now(now=scene.now, in_danger=True) for one in others):
        people = others
    orders = [alarm_order(alarm, one, words(one), round_=round_, may_take=True) for one in people]
    _queue(page, alarm, orders, scene)
    return [order.recipient.person_id for order in orders]


def _queue(page: Page, alarm: Alarm, orders: list[Order], scene: Scene) -> list[Order]:
    """Put the messages of a step into the outbox, in place of older ones that never got out; those
    that can reach somebody."""
    orders = [_and_why_late(order, alarm.subject, scene) for order in orders]
    tell(page, orders, now=scene.now)
    reached = [order for order in orders if usable(order, now=scene.now)]
    if alarm.round:
        replace_older(page, reached)
    kin_news.promise(page, alarm, orders)
    return reached


def _and_why_late(order: Order, subject: Subject, scene: Scene) -> Order:
    """What was missed while nobody watched says so."""
    if scene.outage is None:
        return order
    with spoken_to(order.recipient):
        words = texts_outage.why_late(scene.outage, zone=subject.zone, now=scene.now)
    return replace(order, said_once=words)


def remind(page: Page, deadline: Deadline, step: rules.Step, scene: Scene) -> None:
    """A reminder before the due time: one message to each of its targets."""
    words = each_hears(partial(texts.reminder, deadline, now=scene.now))
    targets = recipients.resolve(step.targets, deadline.subject, step.people, scene.roll)
    orders = [
        Order(
            key=f"deadline:{deadline.pk}/{deadline.next_step}/{one.person_id}",
            about=deadline.subject.ref,
            recipient=one,
            kind=MessageKind.REMINDER,
            subject=words(one)[0],
            text=words(one)[1],
            in_danger=True,
        )
        for one in targets
    ]
    orders = [_and_why_late(order, deadline.subject, scene) for order in orders]
    reached = tell(page, orders, now=scene.now)
    page.state(targets=list(step.targets), reached=reached, due_at=deadline.due_at)
