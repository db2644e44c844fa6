"""Somebody acted with her duress PIN: the act looks done, and an alarm opens, or rises, in DISTRESS
on a silent subject that she, her party, kin and the screens of the room never see. Always inside
the caller's open book; rows are locked in the order of `subjects`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial

from django.db.models import Q

from homeby.comms import queries as comms
from homeby.comms.actions.tell import cancel_queued, tell
from homeby.logbook.actions import Book, Page
from homeby.people.rules import Act
from homeby.people.texts import each_hears
from homeby.watch import rules, texts
from homeby.watch.actions import kin_news
from homeby.watch.actions.meeting import met, open_deadlines
from homeby.watch.actions.news import news_orders
from homeby.watch.actions.notices import keepers
from homeby.watch.actions.opening import open_in_distress
from homeby.watch.actions.stepping import about
from homeby.watch.actions.subjects import SubjectFacts, describe, raise_alarm
from homeby.watch.models import Alarm, Duress
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineKind
from homeby.watch.rules.duress import silent_ref


@dataclass(frozen=True, kw_only=True)
class Coerced:
    """Who acted with the duress PIN, what it looked like, where (empty: on their phone), when."""

    person_id: uuid.UUID
    who: str
    act: Act
    place: str
    happened_at: dt.datetime


def note(
    book: Book, ref: str, facts: SubjectFacts, coerced: Coerced, *, plan_id: uuid.UUID
) -> None:
    """Open the silent alarm beside the subject `ref`, or let it rise and ring anew. `facts` name
    the whole party: nobody of it is told, nor may take it."""
    alarm = _open_beside(ref)
    own = alarm.subject.ref if alarm is not None else silent_ref(ref)
    earlier = Duress.objects.filter(subject__ref=own).order_by("noted_at", "pk")
    named = [*earlier.values_list("who", flat=True), coerced.who]
    page = book.entry(rules.DURESS_NOTED, subject=own)
    subject = describe(page, own, replace(facts, title=", ".join(dict.fromkeys(named))[:300]))
    row = Duress(
        id=uuid.uuid4(),
        subject=subject,
        person_id=coerced.person_id,
        who=coerced.who,
        act=coerced.act,
        place=coerced.place,
        happened_at=coerced.happened_at,
        noted_at=book.now,
    )
    page.add(row)
    if alarm is not None:
        alarm.subject = subject
        raise_alarm(book, alarm, why="", kind=AlarmKind.DURESS)
    else:
        open_in_distress(book, subject, AlarmKind.DURESS, plan_id=plan_id)


def _open_beside(ref: str) -> Alarm | None:
    own = silent_ref(ref)
    rows = Alarm.objects.select_for_update(of=("self",)).select_related("subject")
    rows = rows.filter(Q(subject__ref=own) | Q(subject__ref__startswith=f"{own}/"))
    return rows.filter(state=AlarmState.OPEN).order_by("number").first()


def look_settled(book: Book, ref: str, facts: SubjectFacts, *, how: str) -> None:
    """In place of `subjects.settle`, where everybody is in and the last one came in by a duress
    PIN: nothing more is expected, the alarm that is open goes on in DISTRESS beside the mission,
    and whoever of the party, of kin and of the others does not keep the watch reads what a true
    sign-in would tell them."""
    met(book, ref, open_deadlines(ref).exclude(kind=DeadlineKind.KIN))
    alarms = Alarm.objects.filter(subject__ref=ref).select_related("subject")
    open_ones = alarms.select_for_update(of=("self",)).filter(state=AlarmState.OPEN)
    ended = alarms.filter(state=AlarmState.ENDED, ending=rules.Ending.STOOD_DOWN)
    heard: set[uuid.UUID] = set()
    for alarm in [*open_ones, *ended.order_by("-number")]:
        told = comms.people_told([about(alarm)]) - heard
        heard |= told
        page = book.entry(rules.DURESS_NOTED, subject=silent_ref(ref))
        _tell_the_others(page, alarm, told, facts.party, how=how)
        if alarm.state == AlarmState.OPEN:
            _go_on_beside(page, alarm, facts)


def _tell_the_others(
    page: Page, alarm: Alarm, told: set[uuid.UUID], party: Collection[str], *, how: str
) -> None:
    now, known = page.book.now, set(keepers(now=page.book.now))
    hear = {key for key in told if key not in known or str(key) in party}
    words = each_hears(partial(texts.good_news, alarm, how=how, now=now))
    part = f"end/{page.entry.entry_id}" if alarm.state == AlarmState.OPEN else "back"
    whom = [uuid.UUID(key) for key in party]
    orders = news_orders(alarm, hear, words, back=True, part=part, party=whom)
    orders = kin_news.at_the_end(alarm.subject, orders, back=True, now=now)
    written = comms.keys_written(order.key for order in orders)
    cancel_queued(page.book, about=about(alarm), why="signed in")
    tell(page, [order for order in orders if order.key not in written], now=now)


def _go_on_beside(page: Page, alarm: Alarm, facts: SubjectFacts) -> None:
    """The open alarm of a mission becomes its silent alarm, with its number and its history."""
    own = silent_ref(alarm.subject.ref)
    if Alarm.objects.filter(subject__ref=own, state=AlarmState.OPEN).exists():
        own = silent_ref(alarm.subject.ref, number=alarm.number)
    subject = describe(page, own, facts)
    page.change(alarm, subject_id=subject.pk, offered_to_id=None, offered_by_id=None)
    alarm.subject = subject
    raise_alarm(page.book, alarm, why="", kind=AlarmKind.DURESS)
