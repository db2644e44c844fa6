"""The canary: a party of the station itself that is missed every ten minutes by the real path.

Deadline row, tick, alarm, message, outbox, channel are those of people; what differs is that the
message goes to the loopback channel, that the station key ends the alarm, and that no person is
ever told, not even when its rows cannot be judged: the auditor notices that a round is wanting.
A round costs two entries, for decision and handing are two commits by promise 2; everything else
(the next due time, the end of the round before, the end of this one) rides along with them.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid

from django.utils.translation import gettext as _

from homeby.comms import queries as comms
from homeby.comms.actions import station_mail
from homeby.comms.actions.tell import replace_older, tell
from homeby.comms.rules import MessageKind, Order
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import STATION_KEY_ID
from homeby.people import queries as people
from homeby.watch import rules
from homeby.watch.actions import own_deadlines
from homeby.watch.actions.stepping import about
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineKind, Ending, Phase

log = logging.getLogger("homeby.watch")
PLAN_NAME = "Canary of the station"
#: No alarm of a person has this number: theirs are counted without gaps.
NUMBER = 0


def set_out(*, now: dt.datetime) -> bool:
    """Send the canary out for the first time, due at once. Says whether it was still at home."""
    return own_deadlines.set_out(
        DeadlineKind.CANARY,
        entry=rules.CANARY_SENT,
        ref=rules.CANARY_REF,
        plan_name=PLAN_NAME,
        title="Canary",
        now=now,
    )


def fall_overdue(book: Book, deadline: Deadline, open_one: Alarm | None) -> bool:
    """The canary is missed: an alarm with its message, and the next due time. A round that has not
    ended goes on with a new message. Says whether an alarm was opened."""
    now = book.now
    page = book.entry(
        rules.CANARY_MISSED, subject=rules.CANARY_REF, facts={"due_at": deadline.due_at}
    )
    act_at = now + rules.CANARY_LOOK_AGAIN
    alarm = open_one or _alarm(deadline, act_at=act_at, now=now)
    orders = [_order(alarm, round_=alarm.round + 1)]
    tell(page, orders, now=now)
    if open_one is not None:
        replace_older(page, orders)
        page.change(alarm, round=alarm.round + 1, act_at=act_at)
    due_at = rules.next_round(deadline.due_at, now=now)
    page.change(deadline, due_at=due_at, call_out_at=due_at, act_at=due_at)
    _through_every_class(page)
    if open_one is None:  # last: a bulk book takes a removal back only as a whole
        alarm.round = 1
        _forget_rounds(page)
        page.add(alarm)
    return open_one is None


def _alarm(deadline: Deadline, *, act_at: dt.datetime, now: dt.datetime) -> Alarm:
    return Alarm(
        id=uuid.uuid4(),
        number=NUMBER,
        subject=deadline.subject,
        plan_id=deadline.plan_id,
        kind=AlarmKind.CANARY,
        phase=Phase.UNCERTAINTY,
        state=AlarmState.OPEN,
        due_at=deadline.due_at,
        call_out_at=deadline.call_out_at,
        opened_at=now,
        act_at=act_at,
    )


def _order(alarm: Alarm, *, round_: int) -> Order:
    return Order(
        key=f"{about(alarm)}/{round_}/{STATION_KEY_ID}",
        about=about(alarm),
        cause=about(alarm),
        recipient=station_mail.recipient(station_mail.LOOPBACK),
        kind=MessageKind.CANARY,
        subject="Canary",
        text="The canary is overdue.",
    )


def _through_every_class(page: Page) -> None:
    """Once a night, a message through every channel class for which an address is set."""
    now, organisation = page.book.now, people.organisation()
    addresses = station_mail.addresses()
    if not addresses or organisation is None:
        return
    tried = comms.canary_tries()
    for name in rules.classes_due(addresses, tried=tried, now=now, zone=organisation.zone):
        station_mail.forget_tries(page, name)
        order = Order(
            key=f"{station_mail.about(name)}/{now.isoformat()}",
            about=station_mail.about(name),
            recipient=station_mail.recipient(name),
            kind=MessageKind.CANARY,
            subject=_("Homeby tries this channel: there is nothing to do"),
            text=_("Once a night Homeby sends a message through every channel, to see it work."),
        )
        tell(page, [order], now=now)


def _forget_rounds(page: Page) -> None:
    """Rows of rounds that have ended; the logbook keeps what they were."""
    for old in Alarm.objects.filter(kind=AlarmKind.CANARY, state=AlarmState.ENDED):
        station_mail.forget(page, about(old))
        page.remove(old)


def landed(page: Page, cause: str) -> None:
    """A channel took the canary's message: the round ends, in the entry that says so. A row that
    somebody else holds just now is left to `judge`."""
    alarms = Alarm.objects.select_for_update(skip_locked=True).filter(
        pk=cause.partition(":")[2], kind=AlarmKind.CANARY, state=AlarmState.OPEN
    )
    for alarm in alarms:
        _end(page, alarm)


def _end(page: Page, alarm: Alarm) -> None:
    page.change(
        alarm,
        state=AlarmState.ENDED,
        act_at=None,
        ended_at=page.book.now,
        ended_by_id=STATION_KEY_ID,
        ending=Ending.CANARY,
    )


def judge(book: Book, alarm: Alarm, handing: comms.Handing | None) -> bool:
    """Look at a round again: it ends if its message was handed; else it waits for the next one."""
    if handing is not None and handing.first_handed_at is not None:
        _end(book.entry(rules.CANARY_ENDED, subject=rules.CANARY_REF), alarm)
        return True
    if alarm.act_at is not None and alarm.act_at <= book.now:
        put_off(book, alarm)
    return False


def put_off(book: Book, row: Alarm | Deadline) -> bool:
    """Look at a row of the canary's later, and tell nobody. Says whether it was one."""
    if row.kind != AlarmKind.CANARY and row.kind != DeadlineKind.CANARY:
        return False
    page = book.entry(rules.CANARY_PUT_OFF, subject=rules.CANARY_REF)
    page.change(row, act_at=book.now + rules.CANARY_EVERY)
    return True
