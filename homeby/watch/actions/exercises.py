"""What drills and weekly tests share: they yield to what is in earnest, and the station key ends
them."""

from __future__ import annotations

import datetime as dt

from homeby.comms.actions.tell import cancel_queued
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import STATION_KEY_ID
from homeby.watch import rules
from homeby.watch.actions.stepping import about
from homeby.watch.models import UNTAKEN, Alarm, Deadline
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineKind, DeadlineState, Ending, Phase


def in_earnest() -> list[Alarm]:
    """Of the open alarms about people the one that opened last, and one for which help is called.
    Two queries."""
    found = Alarm.objects.filter(state=AlarmState.OPEN).exclude(kind__in=rules.OWN_ALARMS)
    newest = found.order_by("-opened_at").first()
    grave = found.exclude(phase=Phase.UNCERTAINTY).order_by("opened_at").first()
    return [one for one in (newest, grave) if one is not None]


def yields(book: Book, *, began_at: dt.datetime) -> bool:
    """Whether an exercise that began then stops for an alarm about people."""
    found = book.scratch("in earnest", in_earnest)
    return any(
        rules.stops_exercise(
            Phase(one.phase), AlarmKind(one.kind), one.opened_at, began_at=began_at
        )
        for one in found
    )


def end(page: Page, alarm: Alarm, *, why: str) -> None:
    """The station key ends an exercise, and takes back what is queued of it."""
    cancel_queued(page.book, about=about(alarm), why=why)
    page.change(
        alarm,
        state=AlarmState.ENDED,
        act_at=None,
        ended_at=page.book.now,
        ended_by_id=STATION_KEY_ID,
        ending=Ending.EXERCISE,
        end_reason=why[:1000],
        **UNTAKEN,
        offered_to_id=None,
        offered_by_id=None,
    )


def may_end(book: Book) -> bool:
    """One exercise ends in a look: the messages of several, locked one alarm after the other, could
    wait for a round of deliveries that waits for them."""
    ended = book.scratch("exercises ended", list)
    ended.append(True)
    return len(ended) == 1


def put_off(book: Book, deadline: Deadline) -> None:
    """A deadline of the station's own that could not be judged: a drill does not begin, the weekly
    tests are looked through an hour later."""
    page = book.entry(rules.ALARM_WAITS, subject=deadline.subject.ref)
    if deadline.kind == DeadlineKind.EXERCISE:
        cancelled = DeadlineState.CANCELLED
        page.change(deadline, state=cancelled, act_at=None, ended_at=book.now)
    else:
        page.change(deadline, act_at=book.now + dt.timedelta(hours=1))
