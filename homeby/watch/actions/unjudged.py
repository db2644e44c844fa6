"""What cannot be judged: it counts as missed, and is told as it is, with nothing that may be what
is broken (`RELIABILITY.md` 4)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from django.db import connection

from homeby.comms import queries as comms
from homeby.comms.actions.tell import tell
from homeby.comms.rules import usable
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book
from homeby.people.queries.apart import apart_from
from homeby.people.texts import each_hears
from homeby.watch import rules, texts
from homeby.watch.actions import own_alarms, recipients
from homeby.watch.actions.opening import new_alarm
from homeby.watch.actions.stepping import about, alarm_order
from homeby.watch.models import UNTAKEN, Alarm, Deadline
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineState

LOOK_AGAIN = dt.timedelta(minutes=1)


def locked(rows: Any) -> Any:
    """Lock rows; on PostgreSQL another watchkeeper's rows are skipped, on SQLite the transaction
    is alone anyway."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


def keep_ringing(book: Book, key: uuid.UUID) -> None:
    """An alarm that cannot be judged is told as it is, every five minutes, unless it has ended
    meanwhile, or for as long as somebody has it; the call-out time breaks that as ever."""
    still = Alarm.objects.filter(pk=key, state=AlarmState.OPEN).select_related("subject")
    alarm = locked(still).first()
    if alarm is None or own_alarms.put_off(book, alarm):
        return
    called_out, latest = alarm.call_out_at <= book.now, book.now + rules.EXPIRES_WITHIN
    held_until = min(alarm.expires_at or book.now, latest)  # else a clock set back since wrote it
    held_until = min(held_until, alarm.co_expires_at or held_until)
    if held_until > book.now and (not called_out or alarm.call_out_at <= alarm.taken_at):
        act_at = held_until if called_out else min(held_until, alarm.call_out_at)
        page = book.entry(rules.ALARM_WAITS, subject=alarm.subject.ref)
        page.change(alarm, act_at=act_at, expires_at=held_until, hold_until=None)
        return
    page = book.entry(
        rules.ALARM_STEPPED,
        subject=alarm.subject.ref,
        facts={"alarm": alarm.number, "trouble": "could not be judged"},
    )
    values = _tell_as_it_is(page, alarm)
    page.change(alarm, **values, **UNTAKEN, hold_until=None)


def open_as_it_is(book: Book, key: uuid.UUID, by_subject: dict[uuid.UUID, Alarm]) -> bool:
    """A deadline that cannot be judged counts as missed from its due time on, unless somebody was
    heard meanwhile. Before it only a reminder was due: that is tried again."""
    still = Deadline.objects.filter(pk=key, state=DeadlineState.OPEN).select_related("subject")
    deadline = locked(still).first()
    if deadline is None or own_alarms.put_off(book, deadline):
        return False
    if deadline.due_at > book.now:
        again_at = min(deadline.due_at, book.now + LOOK_AGAIN)
        page = book.entry(rules.ALARM_WAITS, subject=deadline.subject.ref)
        page.change(deadline, act_at=again_at)
        return False
    here = Alarm.objects.filter(subject_id=deadline.subject_id, state=AlarmState.OPEN)
    here = here.select_for_update(of=("self",)).select_related("subject")
    alarm = by_subject.get(deadline.subject_id) or here.first()
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


def _kept_away(party: Iterable[str]) -> set[str]:
    """Whom these are kept away from, as far as they are ids at all: that may be what is broken."""
    known = []
    for key in party:
        with suppress(ValueError):
            known.append(uuid.UUID(key))
    return {str(key) for keys in apart_from(known).values() for key in keys}


def _tell_as_it_is(page: logbook.Page, alarm: Alarm) -> dict[str, Any]:
    """Tell the officers; once they have been told, or if nothing reaches them, everybody with a
    role; but nobody about themselves, as long as there is somebody else. With nothing that may be
    what is broken: no plan, no times, no place. Gives the alarm's new column values."""
    now, round_ = page.book.now, alarm.round + 1
    roll = recipients.call_roll([], named=(), now=now)
    words = each_hears(partial(texts.as_it_is, alarm))
    told, party = comms.people_told([about(alarm)]), {str(key) for key in alarm.subject.party}
    party_and_away = party | _kept_away({*party, *map(str, alarm.subject.named)})
    officers = [key for key in roll.officers if key not in told and str(key) not in party_and_away]
    above = [key for key in roll.everybody if str(key) not in party_and_away]
    # Whoever is kept away is spared only by somebody who can be rung: an alarm is never lost.
    last = [key for key in roll.everybody if str(key) not in party]
    if alarm.kind != AlarmKind.DURESS:  # of that she never hears herself
        last = last or list(roll.everybody)
    untaken = alarm.repeats >= rules.ROUNDS_UNTAKEN
    for group in (last,) if untaken else (officers, above, last):
        orders = [
            alarm_order(alarm, one, words(one), round_=round_, may_take=True)
            for one in (roll.people[key] for key in group if key in roll.people)
        ]
        if any(usable(order, now=now) for order in orders):
            break
    tell(page, orders, now=now)
    act_at = now + dt.timedelta(minutes=5)
    if alarm.call_out_at > now:  # no wait reaches over the call-out time
        act_at = min(act_at, alarm.call_out_at)
    values = {"round": round_, "ran_at": now, "act_at": act_at}
    # Nobody is left above these: it is not followed at once where it reaches nobody.
    is_last = group is not officers
    return values | {"last_resort": is_last, "repeats": alarm.repeats + is_last}
